"""ReceiveMessage, and what a receiver does with a receipt handle: delete, change visibility."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .batch import distinct_entries, each_entry
from .dead_letters import dead_letter_target, move, run_move_tasks
from .failures import InvalidParameterValue
from .message import Message, chosen_attributes, md5, md5_of_attributes
from .queue import Queue

ReceiptHandleIsInvalid = error("ReceiptHandleIsInvalid")
MessageNotInflight = error("MessageNotInflight")

MAX_VISIBILITY_S = 43_200
MAX_WAIT_S = 20
MAX_MESSAGES = 10


@operation
def receive_message(
    call: Call,
    queue: Queue,
    *,
    attribute_names: list[str] | None = None,
    message_system_attribute_names: list[str] | None = None,
    message_attribute_names: list[str] | None = None,
    max_number_of_messages: int = 1,
    visibility_timeout: int | None = None,
    wait_time_seconds: int | None = None,
) -> Reply:
    """Up to `max_number_of_messages`, hidden from others from now on; waits for one if asked to."""
    _check_range("MaxNumberOfMessages", max_number_of_messages, 1, MAX_MESSAGES)
    hidden_for_s = queue.number("VisibilityTimeout") if visibility_timeout is None else visibility_timeout
    _check_range("VisibilityTimeout", hidden_for_s, 0, MAX_VISIBILITY_S)
    wait_s = queue.number("ReceiveMessageWaitTimeSeconds") if wait_time_seconds is None else wait_time_seconds
    _check_range("WaitTimeSeconds", wait_s, 0, MAX_WAIT_S)
    system = [*(attribute_names or []), *(message_system_attribute_names or [])]

    def ready() -> list[Message]:
        run_move_tasks(call)
        return _take(call, queue, max_number_of_messages, hidden_for_s)

    taken = call.wait_until(ready, wait_s, queue.messages.next_visible_at)
    return {"Messages": [_received(each, system, message_attribute_names or []) for each in taken]} if taken else {}


@operation
def delete_message(call: Call, queue: Queue, *, receipt_handle: str) -> None:
    """A message that is gone already is no error."""
    message = _message_of(queue, receipt_handle)
    if message is not None:
        if queue.is_fifo and not message.is_in_flight(call.clock.now()):
            raise InvalidParameterValue(
                f"Value {receipt_handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
            )
        queue.messages.delete(message)


@operation
def delete_message_batch(call: Call, queue: Queue, *, entries: list[dict[str, Any]]) -> Reply:
    distinct_entries(entries)
    return each_entry(entries, lambda entry: delete_message(call, queue, receipt_handle=entry["ReceiptHandle"]))


@operation
def change_message_visibility(call: Call, queue: Queue, *, receipt_handle: str, visibility_timeout: int) -> None:
    """Raises MessageNotInflight if the message may be received by others already."""
    _check_range("VisibilityTimeout", visibility_timeout, 0, MAX_VISIBILITY_S)
    message, now = _message_of(queue, receipt_handle), call.clock.now()
    if message is None:
        raise InvalidParameterValue(
            f"Value {receipt_handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not "
            "available for visibility timeout change."
        )
    if not message.is_in_flight(now):
        raise MessageNotInflight("The specified message isn't in flight.")
    queue.messages.hide(message, now + visibility_timeout)


@operation
def change_message_visibility_batch(call: Call, queue: Queue, *, entries: list[dict[str, Any]]) -> Reply:
    distinct_entries(entries)

    def change(entry: Mapping[str, Any]) -> None:
        change_message_visibility(
            call, queue, receipt_handle=entry["ReceiptHandle"], visibility_timeout=entry.get("VisibilityTimeout", 0)
        )

    return each_entry(entries, change)


def _take(call: Call, queue: Queue, limit: int, hidden_for_s: int) -> list[Message]:
    """What may be handed out now. Messages past their retention, or received too often, leave the queue instead."""
    now, retention_s = call.clock.now(), queue.number("MessageRetentionPeriod")
    target = dead_letter_target(call, queue)
    taken: list[Message] = []
    while len(taken) < limit:
        batch = list(queue.messages.take(limit - len(taken), now))
        if not batch:
            break
        for message in batch:
            if message.sent_at + retention_s <= now:
                queue.messages.delete(message)
            elif target is not None and message.receive_count >= target.max_receive_count:
                move(queue, message, target.queue, now)
            else:
                message.receive_count += 1
                message.system["ApproximateReceiveCount"] = str(message.receive_count)
                message.system.setdefault("ApproximateFirstReceiveTimestamp", str(int(now * 1000)))
                message.receipt = _receipt(message)
                queue.messages.hide(message, now + hidden_for_s)
                taken.append(message)
        if hidden_for_s == 0:
            break
    return taken


def _received(message: Message, system_names: list[str], attribute_names: list[str]) -> dict[str, Any]:
    reply: dict[str, Any] = {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "MD5OfBody": md5(message.body),
        "Body": message.body,
    }
    system = {name: value for name, value in message.system.items() if "All" in system_names or name in system_names}
    if system:
        reply["Attributes"] = system
    attributes = chosen_attributes(message.attributes, attribute_names)
    if attributes:
        reply["MessageAttributes"] = attributes
        reply["MD5OfMessageAttributes"] = md5_of_attributes(attributes)
    return reply


def _receipt(message: Message) -> str:
    return base64.b64encode(f"{message.id}#{message.receive_count}#{'iamsim' * 8}".encode()).decode()


def _message_of(queue: Queue, receipt_handle: str) -> Message | None:
    """The message that the handle was given for; None if it is gone. Raises ReceiptHandleIsInvalid."""
    try:
        message_id, count, _ = base64.b64decode(receipt_handle, validate=True).decode().split("#")
        int(count)
    except (ValueError, binascii.Error):
        raise ReceiptHandleIsInvalid(
            f'The input receipt handle "{receipt_handle}" is not a valid receipt handle.'
        ) from None
    return queue.messages.get(message_id)


def _check_range(name: str, value: int, lowest: int, highest: int) -> None:
    if not lowest <= value <= highest:
        raise InvalidParameterValue(
            f"Value {value} for parameter {name} is invalid. Reason: Must be >= {lowest} and <= {highest}, if provided."
            if name != "MaxNumberOfMessages"
            else f"Value {value} for parameter {name} is invalid. Reason: Must be between {lowest} and {highest}, if provided."
        )
