"""A simulator with a bucket, a queue and a user, for the tests of what testers use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from iamsim import Simulator, mock_aws
from iamsim.kit.loader import load_service
from iamsim.testing import user
from iamsim.testing.acting import Actor
from tests.testing.runs import ARRANGED, QUIET, Run

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


@pytest.fixture(scope="module")
def loaded() -> None:
    """The services and clients that pytest runs inside a test use, loaded before: a run forgets what it has loaded."""
    for service in ("dynamodb", "ec2", "iam", "s3", "sqs", "sts"):
        load_service(service)
        boto3.client(service, region_name="us-east-1")


@pytest.fixture
def run(loaded: None, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pytest, in this process, on code that follows what is arranged."""
    monkeypatch.delenv("INITIAL_NO_AUTH_ACTION_COUNT", raising=False)

    def run_it(code: str, *options: str, **files: str) -> pytest.RunResult:
        for name, text in files.items():
            pytester.makefile(".ini" if name == "pytest" else ".py", **{name: text})
        pytester.makepyfile(ARRANGED + code)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *QUIET, *options)

    return run_it
