"""StartMessageMoveTask and its kin: messages of a dead-letter queue go back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamsim.clock import Clock

from .conftest import NOW, Refused, bodies, counts, received

ARN = "arn:aws:sqs:us-east-1:123456789012"
DEAD = f"{ARN}:dead"


@pytest.fixture
def dead(sqs: Any, url: str) -> str:
    """A dead-letter queue with five messages of the queue `url`."""
    queue_url: str = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": 1})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
    for index in range(5):
        sqs.send_message(QueueUrl=url, MessageBody=str(index))
    received(sqs, url, VisibilityTimeout=0)
    assert received(sqs, url) == []
    return queue_url


def latest(sqs: Any) -> dict[str, Any]:
    """The latest task of the dead-letter queue."""
    task: dict[str, Any] = sqs.list_message_move_tasks(SourceArn=DEAD)["Results"][0]
    return task


def test_messages_go_back_as_new_ones(sqs: Any, url: str, dead: str, clock: Clock) -> None:
    before = {message["MessageId"] for message in received(sqs, dead, VisibilityTimeout=0)}
    clock.advance(100)
    sqs.start_message_move_task(SourceArn=DEAD)
    assert (counts(sqs, dead), counts(sqs, url)) == ((0, 0, 0), (5, 0, 0))
    messages = received(sqs, url, AttributeNames=["All"])
    assert [message["Body"] for message in messages] == ["0", "1", "2", "3", "4"]
    assert not before & {message["MessageId"] for message in messages}
    for message in messages:
        assert message["Attributes"]["SentTimestamp"] == f"{NOW + 100:.0f}000"
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert "DeadLetterQueueSourceArn" not in message["Attributes"]
    assert latest(sqs) == {
        "Status": "COMPLETED",
        "SourceArn": DEAD,
        "ApproximateNumberOfMessagesMoved": 5,
        "ApproximateNumberOfMessagesToMove": 5,
        "StartedTimestamp": int(NOW + 100) * 1000,
    }


def test_to_another_queue_at_a_rate(sqs: Any, dead: str, clock: Clock) -> None:
    other = sqs.create_queue(QueueName="other")["QueueUrl"]
    options = {"DestinationArn": f"{ARN}:other", "MaxNumberOfMessagesPerSecond": 2}
    handle = sqs.start_message_move_task(SourceArn=DEAD, **options)["TaskHandle"]
    assert latest(sqs) == {
        "TaskHandle": handle,
        "Status": "RUNNING",
        "SourceArn": DEAD,
        **options,
        "ApproximateNumberOfMessagesMoved": 0,
        "ApproximateNumberOfMessagesToMove": 5,
        "StartedTimestamp": int(NOW) * 1000,
    }
    clock.advance(1)
    assert (counts(sqs, dead), counts(sqs, other)) == ((3, 0, 0), (2, 0, 0))
    clock.advance(2)
    assert (counts(sqs, dead), counts(sqs, other)) == ((0, 0, 0), (5, 0, 0))
    assert latest(sqs)["Status"] == "COMPLETED"


def test_who_waits_gets_what_the_task_brings(sqs: Any, url: str, dead: str, clock: Clock) -> None:
    sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=1)
    assert bodies(sqs, url, WaitTimeSeconds=20) == ["0"]
    assert clock.now() == NOW + 1


def test_cancelling(sqs: Any, url: str, dead: str, clock: Clock, refused: Refused) -> None:
    handle = sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    clock.advance(2)
    assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] == 2
    clock.advance(10)
    assert (counts(sqs, dead), counts(sqs, url)) == ((3, 0, 0), (2, 0, 0))
    assert latest(sqs)["Status"] == "CANCELLED"
    assert refused(sqs.cancel_message_move_task, TaskHandle=handle) == (
        "AWS.SimpleQueueService.UnsupportedOperation",
        "Only active tasks can be cancelled.",
    )
    for nonsense in ("x", "e30="):
        with pytest.raises(sqs.exceptions.ResourceNotFoundException, match=r"Task does not exist\."):
            sqs.cancel_message_move_task(TaskHandle=nonsense)


def test_one_at_a_time(sqs: Any, dead: str, clock: Clock, refused: Refused) -> None:
    sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=1)
    assert refused(sqs.start_message_move_task, SourceArn=DEAD) == (
        "AWS.SimpleQueueService.UnsupportedOperation",
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
    )
    clock.advance(5)
    sqs.start_message_move_task(SourceArn=DEAD)


def test_the_latest_ten_newest_first(sqs: Any, dead: str, clock: Clock, refused: Refused) -> None:
    for _ in range(12):
        sqs.start_message_move_task(SourceArn=DEAD)
        clock.advance(1)
    started = [
        task["StartedTimestamp"] for task in sqs.list_message_move_tasks(SourceArn=DEAD, MaxResults=10)["Results"]
    ]
    assert started == [int(NOW + second) * 1000 for second in range(11, 1, -1)]
    assert refused(sqs.list_message_move_tasks, SourceArn=DEAD, MaxResults=11) == (
        "InvalidParameterValue",
        "Value 11 for parameter MaxResults is invalid. Reason: Must be between 1 and 10, if provided.",
    )


def test_a_message_that_came_from_nowhere(sqs: Any, dead: str) -> None:
    sqs.purge_queue(QueueUrl=dead)
    sqs.send_message(QueueUrl=dead, MessageBody="x")
    sqs.start_message_move_task(SourceArn=DEAD)
    task = latest(sqs)
    assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
    assert counts(sqs, dead) == (1, 0, 0)


class TestRefusals:
    def test_a_source_that_is_not_there(self, sqs: Any, refused: Refused) -> None:
        expected = (
            "ResourceNotFoundException",
            "The resource that you specified for the SourceArn parameter doesn't exist.",
        )
        assert refused(sqs.start_message_move_task, SourceArn=DEAD) == expected
        assert refused(sqs.list_message_move_tasks, SourceArn=DEAD) == expected

    def test_a_source_that_is_no_dead_letter_queue(self, sqs: Any, url: str, refused: Refused) -> None:
        assert refused(sqs.start_message_move_task, SourceArn=f"{ARN}:orders") == (
            "InvalidParameterValue",
            "Source queue must be configured as a Dead Letter Queue.",
        )

    @pytest.mark.parametrize(
        ("options", "code", "message"),
        [
            (
                {"DestinationArn": f"{ARN}:nothing"},
                "ResourceNotFoundException",
                "The resource that you specified for the DestinationArn parameter doesn't exist.",
            ),
            (
                {"DestinationArn": DEAD},
                "InvalidParameterValue",
                "Source queue arn and destination queue arn cannot be the same.",
            ),
            (
                {"MaxNumberOfMessagesPerSecond": 501},
                "InvalidParameterValue",
                "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, "
                "if provided.",
            ),
        ],
    )
    def test_options(
        self, sqs: Any, dead: str, refused: Refused, options: dict[str, Any], code: str, message: str
    ) -> None:
        assert refused(sqs.start_message_move_task, SourceArn=DEAD, **options) == (code, message)
        assert counts(sqs, dead) == (5, 0, 0)
