"""Warm time from an operation and its parameters to the plan of its checks, in microseconds.

    python benchmarks/access.py [--calls 2000] [--rounds 5]

The best round of each counts; one thread.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from iamsim.plan import plan

ROLE = "arn:aws:iam::000000000000:role/r"
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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for service, operation, params in CALLS:
        checks = plan(service, operation, params)
        best = min(_round(service, operation, params, options.calls) for _ in range(options.rounds))
        print(f"{service + ' ' + operation:26} {len(checks):2} checks {best * 1e6:8.1f} µs")


def _round(service: str, operation: str, params: dict[str, Any], calls: int) -> float:
    started = time.perf_counter()
    for _ in range(calls):
        plan(service, operation, params)
    return (time.perf_counter() - started) / calls


if __name__ == "__main__":
    main()
