"""A simulated EC2 with the usual names of its clients, and a refusal as a pair of code and message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import mock_aws
from tests.mocks.iam.answers import only_known_members

__all__ = ["only_known_members"]

REGION = "us-east-1"


@pytest.fixture
def ec2() -> Iterator[Any]:
    """A client in us-east-1."""
    with mock_aws():
        yield boto3.client("ec2", region_name=REGION)


@pytest.fixture
def resource(ec2: Any) -> Any:
    """boto3's resources of the same simulator."""
    return boto3.resource("ec2", region_name=REGION)


@pytest.fixture
def image(ec2: Any) -> str:
    """The id of an image of Amazon Linux 2023 for x86_64."""
    found = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023-*-x86_64"]}])
    return str(found["Images"][0]["ImageId"])


@pytest.fixture
def run(ec2: Any, image: str) -> Callable[..., list[dict[str, Any]]]:
    """Runs instances of type t3.micro and gives what the reply says of them."""

    def run(count: int = 1, **others: Any) -> list[dict[str, Any]]:
        request = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": count, "MaxCount": count} | others
        return list(ec2.run_instances(**request)["Instances"])

    return run


@pytest.fixture
def refusal() -> Callable[..., tuple[str, str]]:
    """The code and message with which a call is refused."""

    def refusal(function: Callable[..., Any], **params: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            function(**params)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return refusal
