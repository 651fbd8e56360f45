#!/usr/bin/env bash
# The AWS CLI against a running server: aws_cli.sh <aws executable> <server's URL>. Says `all as expected` at its end.
set -euo pipefail
AWS=$1
export AWS_ENDPOINT_URL=$2 AWS_DEFAULT_REGION=eu-central-1 AWS_PAGER= AWS_CONFIG_FILE=/dev/null
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_SHARED_CREDENTIALS_FILE=/dev/null
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

expect() { # expect <what> <wanted> <found>
    if [[ "$3" != *"$2"* ]]; then echo "$1: wanted $2, found $3"; exit 1; fi
}
enforce() { curl -fsS -o /dev/null -X PUT -d "{\"enforce\": \"$1\"}" "$AWS_ENDPOINT_URL/_iamsim/enforcement"; }

# arranged unchecked
"$AWS" s3 mb s3://cli-bucket >/dev/null
head -c 9000000 /dev/zero >"$WORK/large" # the CLI sends more than 8 MB in parts
"$AWS" s3 cp --no-progress "$WORK/large" "s3://cli-bucket/in parts/large" >/dev/null
"$AWS" dynamodb create-table --table-name orders --billing-mode PAY_PER_REQUEST \
    --key-schema AttributeName=id,KeyType=HASH --attribute-definitions AttributeName=id,AttributeType=S >/dev/null
QUEUE=$("$AWS" sqs create-queue --queue-name cli-queue --query QueueUrl --output text)
"$AWS" iam create-user --user-name cli >/dev/null
"$AWS" iam put-user-policy --user-name cli --policy-name some --policy-document '{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::cli-bucket/*"},
    {"Effect": "Allow", "Action": ["dynamodb:PutItem", "sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": "*"}]}'
KEYS=$("$AWS" iam create-access-key --user-name cli --query AccessKey.[AccessKeyId,SecretAccessKey] --output text)

# used with IAM enforced
read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY <<<"$KEYS"
enforce always
trap 'rm -rf "$WORK"; enforce never' EXIT
expect "sts get-caller-identity" ":user/cli" "$("$AWS" sts get-caller-identity --query Arn --output text)"
"$AWS" s3 cp --no-progress "s3://cli-bucket/in parts/large" "$WORK/back" >/dev/null
cmp "$WORK/large" "$WORK/back"
echo "hello" | "$AWS" s3 cp - "s3://cli-bucket/a+b//ü" >/dev/null
expect "s3 presign" "hello" "$(curl -fsS "$("$AWS" s3 presign "s3://cli-bucket/a+b//ü")")"
"$AWS" dynamodb put-item --table-name orders --item '{"id": {"S": "1"}}'
"$AWS" sqs send-message --queue-url "$QUEUE" --message-body hello >/dev/null
expect "sqs receive-message" "hello" "$("$AWS" sqs receive-message --queue-url "$QUEUE")"
DENIED=$("$AWS" dynamodb get-item --table-name orders --key '{"id": {"S": "1"}}' 2>&1 || true)
expect "dynamodb get-item" "AccessDenied" "$DENIED"
expect "dynamodb get-item" "no identity-based policy allows the dynamodb:GetItem action" "$DENIED"
echo "all as expected"
