"""The world of the tests: a bucket, a queue, the service's role and an auditor."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from iamsim.testing import Actor, role, user

POLICIES = Path(__file__).parents[1] / "policies"


@pytest.fixture(scope="session")
def service(iamsim_session: object) -> Actor:
    """The role of the order service."""
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="orders")
    boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="shipping")
    return role(
        "order-service",
        POLICIES / "order-service.json",
        trusts="lambda.amazonaws.com",
        boundary=POLICIES / "boundary.yaml",
    )


@pytest.fixture(scope="session")
def auditor(iamsim_session: object) -> Actor:
    """Somebody who only reads."""
    return user("auditor", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
