"""FIFO queues: order and locking by message group, deduplication, sequence numbers."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from iamsim.clock import Clock

from .conftest import Refused, bodies, counts, received


def send(sqs: Any, url: str, body: str, group: str = "g", **more: Any) -> dict[str, Any]:
    """Sends a message whose body is its deduplication id."""
    more.setdefault("MessageDeduplicationId", body)
    answer: dict[str, Any] = sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, **more)
    return answer


class TestOrder:
    def test_within_a_group(self, sqs: Any, fifo: str) -> None:
        for index in range(15):
            send(sqs, fifo, str(index))
        messages = received(sqs, fifo)
        assert [message["Body"] for message in messages] == [str(index) for index in range(10)]
        for message in messages:
            sqs.delete_message(QueueUrl=fifo, ReceiptHandle=message["ReceiptHandle"])
        assert bodies(sqs, fifo) == ["10", "11", "12", "13", "14"]

    def test_a_group_waits_for_what_is_in_flight(self, sqs: Any, fifo: str) -> None:
        for body in "abc":
            send(sqs, fifo, body)
        send(sqs, fifo, "other", "h")
        [first] = received(sqs, fifo, 1)
        assert first["Body"] == "a"
        assert bodies(sqs, fifo) == ["other"]
        sqs.delete_message(QueueUrl=fifo, ReceiptHandle=first["ReceiptHandle"])
        assert bodies(sqs, fifo, 1) == ["b"]
        assert bodies(sqs, fifo) == []

    def test_a_message_that_comes_back_comes_first(self, sqs: Any, fifo: str, clock: Clock) -> None:
        for body in "abc":
            send(sqs, fifo, body)
        assert bodies(sqs, fifo, 2) == ["a", "b"]
        clock.advance(30)
        assert bodies(sqs, fifo) == ["a", "b", "c"]

    def test_while_one_of_two_is_in_flight_the_other_waits(self, sqs: Any, fifo: str, clock: Clock) -> None:
        for body in "abc":
            send(sqs, fifo, body)
        first, second = received(sqs, fifo, 2)
        for message in (first, second):
            sqs.change_message_visibility(
                QueueUrl=fifo, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0 if message is first else 60
            )
        assert bodies(sqs, fifo) == []
        clock.advance(60)
        assert bodies(sqs, fifo) == ["a", "b", "c"]

    def test_deleting_in_another_order(self, sqs: Any, fifo: str) -> None:
        for body in "abc":
            send(sqs, fifo, body)
        for message in reversed(received(sqs, fifo, 2)):
            assert bodies(sqs, fifo) == []
            sqs.delete_message(QueueUrl=fifo, ReceiptHandle=message["ReceiptHandle"])
        assert bodies(sqs, fifo) == ["c"]

    def test_several_groups_in_one_answer(self, sqs: Any, fifo: str) -> None:
        for body, group in (("a1", "a"), ("b1", "b"), ("a2", "a")):
            send(sqs, fifo, body, group)
        assert bodies(sqs, fifo) == ["a1", "a2", "b1"]

    def test_zero_hides_nothing(self, sqs: Any, fifo: str) -> None:
        for body in "ab":
            send(sqs, fifo, body)
        for _ in range(2):
            assert bodies(sqs, fifo, VisibilityTimeout=0) == ["a", "b"]

    def test_the_queue_may_delay_but_not_the_message(self, sqs: Any, clock: Clock, refused: Refused) -> None:
        attributes = {"FifoQueue": "true", "DelaySeconds": "5"}
        url = sqs.create_queue(QueueName="late.fifo", Attributes=attributes)["QueueUrl"]
        send(sqs, url, "a")
        clock.advance(3)
        send(sqs, url, "b")
        assert counts(sqs, url) == (0, 0, 2)
        clock.advance(2)
        assert bodies(sqs, url, WaitTimeSeconds=0) == ["a"]
        message = {"MessageBody": "x", "MessageGroupId": "g", "MessageDeduplicationId": "x"}
        assert refused(sqs.send_message, QueueUrl=url, DelaySeconds=1, **message) == (
            "InvalidParameterValue",
            "Value 1 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid "
            "for this queue type.",
        )


class TestReceipts:
    def test_an_expired_one_deletes_nothing(self, sqs: Any, fifo: str, clock: Clock, refused: Refused) -> None:
        send(sqs, fifo, "a")
        handle = received(sqs, fifo)[0]["ReceiptHandle"]
        clock.advance(30)
        assert refused(sqs.delete_message, QueueUrl=fifo, ReceiptHandle=handle) == (
            "InvalidParameterValue",
            f"Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
        )
        assert bodies(sqs, fifo) == ["a"]


class TestRepeatedReceives:
    """ReceiveRequestAttemptId: the same messages with the same receipts, for who lost the first answer."""

    def test_within_five_minutes_as_long_as_the_messages_are_hidden(self, sqs: Any, fifo: str, clock: Clock) -> None:
        for body in "abc":
            send(sqs, fifo, body)
        first = received(sqs, fifo, 2, ReceiveRequestAttemptId="r")
        clock.advance(20)
        assert received(sqs, fifo, 2, ReceiveRequestAttemptId="r") == first
        clock.advance(20)  # the second one began the visibility timeout anew
        assert received(sqs, fifo, 2, ReceiveRequestAttemptId="other") == []
        clock.advance(10)
        again = received(sqs, fifo, 2, ReceiveRequestAttemptId="r")
        assert [message["Body"] for message in again] == ["a", "b"]
        assert [message["ReceiptHandle"] for message in again] != [message["ReceiptHandle"] for message in first]

    def test_not_after_five_minutes(self, sqs: Any, fifo: str, clock: Clock) -> None:
        send(sqs, fifo, "a")
        received(sqs, fifo, VisibilityTimeout=1000, ReceiveRequestAttemptId="r")
        clock.advance(300)
        assert received(sqs, fifo, ReceiveRequestAttemptId="r") == []

    @pytest.mark.parametrize("change", ["delete", "hide", "purge"])
    def test_not_once_a_message_was_changed(self, sqs: Any, fifo: str, change: str) -> None:
        for body in "ab":
            send(sqs, fifo, body)
        handle = received(sqs, fifo, ReceiveRequestAttemptId="r")[0]["ReceiptHandle"]
        if change == "delete":
            sqs.delete_message(QueueUrl=fifo, ReceiptHandle=handle)
        elif change == "hide":
            sqs.change_message_visibility(QueueUrl=fifo, ReceiptHandle=handle, VisibilityTimeout=60)
        else:
            sqs.purge_queue(QueueUrl=fifo)
        assert received(sqs, fifo, ReceiveRequestAttemptId="r") == []

    def test_not_in_a_standard_queue(self, sqs: Any, url: str, refused: Refused) -> None:
        assert refused(sqs.receive_message, QueueUrl=url, ReceiveRequestAttemptId="r") == (
            "InvalidParameterValue",
            "Value r for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is "
            "not valid for this queue type.",
        )


class TestDeduplication:
    def test_by_id_for_five_minutes(self, sqs: Any, fifo: str, clock: Clock) -> None:
        first = send(sqs, fifo, "a", MessageDeduplicationId="d")
        clock.advance(299)
        again = send(sqs, fifo, "b", "h", MessageDeduplicationId="d")
        assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
        assert again["MD5OfMessageBody"] == hashlib.md5(b"b").hexdigest()
        assert counts(sqs, fifo) == (1, 0, 0)
        clock.advance(1)
        assert send(sqs, fifo, "c", MessageDeduplicationId="d")["MessageId"] != first["MessageId"]
        assert counts(sqs, fifo) == (2, 0, 0)

    def test_also_of_what_was_received_and_deleted(self, sqs: Any, fifo: str) -> None:
        send(sqs, fifo, "a")
        sqs.delete_message(QueueUrl=fifo, ReceiptHandle=received(sqs, fifo)[0]["ReceiptHandle"])
        send(sqs, fifo, "a")
        assert counts(sqs, fifo) == (0, 0, 0)

    def test_by_content(self, sqs: Any) -> None:
        attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        url = sqs.create_queue(QueueName="content.fifo", Attributes=attributes)["QueueUrl"]
        message = {"QueueUrl": url, "MessageGroupId": "g"}
        sqs.send_message(**message, MessageBody="a")
        sqs.send_message(
            **message, MessageBody="a", MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}}
        )
        sqs.send_message(**message, MessageBody="b", MessageDeduplicationId=hashlib.sha256(b"a").hexdigest())
        assert counts(sqs, url) == (1, 0, 0)
        sqs.send_message(**message, MessageBody="a", MessageDeduplicationId="own")
        found = received(sqs, url, AttributeNames=["MessageDeduplicationId"])
        ids = [each["Attributes"]["MessageDeduplicationId"] for each in found]
        assert ids == [hashlib.sha256(b"a").hexdigest(), "own"]

    @pytest.mark.parametrize(("scope", "expected"), [("queue", 1), ("messageGroup", 2)])
    def test_its_scope(self, sqs: Any, scope: str, expected: int) -> None:
        attributes = {"FifoQueue": "true", "DeduplicationScope": scope}
        url = sqs.create_queue(QueueName="scope.fifo", Attributes=attributes)["QueueUrl"]
        for group in "ggh":
            send(sqs, url, "x", group)
        assert counts(sqs, url) == (expected, 0, 0)


class TestParameters:
    def test_a_group_is_needed(self, sqs: Any, fifo: str, refused: Refused) -> None:
        assert refused(sqs.send_message, QueueUrl=fifo, MessageBody="x", MessageDeduplicationId="d") == (
            "MissingParameter",
            "The request must contain the parameter MessageGroupId.",
        )

    def test_a_way_to_deduplicate_is_needed(self, sqs: Any, fifo: str, refused: Refused) -> None:
        assert refused(sqs.send_message, QueueUrl=fifo, MessageBody="x", MessageGroupId="g") == (
            "InvalidParameterValue",
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
            "explicitly",
        )

    @pytest.mark.parametrize("value", ["a b", "x" * 129, "ü"])
    @pytest.mark.parametrize("name", ["MessageGroupId", "MessageDeduplicationId"])
    def test_ids(self, sqs: Any, fifo: str, refused: Refused, name: str, value: str) -> None:
        ids = {"MessageGroupId": "g", "MessageDeduplicationId": "d"} | {name: value}
        assert refused(sqs.send_message, QueueUrl=fifo, MessageBody="x", **ids) == (
            "InvalidParameterValue",
            f"Value {value} for parameter {name} is invalid. Reason: {name} can only include alphanumeric and "
            "punctuation characters. 1 to 128 in length.",
        )


def test_sequence_numbers_grow(sqs: Any, fifo: str) -> None:
    sent = [send(sqs, fifo, str(index), f"g{index % 2}")["SequenceNumber"] for index in range(4)]
    assert sent == sorted(sent)
    assert {len(number) for number in sent} == {20}
    found = received(sqs, fifo, AttributeNames=["All"])
    assert sorted(message["Attributes"]["SequenceNumber"] for message in found) == sent
    assert {message["Attributes"]["MessageGroupId"] for message in found} == {"g0", "g1"}
