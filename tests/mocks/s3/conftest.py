"""A simulator with S3 clients for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from iamsim import Simulator, mock_aws
from iamsim.cloud import Credential
from iamsim.policy.principal import Principal

OTHER_ACCOUNT = "210987654321"


@pytest.fixture
def aws() -> Iterator[Simulator]:
    with mock_aws() as simulator:
        yield simulator


@pytest.fixture
def s3(aws: Simulator) -> Any:
    return boto3.client("s3", region_name="us-east-1")


@pytest.fixture
def bucket(s3: Any) -> str:
    s3.create_bucket(Bucket="my-bucket")
    return "my-bucket"


@pytest.fixture
def versioned(s3: Any, bucket: str) -> str:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


@pytest.fixture
def root_of(aws: Simulator) -> Callable[[str], Any]:
    """Gives an S3 client of the root user of an account."""

    def client(account: str = OTHER_ACCOUNT) -> Any:
        key = f"AKIAROOT{account}"
        aws.cloud.credentials[key] = Credential(key, f"secret of {account}", Principal.root(account))
        return boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=f"secret of {account}"
        )

    return client
