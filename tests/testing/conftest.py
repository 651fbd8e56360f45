"""A simulator with a bucket, a queue and a user, for the tests of what testers use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from iamsim import Simulator, mock_aws
from iamsim.testing import user
from iamsim.testing.acting import Actor

READS = {"Sid": "Reads", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}
NO_DELETES = {"Sid": "NoDeletes", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}
ALL_OF_S3 = {"Sid": "All", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
ORDER = "arn:aws:s3:::orders/1"


@pytest.fixture
def aws() -> Iterator[Simulator]:
    with mock_aws() as simulator:
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="orders")
        s3.put_object(Bucket="orders", Key="1", Body=b"42")
        yield simulator


@pytest.fixture
def s3(aws: Simulator) -> Any:
    """A default client, made while nobody acts."""
    return boto3.client("s3", region_name="us-east-1")


@pytest.fixture
def alice(aws: Simulator) -> Actor:
    """May read everything of S3."""
    return user("alice", {"reads": READS})
