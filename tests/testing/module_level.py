"""A module as users write them: its client is made when it is imported, before any mock starts."""

from __future__ import annotations

import boto3

SQS = boto3.client("sqs", region_name="us-east-1", aws_access_key_id="early", aws_secret_access_key="early")


def names() -> list[str]:
    """The names of the queues there are."""
    return [url.rsplit("/", 1)[-1] for url in SQS.list_queues().get("QueueUrls", [])]
