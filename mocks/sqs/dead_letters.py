"""Dead-letter queues: where messages go that were received too often, and who may use a queue as one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from iamsim.kit import ApiError, Arn, Call, StrMap

from .attributes import json_object
from .failures import InvalidAttributeValue, invalid_value
from .message import Message
from .queue import Queue

MAX_RECEIVE_COUNT = 1_000
MAX_SOURCES = 10  # in a RedriveAllowPolicy


@dataclass(frozen=True)
class DeadLetterTarget:
    """What a queue's RedrivePolicy says, with the queue that it names."""

    queue: Queue
    max_receive_count: int


def with_checked_redrive(call: Call, source: Arn, attributes: StrMap) -> StrMap:
    """`attributes` if the queue `source` may have their RedrivePolicy and RedriveAllowPolicy.

    Raises InvalidParameterValue or InvalidAttributeValue.
    """
    if attributes.get("RedriveAllowPolicy"):
        _check_allow_policy(attributes["RedriveAllowPolicy"])
    text = attributes.get("RedrivePolicy")
    if not text:
        return attributes
    return attributes | {"RedrivePolicy": _checked_redrive_policy(call, source, text)}


def target_of(queue: Queue) -> tuple[Arn, int] | None:
    """The dead-letter queue's ARN and maxReceiveCount; None if `queue` has none."""
    text = queue.attributes.get("RedrivePolicy")
    if not text:
        return None
    document = json.loads(text)
    return Arn.parse(document["deadLetterTargetArn"]), document["maxReceiveCount"]


def dead_letter_target(call: Call, queue: Queue) -> DeadLetterTarget | None:
    """Where messages of `queue` go that were received too often; None if nowhere."""
    found = target_of(queue)
    target = call.find(Queue, found[0]) if found else None
    return None if found is None or target is None else DeadLetterTarget(target, found[1])


def source_queues(call: Call, dead_letter_queue: Queue) -> list[Queue]:
    """The queues whose dead-letter queue this is."""
    beside = call.cloud.resources.all(Queue, account=dead_letter_queue.account, region=dead_letter_queue.arn.region)
    return [each for each in beside if (found := target_of(each)) and found[0] == dead_letter_queue.arn]


def bury(message: Message, source: Queue, target: Queue, now: float) -> None:
    """Move a message that was received too often to the dead-letter queue.

    Its age goes on counting, but in a FIFO queue; there its deduplication id becomes the message's id. Source: SQS
    Developer Guide, setting-up-dead-letter-queue-retention and sqs-configure-dead-letter-queue-redrive.
    """
    source.messages.delete(message)
    message.receipt, message.visible_at = None, now
    message.system["DeadLetterQueueSourceArn"] = str(source.arn)
    if target.is_fifo:
        message.sent_at = now
        message.system["MessageDeduplicationId"] = message.id
        message.system["SequenceNumber"] = target.next_sequence_number()
    target.messages.add(message)


def _checked_redrive_policy(call: Call, source: Arn, text: str) -> str:
    """The RedrivePolicy as AWS keeps it. Raises InvalidParameterValue."""

    def invalid(reason: str) -> ApiError:
        return invalid_value("RedrivePolicy", text, reason)

    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise invalid("Redrive policy is not a valid JSON map.")
    for name in ("deadLetterTargetArn", "maxReceiveCount"):
        if name not in document:
            raise invalid(f"Redrive policy does not contain mandatory attribute: {name}.")
    count = str(document["maxReceiveCount"])
    if not count.isdigit() or not 1 <= int(count) <= MAX_RECEIVE_COUNT:
        raise invalid(
            f"Invalid value for maxReceiveCount: {count}, "
            f"valid values are from 1 to {MAX_RECEIVE_COUNT} both inclusive."
        )
    try:
        arn = Arn.parse(document["deadLetterTargetArn"])
    except (ValueError, AttributeError):
        raise invalid("Invalid value for deadLetterTargetArn.") from None
    if arn.account != source.account:
        raise invalid("Dead letter target owner should be same as the source.")
    target = call.find(Queue, arn)
    if target is None or arn.region != source.region:
        raise invalid("Dead letter target does not exist.")
    if target.is_fifo != source.name.endswith(".fifo"):
        raise invalid("Dead-letter queue must be same type of queue as the source.")
    if arn == source:
        raise invalid("Dead letter target is the source queue itself.")
    if not _accepts(target, source):
        raise invalid("Dead letter target does not allow the source queue in its RedriveAllowPolicy.")
    return json.dumps({"deadLetterTargetArn": str(arn), "maxReceiveCount": int(count)}, separators=(",", ":"))


def _accepts(target: Queue, source: Arn) -> bool:
    """Whether `target` lets `source` use it as its dead-letter queue."""
    text = target.attributes.get("RedriveAllowPolicy")
    document: dict[str, Any] = json.loads(text) if text else {}
    permission = document.get("redrivePermission", "allowAll")
    return permission == "allowAll" or (permission == "byQueue" and str(source) in document["sourceQueueArns"])


def _check_allow_policy(text: str) -> None:
    document = json_object("RedriveAllowPolicy", text)
    permission, sources = document.get("redrivePermission"), document.get("sourceQueueArns")
    if permission == "byQueue":
        is_right = isinstance(sources, list) and 1 <= len(sources) <= MAX_SOURCES
    else:
        is_right = permission in ("allowAll", "denyAll") and sources is None
    if not is_right:
        raise InvalidAttributeValue("Invalid value for the parameter RedriveAllowPolicy.")
