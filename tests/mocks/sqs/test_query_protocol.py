"""SQS's query protocol, which SDKs spoke before it moved to JSON."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from iamsim import Simulator

ENDPOINT = "https://sqs.us-east-1.amazonaws.com/"
NAMESPACE = {"q": "http://queue.amazonaws.com/doc/2012-11-05/"}


def query(params: dict[str, str], url: str = ENDPOINT, *, status: int = 200) -> Any:
    """The answer to one GET, as XML."""
    answer = requests.get(f"{url}?{urlencode({'Version': '2012-11-05', **params})}", timeout=10)
    assert answer.status_code == status, answer.text
    return ElementTree.fromstring(answer.text)


def text(answer: Any, path: str) -> str | None:
    found: str | None = answer.findtext("/".join(f"q:{part}" for part in path.split("/")), namespaces=NAMESPACE)
    return found


@pytest.mark.usefixtures("aws")
def test_a_message_from_sending_to_deleting() -> None:
    attribute = {"Attribute.1.Name": "VisibilityTimeout", "Attribute.1.Value": "40"}
    created = query({"Action": "CreateQueue", "QueueName": "orders", "Tag.1.Key": "a", "Tag.1.Value": "b", **attribute})
    url = text(created, "CreateQueueResult/QueueUrl")
    assert url == "https://sqs.us-east-1.amazonaws.com/123456789012/orders"

    value = {"MessageAttribute.1.Value.DataType": "String", "MessageAttribute.1.Value.StringValue": "v"}
    message = {"MessageBody": "hello", "MessageAttribute.1.Name": "k", **value}
    sent = query({"Action": "SendMessage", **message}, url)  # the address itself names the queue
    assert text(sent, "SendMessageResult/MD5OfMessageBody") == "5d41402abc4b2a76b9719d911017c592"

    wanted = {"MessageAttributeName.1": "All", "AttributeName.1": "All"}
    answer = query({"Action": "ReceiveMessage", "QueueUrl": url, **wanted})
    received = answer.find("q:ReceiveMessageResult/q:Message", NAMESPACE)
    assert text(received, "Body") == "hello"
    assert text(received, "MessageAttribute/Name") == "k"
    assert text(received, "MessageAttribute/Value/StringValue") == "v"
    system = {text(each, "Name"): text(each, "Value") for each in received.findall("q:Attribute", NAMESPACE)}
    assert system["ApproximateReceiveCount"] == "1"

    handle = text(received, "ReceiptHandle") or ""
    entry = {"DeleteMessageBatchRequestEntry.1.Id": "1", "DeleteMessageBatchRequestEntry.1.ReceiptHandle": handle}
    deleted = query({"Action": "DeleteMessageBatch", **entry}, url)
    assert text(deleted, "DeleteMessageBatchResult/DeleteMessageBatchResultEntry/Id") == "1"


def test_an_error(aws: Simulator) -> None:
    failed = query({"Action": "GetQueueUrl", "QueueName": "nothing"}, status=400)
    assert text(failed, "Error/Code") == "AWS.SimpleQueueService.NonExistentQueue"
    assert text(failed, "Error/Message") == "The specified queue does not exist."
    assert text(failed, "Error/Type") == "Sender"


def test_an_entry_without_its_id(aws: Simulator) -> None:
    """SDKs do not send such a batch; whoever writes the request by hand may."""
    url = text(query({"Action": "CreateQueue", "QueueName": "orders"}), "CreateQueueResult/QueueUrl") or ""
    body = {"SendMessageBatchRequestEntry.1.MessageBody": "x"}
    failed = query({"Action": "SendMessageBatch", **body}, url, status=400)
    assert text(failed, "Error/Code") == "AWS.SimpleQueueService.InvalidBatchEntryId"
    entry = {"DeleteMessageBatchRequestEntry.1.Id": "a"}
    answer = query({"Action": "DeleteMessageBatch", **entry}, url)
    assert text(answer, "DeleteMessageBatchResult/BatchResultErrorEntry/Code") == "ReceiptHandleIsInvalid"
