"""A simulated AWS for every test of IAM and STS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from iamsim import Simulator, mock_aws
from tests.mocks.iam.answers import only_known_members

__all__ = ["only_known_members"]


@pytest.fixture(autouse=True)
def aws() -> Iterator[Simulator]:
    with mock_aws() as simulator:
        yield simulator


@pytest.fixture
def iam(aws: Simulator) -> Any:
    return boto3.client("iam")


@pytest.fixture
def sts(aws: Simulator) -> Any:
    return boto3.client("sts", region_name="us-east-1")
