"""Warm time from an operation and its parameters to what it must be allowed, with condition keys, in microseconds.

    python benchmarks/access.py [--calls 2000] [--rounds 5]

First as `authorize-plan` says it, then live, for calls of a user on resources that are there: what the call needs, and
the context of each decision. The best round of each counts; one thread.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

from iamsim import Simulator
from iamsim.authorization.access import required
from iamsim.authorization.context import access_context, request_context
from iamsim.authorization.gather import owner_of
from iamsim.plan import plan
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.reference.service_model import service_model
from iamsim.request import Call, HttpRequest, Operation

ACCOUNT = "123456789012"
REGION = "us-east-1"
ROLE = "arn:aws:iam::000000000000:role/r"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q"
ITEM = {"pk": {"S": "a"}}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("lambda", "Invoke", {"FunctionName": "f"}),
    ("kinesis", "PutRecord", {"StreamName": "s", "Data": "eA==", "PartitionKey": "p"}),
    ("sns", "Publish", {"TopicArn": "arn:aws:sns:us-east-1:000000000000:t", "Message": "m"}),
    ("ssm", "GetParameter", {"Name": "/a/b"}),
    ("sqs", "SendMessage", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/q", "MessageBody": "m"}),
    ("s3", "GetObject", {"Bucket": "b", "Key": "k"}),
    ("dynamodb", "GetItem", {"TableName": "t", "Key": {"pk": {"S": "a"}}}),
    ("iam", "GetRole", {"RoleName": "r"}),
    ("s3", "CopyObject", {"Bucket": "b", "Key": "k", "CopySource": "a/k"}),
    ("lambda", "CreateFunction", {"FunctionName": "f", "Role": ROLE, "Code": {}, "Tags": {"a": "b"}}),
    ("ec2", "RunInstances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1, "SubnetId": "subnet-1"}),
]
MADE: list[tuple[str, str, dict[str, Any]]] = [  # what the live calls find
    ("sqs", "CreateQueue", {"QueueName": "q", "tags": {"team": "a"}}),
    ("s3", "CreateBucket", {"Bucket": "bench"}),
    (
        "dynamodb",
        "CreateTable",
        {
            "TableName": "items",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
    ),
    ("iam", "CreateUser", {"UserName": "u"}),
]
LIVE: list[tuple[str, str, dict[str, Any]]] = [
    ("sqs", "SendMessage", {"QueueUrl": QUEUE, "MessageBody": "m"}),
    ("sqs", "CreateQueue", {"QueueName": "r", "tags": {"team": "a"}}),
    ("s3", "GetObject", {"Bucket": "bench", "Key": "k"}),
    ("s3", "PutObject", {"Bucket": "bench", "Key": "k"}),
    ("dynamodb", "GetItem", {"TableName": "items", "Key": ITEM}),
    ("dynamodb", "PutItem", {"TableName": "items", "Item": ITEM}),
    ("iam", "GetUser", {"UserName": "u"}),
    ("ec2", "DescribeInstances", {}),
    ("lambda", "Invoke", {"FunctionName": "f"}),
]
USER = f"arn:aws:iam::{ACCOUNT}:user/u"
CALLER = Principal(PrincipalKind.USER, ACCOUNT, USER, "AIDA", entity_arn=USER)
SIGNED = HttpRequest(
    "POST",
    "amazonaws.com",
    "/",
    headers={
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request",
        "user-agent": "Boto3",
        "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
        "x-amz-date": "20260101T000000Z",
    },
)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print("planned")
    for service, operation, params in CALLS:
        checks = plan(service, operation, params)
        _tell(service, operation, len(checks), lambda: plan(service, operation, params), options)  # noqa: B023
    print("live")
    for call in _live():
        name = call.operation
        _tell(name.service, name.name, len(_needed(call)), lambda: _needed(call), options)  # noqa: B023


def _tell(service: str, operation: str, checks: int, run: Callable[[], Any], options: argparse.Namespace) -> None:
    best = min(_round(run, options.calls) for _ in range(options.rounds))
    print(f"{service + ' ' + operation:26} {checks:2} checks {best * 1e6:8.1f} µs")


def _round(run: Callable[[], Any], calls: int) -> float:
    started = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - started) / calls


def _live() -> Iterator[Call]:
    backend = Simulator(account=ACCOUNT).pipeline.backend
    for service, operation, params in MADE:
        backend.run(backend.locate(_operation(service, operation), params, CALLER, SIGNED))
    for service, operation, params in LIVE:
        yield backend.locate(_operation(service, operation), params, CALLER, SIGNED)


def _operation(service: str, name: str) -> Operation:
    model = service_model(service).operation_model(name)
    return Operation(service, name, model.service_model.protocol, REGION, "aws", model)


def _needed(call: Call) -> list[dict[str, Any]]:
    """The context of each decision that the call takes."""
    shared = request_context(call)
    return [access_context(call, shared, each, owner_of(call, each)) for each in required(call)]


if __name__ == "__main__":
    main()
