"""Messages of a standard queue: contents, digests, attributes, order, retention."""

from __future__ import annotations

import hashlib
from typing import Any

import boto3
import pytest

from iamsim.clock import Clock

from .conftest import NOW, Refused, bodies, counts, received

INVALID_CHARACTERS = (
    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | "
    "#x10000 to #x10FFFF"
)


def text(value: str, kind: str = "String") -> dict[str, Any]:
    return {"DataType": kind, "StringValue": value}


def test_what_is_sent_is_received(sqs: Any, url: str) -> None:
    sent = sqs.send_message(QueueUrl=url, MessageBody="häl\tlo 🎈")
    digest = hashlib.md5("häl\tlo 🎈".encode()).hexdigest()
    assert sent["MD5OfMessageBody"] == digest
    assert not sent.keys() & {"SequenceNumber", "MD5OfMessageAttributes", "MD5OfMessageSystemAttributes"}
    [message] = received(sqs, url)
    assert message.pop("ReceiptHandle")
    assert message == {"MessageId": sent["MessageId"], "Body": "häl\tlo 🎈", "MD5OfBody": digest}


def test_nothing_to_receive(sqs: Any, url: str) -> None:
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_one_message_unless_more_are_asked_for(sqs: Any, url: str) -> None:
    for index in range(12):
        sqs.send_message(QueueUrl=url, MessageBody=str(index))
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
    assert len(received(sqs, url, 10)) == 10
    assert len(received(sqs, url, 10)) == 1


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("MaxNumberOfMessages", 0, "Must be between 1 and 10, if provided."),
        ("MaxNumberOfMessages", 11, "Must be between 1 and 10, if provided."),
        ("VisibilityTimeout", -1, "Must be >= 0 and <= 43200, if provided."),
        ("VisibilityTimeout", 43201, "Must be >= 0 and <= 43200, if provided."),
        ("WaitTimeSeconds", 21, "Must be >= 0 and <= 20, if provided."),
    ],
)
def test_what_receive_refuses(sqs: Any, url: str, refused: Refused, name: str, value: int, reason: str) -> None:
    assert refused(sqs.receive_message, QueueUrl=url, **{name: value}) == (
        "InvalidParameterValue",
        f"Value {value} for parameter {name} is invalid. Reason: {reason}",
    )


class TestBody:
    def test_empty(self, sqs: Any, url: str, refused: Refused) -> None:
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="") == (
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        )

    @pytest.mark.parametrize("body", ["a\x00", "\x0b", "\ufffe"])
    def test_characters(self, sqs: Any, url: str, refused: Refused, body: str) -> None:
        assert refused(sqs.send_message, QueueUrl=url, MessageBody=body) == (
            "InvalidMessageContents",
            INVALID_CHARACTERS,
        )
        assert counts(sqs, url) == (0, 0, 0)

    def test_length_counts_bytes_and_attributes(self, sqs: Any, refused: Refused) -> None:
        url = sqs.create_queue(QueueName="small", Attributes={"MaximumMessageSize": "1024"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="ü" * 512)
        too_long = (
            "InvalidParameterValue",
            "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
        )
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="ü" * 512 + "x") == too_long
        fits = {"a": text("x")}  # 1 + 6 + 1 bytes
        sqs.send_message(QueueUrl=url, MessageBody="x" * 1016, MessageAttributes=fits)
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="x" * 1017, MessageAttributes=fits) == too_long


class TestMessageAttributes:
    ATTRIBUTES = {
        "name": text("worth"),
        "number": text("1.5", "Number.money"),
        "blob": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"},
    }

    def test_their_digest(self, sqs: Any, url: str) -> None:
        """By the recipe of the developer guide: names in order; each part with its length in four bytes."""
        parts = b"\0\0\0\4blob\0\0\0\x0aBinary.png\2\0\0\0\2\x00\xff"
        parts += b"\0\0\0\4name\0\0\0\6String\1\0\0\0\5worth"
        parts += b"\0\0\0\6number\0\0\0\x0cNumber.money\1\0\0\0\x031.5"
        sent = sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=self.ATTRIBUTES)
        assert sent["MD5OfMessageAttributes"] == hashlib.md5(parts).hexdigest()
        [message] = received(sqs, url, MessageAttributeNames=["All"])
        assert message["MessageAttributes"] == self.ATTRIBUTES
        assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ([], set()),
            (["All"], {"name", "number", "blob"}),
            ([".*"], {"name", "number", "blob"}),
            (["n.*"], {"name", "number"}),
            (["name", "absent"], {"name"}),
        ],
    )
    def test_only_those_asked_for(self, sqs: Any, url: str, asked: list[str], expected: set[str]) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=self.ATTRIBUTES)
        [message] = received(sqs, url, MessageAttributeNames=asked)
        assert set(message.get("MessageAttributes", {})) == expected
        assert ("MD5OfMessageAttributes" in message) == bool(expected)

    def test_at_most_ten(self, sqs: Any, url: str, refused: Refused) -> None:
        many = {f"a{index}": text("x") for index in range(11)}
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="x", MessageAttributes=many) == (
            "InvalidParameterValue",
            "Number of message attributes [11] exceeds the allowed maximum [10].",
        )

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (
                text("x", "Text"),
                "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes "
                "is Binary, Number, and String.",
            ),
            (text("x", ""), "The message attribute 'a' must contain non-empty message attribute type."),
            (text("", "String"), "Message (user) attribute 'a' must contain a non-empty value of type 'String'."),
            (text("x", "Binary"), "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'."),
            (text("x", "Number"), "Can't cast the value of message (user) attribute 'a' to a number."),
        ],
    )
    def test_values_that_are_refused(
        self, sqs: Any, url: str, refused: Refused, value: dict[str, Any], message: str
    ) -> None:
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="x", MessageAttributes={"a": value}) == (
            "InvalidParameterValue",
            message,
        )

    @pytest.mark.parametrize("name", ["AWS.x", "amazon.x", ".a", "a.", "a..b", "a b", "x" * 257])
    def test_names_that_are_refused(self, sqs: Any, url: str, refused: Refused, name: str) -> None:
        code, message = refused(sqs.send_message, QueueUrl=url, MessageBody="x", MessageAttributes={name: text("x")})
        assert code == "InvalidParameterValue"
        assert message == (
            "Message (user) attribute name can contain upper and lower score alphabetic characters, digits, periods, "
            f"hyphens and underscores; it must not start or end with a period, or with AWS. or Amazon.: {name}"
        )


class TestSystemAttributes:
    def test_all_of_them(self, sqs: Any, url: str, clock: Clock) -> None:
        trace = {"AWSTraceHeader": text("Root=1-5759e988-bd862e3fe1be46a994272793")}
        sent = sqs.send_message(QueueUrl=url, MessageBody="x", MessageSystemAttributes=trace)
        assert len(sent["MD5OfMessageSystemAttributes"]) == 32
        for seconds, count in ((10.5, "1"), (30, "2")):
            clock.advance(seconds)
            [message] = received(sqs, url, AttributeNames=["All"])
            sender = message["Attributes"].pop("SenderId")
            assert sender
            assert message["Attributes"] == {
                "SentTimestamp": f"{NOW:.0f}000",
                "ApproximateReceiveCount": count,
                "ApproximateFirstReceiveTimestamp": f"{NOW + 10:.0f}500",
                "AWSTraceHeader": trace["AWSTraceHeader"]["StringValue"],
            }

    @pytest.mark.parametrize("parameter", ["AttributeNames", "MessageSystemAttributeNames"])
    def test_under_their_old_and_their_new_name(self, sqs: Any, url: str, refused: Refused, parameter: str) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        asked: dict[str, Any] = {parameter: ["SentTimestamp", "SequenceNumber"]}
        [message] = received(sqs, url, **asked)
        assert message["Attributes"] == {"SentTimestamp": f"{NOW:.0f}000"}
        assert refused(sqs.receive_message, QueueUrl=url, **{parameter: ["Sent"]}) == (
            "InvalidAttributeName",
            "Unknown Attribute Sent.",
        )

    def test_only_a_trace_header_can_be_sent(self, sqs: Any, url: str, refused: Refused) -> None:
        wrong = {"SenderId": text("me")}
        code, _ = refused(sqs.send_message, QueueUrl=url, MessageBody="x", MessageSystemAttributes=wrong)
        assert code == "InvalidParameterValue"


class TestGroupsInAStandardQueue:
    def test_a_group_orders_nothing(self, sqs: Any, url: str) -> None:
        """Source: SQS Developer Guide, sqs-fair-queues."""
        for index in range(2):
            sqs.send_message(QueueUrl=url, MessageBody=str(index), MessageGroupId="tenant")
        messages = [received(sqs, url, 1, AttributeNames=["All"]) for _ in range(2)]
        assert [message["Attributes"]["MessageGroupId"] for [message] in messages] == ["tenant", "tenant"]

    def test_no_deduplication_id(self, sqs: Any, url: str, refused: Refused) -> None:
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="d") == (
            "InvalidParameterValue",
            "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is "
            "not valid for this queue type.",
        )


class TestRetention:
    def test_old_messages_leave(self, sqs: Any, clock: Clock) -> None:
        url = sqs.create_queue(QueueName="short", Attributes={"MessageRetentionPeriod": "60"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="old")
        clock.advance(30)
        sqs.send_message(QueueUrl=url, MessageBody="new")
        clock.advance(29)
        assert counts(sqs, url) == (2, 0, 0)
        clock.advance(1)
        assert counts(sqs, url) == (1, 0, 0)
        assert bodies(sqs, url) == ["new"]

    def test_a_shorter_retention_holds_for_what_is_there(self, sqs: Any, url: str, clock: Clock) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        clock.advance(100)
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "60"})
        assert counts(sqs, url) == (0, 0, 0)
        assert bodies(sqs, url) == []


def test_resources_of_boto3(sqs: Any, url: str) -> None:
    queue = boto3.resource("sqs", region_name="us-east-1").get_queue_by_name(QueueName="orders")
    assert (queue.url, queue.attributes["QueueArn"]) == (url, "arn:aws:sqs:us-east-1:123456789012:orders")
    queue.send_message(MessageBody="a", MessageAttributes={"k": text("v")})
    queue.send_messages(Entries=[{"Id": "1", "MessageBody": "b"}])
    messages = queue.receive_messages(MaxNumberOfMessages=10, MessageAttributeNames=["k"])
    assert [message.body for message in messages] == ["a", "b"]
    assert messages[0].message_attributes == {"k": text("v")}
    messages[0].change_visibility(VisibilityTimeout=60)
    for message in messages:
        message.delete()
    queue.load()
    assert queue.attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
    queue.delete()
    assert list(boto3.resource("sqs", region_name="us-east-1").queues.all()) == []
