"""What each operation must be allowed: actions and resources, as the log of decisions has them."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import boto3
import pytest
from botocore import xform_name

from iamsim import Simulator, decisions, enable_iam_authentication
from iamsim.cloud import Credential
from iamsim.policy.principal import Principal

ARN = "arn:aws:sqs:us-east-1:123456789012:"
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
ENTRY = {"Id": "1", "MessageBody": "x"}
RECEIPT = {"Id": "1", "ReceiptHandle": "x"}
QUEUE = {"QueueUrl": URL}

# Operation, input beyond the queue's URL, and what must be allowed where it is not the operation on the queue.
CASES: list[tuple[str, dict[str, Any], list[tuple[str, str]] | None]] = [
    ("AddPermission", {**QUEUE, "Label": "x", "AWSAccountIds": ["111122223333"], "Actions": ["*"]}, None),
    ("ChangeMessageVisibility", {**QUEUE, "ReceiptHandle": "x", "VisibilityTimeout": 1}, None),
    ("ChangeMessageVisibilityBatch", {**QUEUE, "Entries": [RECEIPT]}, [("ChangeMessageVisibility", "orders")]),
    ("CreateQueue", {"QueueName": "new"}, [("CreateQueue", "new")]),
    (
        "CreateQueue",
        {"QueueName": "new", "tags": {"a": "b"}},
        [("CreateQueue", "new"), ("TagQueue", "new")],
    ),
    ("DeleteMessage", {**QUEUE, "ReceiptHandle": "x"}, None),
    ("DeleteMessageBatch", {**QUEUE, "Entries": [RECEIPT]}, [("DeleteMessage", "orders")]),
    ("DeleteQueue", QUEUE, None),
    ("GetQueueAttributes", QUEUE, None),
    ("GetQueueUrl", {"QueueName": "orders"}, None),
    ("ListDeadLetterSourceQueues", QUEUE, None),
    ("ListMessageMoveTasks", {"SourceArn": f"{ARN}orders"}, None),
    ("ListQueueTags", QUEUE, None),
    ("ListQueues", {}, [("ListQueues", "")]),
    ("PurgeQueue", QUEUE, None),
    ("ReceiveMessage", QUEUE, None),
    ("RemovePermission", {**QUEUE, "Label": "x"}, None),
    ("SendMessage", {**QUEUE, "MessageBody": "x"}, None),
    ("SendMessageBatch", {**QUEUE, "Entries": [ENTRY]}, [("SendMessage", "orders")]),
    ("SetQueueAttributes", {**QUEUE, "Attributes": {}}, None),
    (
        "StartMessageMoveTask",
        {"SourceArn": f"{ARN}dead"},
        [
            ("StartMessageMoveTask", "dead"),
            ("ReceiveMessage", "dead"),
            ("DeleteMessage", "dead"),
            ("GetQueueAttributes", "dead"),
            ("SendMessage", "orders"),
        ],
    ),
    (
        "StartMessageMoveTask",
        {"SourceArn": f"{ARN}dead", "DestinationArn": f"{ARN}other"},
        [
            ("StartMessageMoveTask", "dead"),
            ("ReceiveMessage", "dead"),
            ("DeleteMessage", "dead"),
            ("GetQueueAttributes", "dead"),
            ("SendMessage", "other"),
        ],
    ),
    ("TagQueue", {**QUEUE, "Tags": {"a": "b"}}, None),
    ("UntagQueue", {**QUEUE, "TagKeys": ["a"]}, None),
]


@pytest.fixture
def root(aws: Simulator) -> Any:
    """A client whose calls are checked, of the account's root user, on a queue with a dead-letter queue."""
    aws.cloud.clock = type(aws.cloud.clock)()  # signatures are made on the machine's clock
    aws.cloud.credentials["AKIAROOT"] = Credential("AKIAROOT", "secret", Principal.root("123456789012"))
    sqs = boto3.client("sqs", region_name="us-east-1", aws_access_key_id="AKIAROOT", aws_secret_access_key="secret")
    sqs.create_queue(QueueName="dead")
    policy = json.dumps({"deadLetterTargetArn": f"{ARN}dead", "maxReceiveCount": 1})
    sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})
    return sqs


@pytest.mark.parametrize(("operation", "params", "expected"), CASES)
def test_what_must_be_allowed(
    root: Any, operation: str, params: dict[str, Any], expected: list[tuple[str, str]] | None
) -> None:
    with enable_iam_authentication(), suppress(root.exceptions.ClientError):  # what the mock refuses, it does later
        getattr(root, xform_name(operation))(**params)
    assert not decisions().denied
    wanted = expected or [(operation, "orders")]
    assert [(one.action, one.resource) for one in decisions()] == [(f"sqs:{a}", f"{ARN}{r}") for a, r in wanted]


def test_cancelling_a_task_is_about_its_source(root: Any) -> None:
    handle = root.start_message_move_task(SourceArn=f"{ARN}dead")["TaskHandle"]
    with enable_iam_authentication(), pytest.raises(root.exceptions.UnsupportedOperation):
        root.cancel_message_move_task(TaskHandle=handle)
    assert [(one.action, one.resource) for one in decisions()] == [("sqs:CancelMessageMoveTask", f"{ARN}dead")]


def test_every_operation_has_a_case(sqs: Any) -> None:
    operations = set(sqs.meta.service_model.operation_names)
    assert operations - {operation for operation, _, _ in CASES} == {"CancelMessageMoveTask"}
