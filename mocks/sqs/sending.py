"""SendMessage, one and many."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .batch import distinct_entries, each_entry
from .contents import check_contents, check_system_attributes
from .failures import NOT_FOR_THIS_TYPE, InvalidParameterValue, invalid_value, missing_parameter
from .message import AttributeMap, Message, md5, md5_of_attributes, size_bytes
from .queue import Queue

BatchRequestTooLong = error("BatchRequestTooLong")

MAX_DELAY_S = 900
MAX_BATCH_BYTES = 1_048_576
FIFO_ID = re.compile(r"[!-~]{1,128}")  # letters, digits and punctuation


@dataclass(frozen=True)
class Draft:
    """A message as its sender describes it."""

    body: str
    delay_s: int | None
    attributes: AttributeMap
    system_attributes: AttributeMap
    deduplication_id: str | None
    group: str | None


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
    """What was sent. A FIFO queue answers a message repeated within five minutes with the id that it had."""
    draft = Draft(
        message_body,
        delay_seconds,
        message_attributes or {},
        message_system_attributes or {},
        message_deduplication_id,
        message_group_id,
    )
    return _send(call, queue, draft)


@operation
def send_message_batch(call: Call, queue: Queue, *, entries: list[dict[str, Any]]) -> Reply:
    """Each entry succeeds or fails by itself. Raises BatchRequestTooLong if together they are too long."""
    distinct_entries(entries)
    total = sum(size_bytes(entry.get("MessageBody", ""), entry.get("MessageAttributes", {})) for entry in entries)
    if total > MAX_BATCH_BYTES:
        raise BatchRequestTooLong(
            f"Batch requests cannot be longer than {MAX_BATCH_BYTES} bytes. You have sent {total} bytes."
        )

    def send(entry: dict[str, Any]) -> Reply:
        draft = Draft(
            entry.get("MessageBody", ""),
            entry.get("DelaySeconds"),
            entry.get("MessageAttributes", {}),
            entry.get("MessageSystemAttributes", {}),
            entry.get("MessageDeduplicationId"),
            entry.get("MessageGroupId"),
        )
        return _send(call, queue, draft)

    return each_entry(entries, send)


def _send(call: Call, queue: Queue, draft: Draft) -> Reply:
    check_contents(draft.body, draft.attributes, queue.number("MaximumMessageSize"))
    check_system_attributes(draft.system_attributes)
    _check_delay(queue, draft.delay_s)
    for name, value in (("MessageGroupId", draft.group), ("MessageDeduplicationId", draft.deduplication_id)):
        _check_fifo_id(name, value)
    sent = _add_to_fifo(call, queue, draft) if queue.is_fifo else _add(call, queue, draft, {})
    digests = {"MD5OfMessageBody": md5(draft.body)}
    if draft.attributes:
        digests["MD5OfMessageAttributes"] = md5_of_attributes(draft.attributes)
    if draft.system_attributes:
        digests["MD5OfMessageSystemAttributes"] = md5_of_attributes(draft.system_attributes)
    return {**digests, **sent}


def _add_to_fifo(call: Call, queue: Queue, draft: Draft) -> dict[str, str]:
    """The message's id and sequence number: those of an earlier one if this one repeats it."""
    if not draft.group:
        raise missing_parameter("MessageGroupId")
    deduplication_id = _deduplication_id(queue, draft)
    scope = draft.group if queue.attributes.get("DeduplicationScope") == "messageGroup" else ""
    earlier = queue.deduplication.find(scope, deduplication_id, call.clock.now())
    if earlier is not None:
        return {"MessageId": earlier.message_id, "SequenceNumber": earlier.sequence_number}
    sequence_number = queue.next_sequence_number()
    system = {"SequenceNumber": sequence_number, "MessageDeduplicationId": deduplication_id}
    sent = _add(call, queue, draft, system)
    queue.deduplication.remember(scope, deduplication_id, sent["MessageId"], sequence_number, call.clock.now())
    return sent | {"SequenceNumber": sequence_number}


def _add(call: Call, queue: Queue, draft: Draft, system: dict[str, str]) -> dict[str, str]:
    if draft.deduplication_id and not queue.is_fifo:
        raise invalid_value("MessageDeduplicationId", draft.deduplication_id, NOT_FOR_THIS_TYPE)
    now = call.clock.now()
    system |= {"SenderId": call.principal.user_id, "SentTimestamp": str(int(now * 1000))}
    if draft.group:
        system["MessageGroupId"] = draft.group
    for name, value in draft.system_attributes.items():
        system[name] = value["StringValue"]
    message = Message(
        id=call.clock.new_id(),
        body=draft.body,
        attributes=draft.attributes,
        system=system,
        sent_at=now,
        visible_at=now + (queue.number("DelaySeconds") if draft.delay_s is None else draft.delay_s),
        group=draft.group or "",
    )
    queue.messages.add(message)
    return {"MessageId": message.id}


def _deduplication_id(queue: Queue, draft: Draft) -> str:
    if draft.deduplication_id:
        return draft.deduplication_id
    if queue.attributes.get("ContentBasedDeduplication") == "true":
        return hashlib.sha256(draft.body.encode("utf-8")).hexdigest()
    raise InvalidParameterValue(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
    )


def _check_delay(queue: Queue, delay_s: int | None) -> None:
    if delay_s is None:
        return
    if queue.is_fifo and delay_s:
        raise invalid_value("DelaySeconds", delay_s, NOT_FOR_THIS_TYPE)
    if not 0 <= delay_s <= MAX_DELAY_S:
        raise invalid_value("DelaySeconds", delay_s, f"DelaySeconds must be >= 0 and <= {MAX_DELAY_S}.")


def _check_fifo_id(name: str, value: str | None) -> None:
    if value is not None and not FIFO_ID.fullmatch(value):
        raise invalid_value(
            name, value, f"{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."
        )
