#!/usr/bin/env bash
# The AWS CLI against a running server: aws_cli.sh <aws executable> <server's URL>. Says `all as expected` at its end.
set -euo pipefail
EXECUTABLE=$1 URL=$2
export AWS_DEFAULT_REGION=eu-central-1 AWS_PAGER= AWS_CONFIG_FILE=/dev/null
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_SHARED_CREDENTIALS_FILE=/dev/null
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# not by AWS_ENDPOINT_URL: version 1 of the CLI sends SQS calls to AWS in spite of it
aws() { "$EXECUTABLE" --endpoint-url "$URL" "$@"; }
expect() { # expect <what> <wanted> <found>
    if [[ "$3" != *"$2"* ]]; then echo "$1: wanted $2, found $3"; exit 1; fi
}
enforce() { curl -fsS -o /dev/null -X PUT -d "{\"enforce\": \"$1\"}" "$URL/_iamsim/enforcement"; }

# arranged unchecked
aws s3 mb s3://cli-bucket >/dev/null
head -c 9000000 /dev/zero >"$WORK/large" # the CLI sends more than 8 MB in parts
aws s3 cp --no-progress "$WORK/large" "s3://cli-bucket/in parts/large" >/dev/null
aws dynamodb create-table --table-name orders --billing-mode PAY_PER_REQUEST \
    --key-schema AttributeName=id,KeyType=HASH --attribute-definitions AttributeName=id,AttributeType=S >/dev/null
QUEUE=$(aws sqs create-queue --queue-name cli-queue --query QueueUrl --output text)
aws iam create-user --user-name cli >/dev/null
aws iam put-user-policy --user-name cli --policy-name some --policy-document '{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::cli-bucket/*"},
    {"Effect": "Allow", "Action": ["dynamodb:PutItem", "sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": "*"}]}'
KEYS=$(aws iam create-access-key --user-name cli --query AccessKey.[AccessKeyId,SecretAccessKey] --output text)
aws iam create-role --role-name cli --assume-role-policy-document '{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}' >/dev/null
aws iam create-instance-profile --instance-profile-name cli >/dev/null
aws iam add-role-to-instance-profile --instance-profile-name cli --role-name cli
IMAGE=$(aws ec2 describe-images --query "Images[0].ImageId" --output text)
INSTANCE=$(aws ec2 run-instances --image-id "$IMAGE" --iam-instance-profile Name=cli \
    --metadata-options HttpTokens=required --query "Instances[0].InstanceId" --output text)
curl -fsS -o /dev/null -X PUT -d "{\"instance\": \"$INSTANCE\"}" "$URL/_iamsim/instance"

# used with IAM enforced
read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY <<<"$KEYS"
enforce always
trap 'rm -rf "$WORK"; enforce never' EXIT
expect "sts get-caller-identity" ":user/cli" "$(aws sts get-caller-identity --query Arn --output text)"
aws s3 cp --no-progress "s3://cli-bucket/in parts/large" "$WORK/back" >/dev/null
cmp "$WORK/large" "$WORK/back"
echo "hello" | aws s3 cp - "s3://cli-bucket/a+b//ü" >/dev/null
expect "s3 presign" "hello" "$(curl -fsS "$(aws s3 presign "s3://cli-bucket/a+b//ü")")"
aws dynamodb put-item --table-name orders --item '{"id": {"S": "1"}}'
aws sqs send-message --queue-url "$QUEUE" --message-body hello >/dev/null
expect "sqs receive-message" "hello" "$(aws sqs receive-message --queue-url "$QUEUE")"
DENIED=$(aws dynamodb get-item --table-name orders --key '{"id": {"S": "1"}}' 2>&1 || true)
expect "dynamodb get-item" "AccessDenied" "$DENIED"
expect "dynamodb get-item" "no identity-based policy allows the dynamodb:GetItem action" "$DENIED"
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
export AWS_EC2_METADATA_SERVICE_ENDPOINT="$URL/"
expect "instance metadata" "assumed-role/cli/$INSTANCE" "$(aws sts get-caller-identity --query Arn --output text)"
echo "all as expected"
