"""Dead-letter queues: what a RedrivePolicy may say, and which messages it moves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamsim.clock import Clock

from .conftest import NOW, Refused, bodies, counts, received

ARN = "arn:aws:sqs:us-east-1:123456789012"


def redrive(name: str = "dead", count: object = 2) -> dict[str, str]:
    return {"RedrivePolicy": json.dumps({"deadLetterTargetArn": f"{ARN}:{name}", "maxReceiveCount": count})}


@pytest.fixture
def dead(sqs: Any, url: str) -> str:
    """The dead-letter queue of `url`, which hands a message out twice."""
    queue_url: str = sqs.create_queue(QueueName="dead")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes=redrive())
    return queue_url


class TestMoving:
    def test_a_message_received_too_often(self, sqs: Any, url: str, dead: str, clock: Clock) -> None:
        sent = sqs.send_message(QueueUrl=url, MessageBody="x")
        for _ in range(2):
            assert bodies(sqs, url) == ["x"]
            clock.advance(30)
        assert bodies(sqs, url) == []
        assert (counts(sqs, url), counts(sqs, dead)) == ((0, 0, 0), (1, 0, 0))
        [message] = received(sqs, dead, AttributeNames=["All"])
        assert message["MessageId"] == sent["MessageId"]
        assert message["Attributes"]["DeadLetterQueueSourceArn"] == f"{ARN}:orders"
        assert message["Attributes"]["SentTimestamp"] == f"{NOW:.0f}000"

    def test_the_next_message_is_handed_out_instead(self, sqs: Any, url: str, dead: str) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="bad")
        for _ in range(2):
            assert bodies(sqs, url, VisibilityTimeout=0) == ["bad"]
        sqs.send_message(QueueUrl=url, MessageBody="good")
        assert bodies(sqs, url, 1) == ["good"]
        assert bodies(sqs, dead) == ["bad"]

    def test_age_goes_on_counting(self, sqs: Any, url: str, dead: str, clock: Clock) -> None:
        sqs.set_queue_attributes(QueueUrl=dead, Attributes={"MessageRetentionPeriod": "60"})
        sqs.send_message(QueueUrl=url, MessageBody="x")
        for _ in range(2):
            bodies(sqs, url, VisibilityTimeout=25)
            clock.advance(25)
        assert bodies(sqs, url) == []
        assert counts(sqs, dead) == (1, 0, 0)
        clock.advance(10)
        assert counts(sqs, dead) == (0, 0, 0)

    def test_an_old_receipt_does_not_reach_the_message_any_more(self, sqs: Any, url: str, dead: str) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="x")
        for _ in range(2):
            [message] = received(sqs, url, VisibilityTimeout=0)
        assert bodies(sqs, url) == []
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        assert counts(sqs, dead) == (1, 0, 0)

    def test_a_dead_letter_queue_that_is_gone_takes_nothing(self, sqs: Any, url: str, dead: str) -> None:
        sqs.delete_queue(QueueUrl=dead)
        sqs.send_message(QueueUrl=url, MessageBody="x")
        for _ in range(4):
            assert bodies(sqs, url, VisibilityTimeout=0) == ["x"]

    def test_of_a_fifo_queue(self, sqs: Any, fifo: str, clock: Clock) -> None:
        """The group goes on behind it; age starts anew, and the id of the message becomes that of deduplication."""
        dead = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=fifo, Attributes=redrive("dead.fifo", 1))
        for body in "ab":
            sqs.send_message(QueueUrl=fifo, MessageBody=body, MessageGroupId="g", MessageDeduplicationId=body)
        assert bodies(sqs, fifo, 1) == ["a"]
        clock.advance(30)
        assert bodies(sqs, fifo) == ["b"]
        [message] = received(sqs, dead, AttributeNames=["All"])
        assert message["Body"] == "a"
        assert message["Attributes"]["MessageDeduplicationId"] == message["MessageId"]
        assert message["Attributes"]["MessageGroupId"] == "g"


class TestRedrivePolicy:
    def test_comes_back_in_short_form(self, sqs: Any, url: str, dead: str) -> None:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=redrive(count="3"))
        shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
        assert shown["RedrivePolicy"] == f'{{"deadLetterTargetArn":"{ARN}:dead","maxReceiveCount":3}}'
        assert sqs.create_queue(QueueName="orders", Attributes=redrive(count=3))["QueueUrl"] == url

    def test_can_be_taken_away(self, sqs: Any, url: str, dead: str) -> None:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})
        assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("{", "Redrive policy is not a valid JSON map."),
            ("[]", "Redrive policy is not a valid JSON map."),
            ('{"maxReceiveCount":1}', "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."),
            (
                f'{{"deadLetterTargetArn":"{ARN}:dead"}}',
                "Redrive policy does not contain mandatory attribute: maxReceiveCount.",
            ),
            (
                redrive(count=0)["RedrivePolicy"],
                "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.",
            ),
            (
                redrive(count="many")["RedrivePolicy"],
                "Invalid value for maxReceiveCount: many, valid values are from 1 to 1000 both inclusive.",
            ),
            (redrive("nothing")["RedrivePolicy"], "Dead letter target does not exist."),
            (redrive("other.fifo")["RedrivePolicy"], "Dead-letter queue must be same type of queue as the source."),
            ('{"deadLetterTargetArn":"dead","maxReceiveCount":1}', "Invalid value for deadLetterTargetArn."),
            (
                '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:210987654321:dead","maxReceiveCount":1}',
                "Dead letter target owner should be same as the source.",
            ),
            (redrive("orders")["RedrivePolicy"], "Dead letter target is the source queue itself."),
        ],
    )
    def test_what_is_refused(self, sqs: Any, url: str, dead: str, refused: Refused, text: str, reason: str) -> None:
        sqs.create_queue(QueueName="other.fifo", Attributes={"FifoQueue": "true"})
        assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": text}) == (
            "InvalidParameterValue",
            f"Value {text} for parameter RedrivePolicy is invalid. Reason: {reason}",
        )

    def test_the_dead_letter_queue_chooses_its_sources(self, sqs: Any, url: str, refused: Refused) -> None:
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        reason = "Dead letter target does not allow the source queue in its RedriveAllowPolicy."
        for allow, is_allowed in (
            ({"redrivePermission": "denyAll"}, False),
            ({"redrivePermission": "byQueue", "sourceQueueArns": [f"{ARN}:other"]}, False),
            ({"redrivePermission": "byQueue", "sourceQueueArns": [f"{ARN}:orders"]}, True),
            ({"redrivePermission": "allowAll"}, True),
        ):
            sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(allow)})
            if is_allowed:
                sqs.set_queue_attributes(QueueUrl=url, Attributes=redrive())
            else:
                _, message = refused(sqs.set_queue_attributes, QueueUrl=url, Attributes=redrive())
                assert message.endswith(f"Reason: {reason}")


def test_sources(sqs: Any, url: str, dead: str) -> None:
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url]
    assert sqs.list_dead_letter_source_queues(QueueUrl=url)["queueUrls"] == []
    second = sqs.create_queue(QueueName="a", Attributes=redrive())["QueueUrl"]
    pages = sqs.get_paginator("list_dead_letter_source_queues").paginate(
        QueueUrl=dead, PaginationConfig={"PageSize": 1}
    )
    assert [page["queueUrls"] for page in pages] == [[second], [url]]
