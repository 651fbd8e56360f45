"""SendMessageBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from .conftest import Refused, bodies, counts, received


def test_sending(sqs: Any, url: str) -> None:
    attribute = {"k": {"DataType": "String", "StringValue": "v"}}
    answer = sqs.send_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "a", "MessageBody": "one"},
            {"Id": "b", "MessageBody": "two", "DelaySeconds": 5, "MessageAttributes": attribute},
        ],
    )
    assert "Failed" not in answer
    first, second = answer["Successful"]
    assert (first["Id"], first["MD5OfMessageBody"]) == ("a", hashlib.md5(b"one").hexdigest())
    assert (second["Id"], "MD5OfMessageAttributes" in second) == ("b", True)
    assert counts(sqs, url) == (1, 0, 1)


def test_some_entries_fail(sqs: Any, url: str) -> None:
    answer = sqs.send_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "good", "MessageBody": "x"},
            {"Id": "bad", "MessageBody": "\x00"},
            {"Id": "late", "MessageBody": "x", "DelaySeconds": 901},
        ],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["good"]
    assert [(entry["Id"], entry["SenderFault"], entry["Code"]) for entry in answer["Failed"]] == [
        ("bad", True, "InvalidMessageContents"),
        ("late", True, "InvalidParameterValue"),
    ]
    assert answer["Failed"][1]["Message"] == (
        "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
    )
    assert counts(sqs, url) == (1, 0, 0)


def test_to_a_fifo_queue(sqs: Any, fifo: str) -> None:
    entries = [
        {"Id": str(index), "MessageBody": str(index), "MessageGroupId": "g", "MessageDeduplicationId": str(index % 2)}
        for index in range(3)
    ]
    sent = sqs.send_message_batch(QueueUrl=fifo, Entries=entries)["Successful"]
    assert sent[0]["MessageId"] == sent[2]["MessageId"] != sent[1]["MessageId"]
    assert sent[0]["SequenceNumber"] < sent[1]["SequenceNumber"]
    assert bodies(sqs, fifo) == ["0", "1"]


def test_deleting_and_changing(sqs: Any, url: str) -> None:
    for body in "abc":
        sqs.send_message(QueueUrl=url, MessageBody=body)
    handles = [message["ReceiptHandle"] for message in received(sqs, url)]
    answer = sqs.change_message_visibility_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "0", "ReceiptHandle": handles[0], "VisibilityTimeout": 0},
            {"Id": "1", "ReceiptHandle": handles[1], "VisibilityTimeout": 43_201},
        ],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["0"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("1", "InvalidParameterValue")]
    assert counts(sqs, url) == (1, 2, 0)
    answer = sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[{"Id": "1", "ReceiptHandle": handles[1]}, {"Id": "2", "ReceiptHandle": "nonsense"}],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["1"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("2", "ReceiptHandleIsInvalid")]
    assert counts(sqs, url) == (1, 1, 0)


@pytest.mark.parametrize(
    ("ids", "code", "message"),
    [
        ([], "EmptyBatchRequest", "There should be at least one entry in the request."),
        (
            [str(index) for index in range(11)],
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 11.",
        ),
        (["a", "b", "a"], "BatchEntryIdsNotDistinct", "Id a repeated."),
        (
            ["a b"],
            "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 "
            "letters long.",
        ),
    ],
)
def test_batches_that_are_refused_as_a_whole(
    sqs: Any, url: str, refused: Refused, ids: list[str], code: str, message: str
) -> None:
    expected = (f"AWS.SimpleQueueService.{code}", message)
    for operation, more in (
        (sqs.send_message_batch, {"MessageBody": "x"}),
        (sqs.delete_message_batch, {"ReceiptHandle": "x"}),
        (sqs.change_message_visibility_batch, {"ReceiptHandle": "x", "VisibilityTimeout": 1}),
    ):
        assert refused(operation, QueueUrl=url, Entries=[{"Id": each, **more} for each in ids]) == expected
    assert counts(sqs, url) == (0, 0, 0)


def test_all_bodies_together_have_a_limit(sqs: Any, url: str, refused: Refused) -> None:
    entries = [{"Id": str(index), "MessageBody": "x" * 524_289} for index in range(2)]
    assert refused(sqs.send_message_batch, QueueUrl=url, Entries=entries) == (
        "AWS.SimpleQueueService.BatchRequestTooLong",
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes.",
    )
