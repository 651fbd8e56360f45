"""A small order service, as a team would write it: plain boto3, no word of iamsim."""

from __future__ import annotations

import json
from typing import Any

import boto3

S3 = boto3.client("s3", region_name="us-east-1")
SQS = boto3.client("sqs", region_name="us-east-1")


class OrderFailed(Exception):
    """An order could not be taken."""


def place(order: dict[str, Any]) -> str:
    """Store the order and announce it; its key."""
    key = f"2026/{order['id']}.json"
    S3.put_object(Bucket="orders", Key=key, Body=json.dumps(order).encode())
    url = SQS.get_queue_url(QueueName="shipping")["QueueUrl"]
    SQS.send_message(QueueUrl=url, MessageBody=key)
    return key


def read(key: str) -> dict[str, Any]:
    """The order of that key. Raises OrderFailed if it cannot be read."""
    try:
        found: dict[str, Any] = json.loads(S3.get_object(Bucket="orders", Key=key)["Body"].read())
    except S3.exceptions.ClientError as error:
        raise OrderFailed(key) from error
    return found


def forget(key: str) -> None:
    """Delete the order."""
    S3.delete_object(Bucket="orders", Key=key)
