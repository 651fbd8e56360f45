"""A simulated AWS whose time stands still until a test moves it, and clients for its DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from iamsim import Simulator, mock_aws
from iamsim.clock import Clock

NOW = 1_700_000_000.0


@pytest.fixture
def aws() -> Iterator[Simulator]:
    with mock_aws() as simulator:
        simulator.cloud.clock = Clock(at=NOW)
        yield simulator


@pytest.fixture
def clock(aws: Simulator) -> Clock:
    return aws.cloud.clock


@pytest.fixture
def client(aws: Simulator) -> Any:
    return boto3.client("dynamodb", region_name="us-east-1")


@pytest.fixture
def resource(aws: Simulator) -> Any:
    return boto3.resource("dynamodb", region_name="us-east-1")
