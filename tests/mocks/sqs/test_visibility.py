"""Who may see a message when: visibility timeouts, delays, receipt handles, waiting."""

from __future__ import annotations

import threading
from typing import Any

import boto3
import pytest

from iamsim import mock_aws
from iamsim.clock import Clock

from .conftest import NOW, Refused, bodies, counts, received


class TestTimeout:
    def test_a_received_message_is_hidden_for_thirty_seconds(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        assert bodies(sqs, url) == ["x"]
        assert counts(sqs, url) == (0, 1, 0)
        clock.advance(29.9)
        assert bodies(sqs, url) == []
        clock.advance(0.1)
        assert counts(sqs, url) == (1, 0, 0)
        assert bodies(sqs, url) == ["x"]

    def test_the_call_decides_before_the_queue(self, sqs: Any, clock: Clock) -> None:
        url = sqs.create_queue(QueueName="slow", Attributes={"VisibilityTimeout": "100"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="x")
        assert bodies(sqs, url, VisibilityTimeout=10) == ["x"]
        clock.advance(10)
        assert bodies(sqs, url) == ["x"]
        clock.advance(99)
        assert bodies(sqs, url) == []
        clock.advance(1)
        assert bodies(sqs, url) == ["x"]

    def test_zero_hides_nothing(self, sqs: Any, url: str) -> None:
        for body in "ab":
            sqs.send_message(QueueUrl=url, MessageBody=body)
        for _ in range(3):
            assert sorted(bodies(sqs, url, VisibilityTimeout=0)) == ["a", "b"]
        assert counts(sqs, url) == (2, 0, 0)


class TestChange:
    def test_longer_and_shorter_count_from_the_change(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        handle = received(sqs, url)[0]["ReceiptHandle"]
        clock.advance(20)
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=60)
        clock.advance(59)
        assert bodies(sqs, url) == []
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
        assert bodies(sqs, url) == ["x"]

    def test_not_after_it_is_visible_again(self, sqs: Any, url: str, clock: Clock, refused: Refused) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        handle = received(sqs, url)[0]["ReceiptHandle"]
        clock.advance(30)
        change = {"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 5}
        assert refused(sqs.change_message_visibility, **change) == (
            "AWS.SimpleQueueService.MessageNotInflight",
            "The specified message isn't in flight.",
        )

    def test_not_of_a_deleted_message(self, sqs: Any, url: str, refused: Refused) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        handle = received(sqs, url)[0]["ReceiptHandle"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        assert refused(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=5) == (
            "InvalidParameterValue",
            f"Value {handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not "
            "available for visibility timeout change.",
        )

    def test_twelve_hours_in_all(self, sqs: Any, url: str, clock: Clock, refused: Refused) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        handle = received(sqs, url)[0]["ReceiptHandle"]
        clock.advance(10)
        change = {"QueueUrl": url, "ReceiptHandle": handle}
        assert refused(sqs.change_message_visibility, **change, VisibilityTimeout=43_200) == (
            "InvalidParameterValue",
            "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message "
            "is beyond the limit [43200 seconds]",
        )
        sqs.change_message_visibility(**change, VisibilityTimeout=43_190)
        assert refused(sqs.change_message_visibility, **change, VisibilityTimeout=43_201) == (
            "InvalidParameterValue",
            "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.",
        )


class TestReceipts:
    def test_deleting_twice_is_no_error(self, sqs: Any, url: str) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        handle = received(sqs, url)[0]["ReceiptHandle"]
        for _ in range(2):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        assert counts(sqs, url) == (0, 0, 0)

    def test_an_expired_receipt_still_deletes(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        handle = received(sqs, url)[0]["ReceiptHandle"]
        clock.advance(31)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        assert bodies(sqs, url) == []

    def test_an_older_receipt_deletes_nothing(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        old = received(sqs, url)[0]["ReceiptHandle"]
        clock.advance(30)
        new = received(sqs, url)[0]["ReceiptHandle"]
        assert old != new
        sqs.delete_message(QueueUrl=url, ReceiptHandle=old)
        assert counts(sqs, url) == (0, 1, 0)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=new)
        assert counts(sqs, url) == (0, 0, 0)

    def test_what_is_no_receipt_of_this_queue(self, sqs: Any, url: str, refused: Refused) -> None:
        other = sqs.create_queue(QueueName="other")["QueueUrl"]
        sqs.send_message(QueueUrl=other, MessageBody="x")
        for handle in ("nonsense", "bm9uc2Vuc2U=", received(sqs, other)[0]["ReceiptHandle"]):
            for operation, more in (
                (sqs.delete_message, {}),
                (sqs.change_message_visibility, {"VisibilityTimeout": 1}),
            ):
                assert refused(operation, QueueUrl=url, ReceiptHandle=handle, **more) == (
                    "ReceiptHandleIsInvalid",
                    f'The input receipt handle "{handle}" is not a valid receipt handle.',
                )


class TestDelay:
    def test_of_a_message(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="late", DelaySeconds=10)
        sqs.send_message(QueueUrl=url, MessageBody="now")
        assert counts(sqs, url) == (1, 0, 1)
        assert bodies(sqs, url) == ["now"]
        clock.advance(10)
        assert bodies(sqs, url) == ["late"]

    def test_of_a_queue_unless_the_message_says_otherwise(self, sqs: Any, clock: Clock) -> None:
        url = sqs.create_queue(QueueName="delayed", Attributes={"DelaySeconds": "5"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="queue's")
        sqs.send_message(QueueUrl=url, MessageBody="own", DelaySeconds=0)
        assert bodies(sqs, url) == ["own"]
        clock.advance(5)
        assert bodies(sqs, url) == ["queue's"]

    @pytest.mark.parametrize("seconds", [-1, 901])
    def test_up_to_fifteen_minutes(self, sqs: Any, url: str, refused: Refused, seconds: int) -> None:
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="x", DelaySeconds=seconds) == (
            "InvalidParameterValue",
            f"Value {seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
        )


class TestWaiting:
    def test_for_nothing(self, sqs: Any, url: str, clock: Clock) -> None:
        assert bodies(sqs, url, WaitTimeSeconds=20) == []
        assert clock.now() == NOW + 20

    def test_not_if_there_is_something(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        assert bodies(sqs, url, WaitTimeSeconds=20) == ["x"]
        assert clock.now() == NOW

    def test_until_a_delay_ends(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=7)
        assert bodies(sqs, url, WaitTimeSeconds=20) == ["x"]
        assert clock.now() == NOW + 7

    def test_until_a_visibility_timeout_ends(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        received(sqs, url, VisibilityTimeout=12)
        assert bodies(sqs, url, WaitTimeSeconds=5) == []
        assert bodies(sqs, url, WaitTimeSeconds=20) == ["x"]
        assert clock.now() == NOW + 12

    def test_the_queue_may_wait_by_itself(self, sqs: Any, clock: Clock) -> None:
        attributes = {"ReceiveMessageWaitTimeSeconds": "3"}
        url = sqs.create_queue(QueueName="patient", Attributes=attributes)["QueueUrl"]
        assert bodies(sqs, url) == []
        assert clock.now() == NOW + 3
        assert bodies(sqs, url, WaitTimeSeconds=0) == []
        assert clock.now() == NOW + 3

    def test_for_somebody_who_sends_meanwhile(self) -> None:
        """On the machine's own clock: the receiver sleeps, and the sender's call wakes it long before its time."""
        with mock_aws():
            sqs = boto3.client("sqs", region_name="us-east-1")
            url = sqs.create_queue(QueueName="orders")["QueueUrl"]
            found: list[str] = []
            receiver = threading.Thread(target=lambda: found.extend(bodies(sqs, url, WaitTimeSeconds=20)))
            receiver.start()
            sqs.send_message(QueueUrl=url, MessageBody="x")
            receiver.join(timeout=15)
            assert not receiver.is_alive()
            assert found == ["x"]
