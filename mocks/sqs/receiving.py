"""ReceiveMessage, and what a receiver does next: delete the message, or change how long it stays hidden."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .batch import distinct_entries, each_entry
from .dead_letters import bury, dead_letter_target
from .failures import NOT_FOR_THIS_TYPE, InvalidAttributeName, invalid_value
from .message import MAX_RECEIVED, Message, chosen_attributes, md5, md5_of_attributes
from .move_task import next_move_at, run_move_tasks
from .queue import Queue
from .receipt import new_receipt, received_with

MessageNotInflight = error("MessageNotInflight")

MAX_VISIBILITY_S = 43_200
MAX_WAIT_S = 20
SYSTEM_ATTRIBUTES = frozenset(
    {
        "All",
        "AWSTraceHeader",
        "ApproximateFirstReceiveTimestamp",
        "ApproximateReceiveCount",
        "DeadLetterQueueSourceArn",
        "MessageDeduplicationId",
        "MessageGroupId",
        "SenderId",
        "SentTimestamp",
        "SequenceNumber",
    }
)


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
    receive_request_attempt_id: str | None = None,
) -> Reply:
    """Up to `max_number_of_messages`, hidden from others from now on; waits for one if asked to."""
    if not 1 <= max_number_of_messages <= MAX_RECEIVED:
        reason = f"Must be between 1 and {MAX_RECEIVED}, if provided."
        raise invalid_value("MaxNumberOfMessages", max_number_of_messages, reason)
    hidden_for_s = queue.number("VisibilityTimeout") if visibility_timeout is None else visibility_timeout
    _check_range("VisibilityTimeout", hidden_for_s, MAX_VISIBILITY_S)
    wait_s = queue.number("ReceiveMessageWaitTimeSeconds") if wait_time_seconds is None else wait_time_seconds
    _check_range("WaitTimeSeconds", wait_s, MAX_WAIT_S)
    system = [*(attribute_names or []), *(message_system_attribute_names or [])]
    for name in system:
        if name not in SYSTEM_ATTRIBUTES:
            raise InvalidAttributeName(f"Unknown Attribute {name}.")
    if receive_request_attempt_id and not queue.is_fifo:
        raise invalid_value("ReceiveRequestAttemptId", receive_request_attempt_id, NOT_FOR_THIS_TYPE)

    def ready() -> list[Message]:
        run_move_tasks(call, queue)
        repeated = queue.attempts.repeated(receive_request_attempt_id, call.clock.now())
        for message in repeated:
            queue.messages.hide(message, call.clock.now() + hidden_for_s)
        return repeated or _take(call, queue, max_number_of_messages, hidden_for_s)

    def wakes_at() -> float | None:
        moments = (queue.messages.next_visible_at(), next_move_at(call, queue))
        return min((moment for moment in moments if moment is not None), default=None)

    taken = call.wait_until(ready, wait_s, wakes_at)
    queue.attempts.remember(receive_request_attempt_id, taken, call.clock.now())
    return {"Messages": [_received(each, system, message_attribute_names or []) for each in taken]} if taken else {}


@operation
def delete_message(call: Call, queue: Queue, *, receipt_handle: str) -> None:
    """A message that is gone, or was received again since, is no error: nothing is deleted."""
    message = received_with(queue, receipt_handle)
    if message is None:
        return
    if queue.is_fifo and not message.is_in_flight(call.clock.now()):
        raise invalid_value("ReceiptHandle", receipt_handle, "The receipt handle has expired.")
    queue.messages.delete(message)


@operation
def delete_message_batch(call: Call, queue: Queue, *, entries: list[dict[str, Any]]) -> Reply:
    """Each entry succeeds or fails by itself."""
    distinct_entries(entries)
    return each_entry(entries, lambda entry: delete_message(call, queue, receipt_handle=entry.get("ReceiptHandle", "")))


@operation
def change_message_visibility(call: Call, queue: Queue, *, receipt_handle: str, visibility_timeout: int) -> None:
    """Raises MessageNotInflight if the message may be received by others already."""
    _check_range("VisibilityTimeout", visibility_timeout, MAX_VISIBILITY_S)
    message, now = received_with(queue, receipt_handle), call.clock.now()
    if message is None:
        reason = "Message does not exist or is not available for visibility timeout change."
        raise invalid_value("ReceiptHandle", receipt_handle, reason)
    if not message.is_in_flight(now):
        raise MessageNotInflight("The specified message isn't in flight.")
    if int(now - message.received_at) + visibility_timeout > MAX_VISIBILITY_S:
        reason = f"Total VisibilityTimeout for the message is beyond the limit [{MAX_VISIBILITY_S} seconds]"
        raise invalid_value("VisibilityTimeout", visibility_timeout, reason)
    queue.messages.hide(message, now + visibility_timeout)


@operation
def change_message_visibility_batch(call: Call, queue: Queue, *, entries: list[dict[str, Any]]) -> Reply:
    """Each entry succeeds or fails by itself."""
    distinct_entries(entries)

    def change(entry: dict[str, Any]) -> None:
        timeout_s = entry.get("VisibilityTimeout", 0)
        change_message_visibility(
            call, queue, receipt_handle=entry.get("ReceiptHandle", ""), visibility_timeout=timeout_s
        )

    return each_entry(entries, change)


def _take(call: Call, queue: Queue, limit: int, hidden_for_s: int) -> list[Message]:
    """What may be handed out now. Messages past their retention, or received too often, leave the queue instead."""
    now, retention_s = call.clock.now(), queue.number("MessageRetentionPeriod")
    target = dead_letter_target(call, queue)
    taken: list[Message] = []
    while len(taken) < limit and (batch := queue.messages.take(limit - len(taken), now)):
        for message in batch:
            if message.sent_at + retention_s <= now:
                queue.messages.delete(message)
            elif target is not None and message.receive_count >= target.max_receive_count:
                bury(message, queue, target.queue, now)
            else:
                _hand_out(queue, message, now, hidden_for_s)
                taken.append(message)
        if hidden_for_s == 0 and taken:  # they are visible again already
            break
    return taken


def _hand_out(queue: Queue, message: Message, now: float, hidden_for_s: int) -> None:
    message.receive_count += 1
    message.received_at = now
    message.receipt = new_receipt(queue, message)
    message.system["ApproximateReceiveCount"] = str(message.receive_count)
    message.system.setdefault("ApproximateFirstReceiveTimestamp", str(int(now * 1000)))
    queue.messages.hide(message, now + hidden_for_s)


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


def _check_range(name: str, value: int, highest: int) -> None:
    if not 0 <= value <= highest:
        raise invalid_value(name, value, f"Must be >= 0 and <= {highest}, if provided.")
