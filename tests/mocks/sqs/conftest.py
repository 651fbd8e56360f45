"""A simulated AWS whose time stands still until a test moves it, and a client for its SQS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import Simulator, mock_aws
from iamsim.clock import Clock
from tests.mocks.iam.answers import only_known_members

__all__ = ["only_known_members"]

NOW = 1_700_000_000.0
Refused = Callable[..., tuple[str, str]]


@pytest.fixture
def aws() -> Iterator[Simulator]:
    with mock_aws() as simulator:
        simulator.cloud.clock = Clock(at=NOW)
        yield simulator


@pytest.fixture
def clock(aws: Simulator) -> Clock:
    return aws.cloud.clock


@pytest.fixture
def sqs(aws: Simulator) -> Any:
    return boto3.client("sqs", region_name="us-east-1")


@pytest.fixture
def url(sqs: Any) -> str:
    """A standard queue."""
    queue_url: str = sqs.create_queue(QueueName="orders")["QueueUrl"]
    return queue_url


@pytest.fixture
def fifo(sqs: Any) -> str:
    """A FIFO queue."""
    queue_url: str = sqs.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    return queue_url


@pytest.fixture
def refused() -> Refused:
    """Makes a call that AWS refuses: the error's code and message."""

    def refused(operation: Callable[..., Any], **params: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as raised:
            operation(**params)
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]

    return refused


def received(sqs: Any, url: str, limit: int = 10, **params: Any) -> list[dict[str, Any]]:
    """The messages of one ReceiveMessage."""
    messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=limit, **params).get(
        "Messages", []
    )
    return messages


def bodies(sqs: Any, url: str, limit: int = 10, **params: Any) -> list[str]:
    """The bodies of the messages of one ReceiveMessage."""
    return [message["Body"] for message in received(sqs, url, limit, **params)]


def counts(sqs: Any, url: str) -> tuple[int, int, int]:
    """How many messages are visible, in flight and delayed."""
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    names = ("", "NotVisible", "Delayed")
    visible, hidden, delayed = (int(attributes[f"ApproximateNumberOfMessages{name}"]) for name in names)
    return visible, hidden, delayed
