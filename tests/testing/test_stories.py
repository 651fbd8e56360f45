"""What people build on such a library: several services in one story, through boto3 as a program would."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
import requests
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from iamsim import enable_iam_authentication, mock_aws

REGION = "us-east-1"


@pytest.fixture(autouse=True)
def aws() -> Any:
    with mock_aws() as simulator:
        yield simulator


def make_table(name: str = "orders") -> Any:
    return boto3.resource("dynamodb", region_name=REGION).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def ship_pending_orders(table: Any, queue: Any) -> int:
    """A workflow: scan for pending orders, send each to a queue, mark it as sent."""
    pending = table.scan(FilterExpression=Attr("state").eq("pending"))["Items"]
    for order in pending:
        queue.send_message(MessageBody=json.dumps({"id": order["id"]}))
        table.update_item(
            Key={"id": order["id"]},
            UpdateExpression="SET #s = :sent, attempts = if_not_exists(attempts, :zero) + :one",
            ConditionExpression=Attr("state").eq("pending"),
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":sent": "sent", ":zero": 0, ":one": 1},
        )
    return len(pending)


def test_a_workflow_over_a_table_and_a_queue() -> None:
    table = make_table()
    queue = boto3.resource("sqs", region_name=REGION).create_queue(QueueName="shipping")
    with table.batch_writer() as batch:
        for number in range(40):
            batch.put_item(Item={"id": f"o-{number}", "state": "pending" if number % 4 == 0 else "done"})
    assert ship_pending_orders(table, queue) == 10
    assert ship_pending_orders(table, queue) == 0
    received: set[str] = set()
    while messages := queue.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            received.add(json.loads(message.body)["id"])
            message.delete()
    assert received == {f"o-{number}" for number in range(0, 40, 4)}
    assert table.get_item(Key={"id": "o-4"})["Item"] == {"id": "o-4", "state": "sent", "attempts": 1}
    assert len(table.query(KeyConditionExpression=Key("id").eq("o-5"))["Items"]) == 1


def test_a_conditional_put_that_fails() -> None:
    table = make_table()
    table.put_item(Item={"id": "1"}, ConditionExpression="attribute_not_exists(id)")
    with pytest.raises(ClientError) as raised:
        table.put_item(Item={"id": "1"}, ConditionExpression="attribute_not_exists(id)")
    assert raised.value.response["Error"] == {
        "Code": "ConditionalCheckFailedException",
        "Message": "The conditional request failed",
    }
    client = table.meta.client
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        table.delete_item(Key={"id": "1"}, ConditionExpression=Attr("missing").exists())


def handle_s3_event(event: dict[str, Any], s3: Any) -> list[str]:
    """A Lambda function as people write it: reads each object that the event names."""
    found = []
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        found.append(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
    return found


def test_an_s3_event_handler_reads_its_object() -> None:
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="uploads")
    s3.put_object(Bucket="uploads", Key="in/report.csv", Body=b"a,b\n1,2\n")
    event = {"Records": [{"s3": {"bucket": {"name": "uploads"}, "object": {"key": "in/report.csv"}}}]}
    assert handle_s3_event(event, s3) == ["a,b\n1,2\n"]
    event["Records"][0]["s3"]["object"]["key"] = "in/missing.csv"
    with pytest.raises(s3.exceptions.NoSuchKey):
        handle_s3_event(event, s3)


def test_the_handlers_role_may_read_only_its_prefix(aws: Any) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="uploads")
    for key in ("in/report.csv", "out/report.csv"):
        s3.put_object(Bucket="uploads", Key=key, Body=b"text")
    session = session_of_a_role(
        "handler", [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::uploads/in/*"}]
    )
    client = session.client("s3", region_name=REGION)
    event = {"Records": [{"s3": {"bucket": {"name": "uploads"}, "object": {"key": "in/report.csv"}}}]}
    with enable_iam_authentication():
        assert handle_s3_event(event, client) == ["text"]
        event["Records"][0]["s3"]["object"]["key"] = "out/report.csv"
        with pytest.raises(ClientError) as raised:
            handle_s3_event(event, client)
    assert raised.value.response["Error"]["Code"] == "AccessDenied"
    assert raised.value.response["Error"]["Message"] == (
        "User: arn:aws:sts::123456789012:assumed-role/handler/test is not authorized to perform: s3:GetObject "
        'on resource: "arn:aws:s3:::uploads/out/report.csv" because no identity-based policy allows '
        "the s3:GetObject action"
    )
    assert [decision.allowed for decision in aws.decisions] == [True, False]
    assert "in/*" in aws.decisions[-1].explain()  # the nearest miss is named


def test_presigned_urls_work_as_their_signer_may() -> None:
    boto3.client("s3", region_name=REGION).create_bucket(Bucket="uploads")
    session = session_of_a_role(
        "uploader", [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::uploads/*"}]
    )
    client = session.client("s3", region_name=REGION)
    put = client.generate_presigned_url("put_object", Params={"Bucket": "uploads", "Key": "a b/ü.txt"})
    get = client.generate_presigned_url("get_object", Params={"Bucket": "uploads", "Key": "a b/ü.txt"})
    with enable_iam_authentication():
        assert requests.put(put, data=b"body", timeout=5).status_code == 200
        answer = requests.get(get, timeout=5)
        assert answer.status_code == 403
        assert "<Code>AccessDenied</Code>" in answer.text
        tampered = requests.put(put.replace("uploads", "upload5", 1), data=b"body", timeout=5)
        assert tampered.status_code == 403
        assert "<Code>SignatureDoesNotMatch</Code>" in tampered.text
    assert requests.get(get, timeout=5).content == b"body"  # nothing is enforced here


def session_of_a_role(name: str, statements: list[dict[str, Any]]) -> Any:
    """A boto3 session of a new role with these permissions."""
    iam = boto3.client("iam", region_name=REGION)
    trust = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document([trust]))
    iam.put_role_policy(RoleName=name, PolicyName="permissions", PolicyDocument=document(statements))
    credentials = boto3.client("sts", region_name=REGION).assume_role(
        RoleArn=f"arn:aws:iam::123456789012:role/{name}", RoleSessionName="test"
    )["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def document(statements: list[dict[str, Any]]) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
