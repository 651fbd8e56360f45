"""SendMessage, one and many."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .batch import distinct_entries, each_entry
from .failures import InvalidParameterValue, MissingParameter
from .message import AttributeMap, Message, md5, md5_of_attributes, size_bytes
from .queue import Queue

InvalidMessageContents = error("InvalidMessageContents")
BatchRequestTooLong = error("BatchRequestTooLong")

DEDUPLICATION_S = 300
MAX_DELAY_S = 900
MAX_BATCH_BYTES = 1_048_576
ALLOWED_CHARACTERS = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
ATTRIBUTE_NAME = re.compile(r"(?!(?i:aws|amazon)\.)[A-Za-z0-9_-][A-Za-z0-9_.-]{0,255}(?<!\.)")
DATA_TYPE = re.compile(r"(String|Number|Binary)(\..+)?")


@operation
def send_message(
    call: Call,
    queue: Queue,
    *,
    message_body: str,
    delay_seconds: int | None = None,
    message_attributes: AttributeMap | None = None,
    message_system_attributes: AttributeMap | None = None,
    message_deduplication_id: str | None = None,
    message_group_id: str | None = None,
) -> Reply:
    """What was sent. A FIFO queue answers a repeated message within five minutes as it did the first time."""
    return _send(
        call,
        queue,
        message_body,
        delay_seconds,
        message_attributes or {},
        message_system_attributes or {},
        message_deduplication_id,
        message_group_id,
    )


@operation
def send_message_batch(call: Call, queue: Queue, *, entries: list[dict[str, Any]]) -> Reply:
    """Each entry succeeds or fails by itself. Raises BatchRequestTooLong if together they are too long."""
    distinct_entries(entries)
    total = sum(size_bytes(entry["MessageBody"], entry.get("MessageAttributes", {})) for entry in entries)
    if total > MAX_BATCH_BYTES:
        raise BatchRequestTooLong(
            f"Batch requests cannot be longer than {MAX_BATCH_BYTES} bytes. You have sent {total} bytes."
        )

    def send(entry: Mapping[str, Any]) -> Reply:
        return _send(
            call,
            queue,
            entry["MessageBody"],
            entry.get("DelaySeconds"),
            entry.get("MessageAttributes", {}),
            entry.get("MessageSystemAttributes", {}),
            entry.get("MessageDeduplicationId"),
            entry.get("MessageGroupId"),
        )

    return each_entry(entries, send)


def _send(
    call: Call,
    queue: Queue,
    body: str,
    delay_s: int | None,
    attributes: AttributeMap,
    system_attributes: AttributeMap,
    deduplication_id: str | None,
    group: str | None,
) -> Reply:
    _check_contents(queue, body, attributes)
    _check_delay(queue, delay_s)
    now = call.clock.now()
    if queue.is_fifo:
        deduplication_id = _deduplication_id(queue, body, deduplication_id, group)
        scope = group or "" if queue.attributes.get("DeduplicationScope") == "messageGroup" else ""
        earlier = queue.deduplicated.get((scope, deduplication_id))
        if earlier is not None and earlier[0] > now:
            return earlier[1]
    sequence = queue.messages.next_sequence()
    message = Message(
        id=call.clock.new_id(),
        body=body,
        attributes=attributes,
        system={"SenderId": call.principal.user_id, "SentTimestamp": str(int(now * 1000))},
        sent_at=now,
        visible_at=now + (queue.number("DelaySeconds") if delay_s is None else delay_s),
        sequence=sequence,
        group=group,
    )
    if "AWSTraceHeader" in system_attributes:
        message.system["AWSTraceHeader"] = system_attributes["AWSTraceHeader"]["StringValue"]
    if group is not None:
        message.system["MessageGroupId"] = group
    reply: dict[str, Any] = {"MessageId": message.id, "MD5OfMessageBody": md5(body)}
    if attributes:
        reply["MD5OfMessageAttributes"] = md5_of_attributes(attributes)
    if system_attributes:
        reply["MD5OfMessageSystemAttributes"] = md5_of_attributes(system_attributes)
    if queue.is_fifo and deduplication_id is not None:
        reply["SequenceNumber"] = f"{18_849_496_460_467_696_128 + sequence * 256:020d}"
        message.system |= {"SequenceNumber": reply["SequenceNumber"], "MessageDeduplicationId": deduplication_id}
        queue.deduplicated[(scope, deduplication_id)] = (now + DEDUPLICATION_S, reply)
    queue.messages.add(message)
    return reply


def _check_contents(queue: Queue, body: str, attributes: AttributeMap) -> None:
    if not body:
        raise MissingParameter("The request must contain the parameter MessageBody.")
    if not ALLOWED_CHARACTERS.fullmatch(body):
        raise InvalidMessageContents(
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | "
            "#xE000 to #xFFFD | #x10000 to #x10FFFF"
        )
    limit = queue.number("MaximumMessageSize")
    if size_bytes(body, attributes) > limit:
        raise InvalidParameterValue(
            f"One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
        )
    if len(attributes) > 10:
        raise InvalidParameterValue(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [10]."
        )
    for name, value in attributes.items():
        _check_attribute(name, value)


def _check_attribute(name: str, value: Mapping[str, Any]) -> None:
    if not ATTRIBUTE_NAME.fullmatch(name) or ".." in name:
        raise InvalidParameterValue(
            "Message (user) attribute name can contain upper and lower score alphabetic characters, digits, periods, "
            "hyphens and underscores; it must not start or end with a period, or with AWS. or Amazon.: " + name
        )
    kind = value.get("DataType", "")
    if not kind:
        raise InvalidParameterValue(f"The message attribute '{name}' must contain non-empty message attribute type.")
    if not DATA_TYPE.fullmatch(kind):
        raise InvalidParameterValue(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes "
            "is Binary, Number, and String."
        )
    if not value.get("BinaryValue" if kind.startswith("Binary") else "StringValue"):
        raise InvalidParameterValue(
            f"Message (user) attribute '{name}' must contain a non-empty value of type '{kind}'."
        )
    if kind.startswith("Number"):
        try:
            float(value["StringValue"])
        except ValueError:
            raise InvalidParameterValue(
                f"Can't cast the value of message (user) attribute '{name}' to a number."
            ) from None


def _check_delay(queue: Queue, delay_s: int | None) -> None:
    if delay_s is None:
        return
    if queue.is_fifo and delay_s:
        raise InvalidParameterValue(
            f"Value {delay_s} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not "
            "valid for this queue type."
        )
    if not 0 <= delay_s <= MAX_DELAY_S:
        raise InvalidParameterValue(
            f"Value {delay_s} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= {MAX_DELAY_S}."
        )


def _deduplication_id(queue: Queue, body: str, given: str | None, group: str | None) -> str:
    if not group:
        raise MissingParameter("The request must contain the parameter MessageGroupId.")
    if given:
        return given
    if queue.attributes.get("ContentBasedDeduplication", "").lower() == "true":
        return hashlib.sha256(body.encode("utf-8")).hexdigest()
    raise InvalidParameterValue(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
    )
