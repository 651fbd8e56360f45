"""Making, finding, changing and removing queues."""

from __future__ import annotations

import re

from iamsim.kit import Call, Reply, StrMap, error, operation

from . import attributes as known
from .dead_letters import checked_redrive, run_move_tasks
from .failures import InvalidAttributeName, InvalidParameterValue
from .queue import Queue

QueueNameExists = error("QueueNameExists")

NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
FIFO_NAME = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo")
PAGE_SIZE = 1000


@operation
def create_queue(call: Call, *, attributes: StrMap | None = None, tags: StrMap | None = None) -> Reply:
    """The URL of the queue of this name, made now if there is none. Raises QueueNameExists if attributes differ."""
    name, wanted = call.arn.name, dict(attributes or {})
    is_fifo = name.endswith(".fifo")
    if is_fifo != (wanted.get("FifoQueue", "").lower() == "true") or not (FIFO_NAME if is_fifo else NAME).fullmatch(
        name
    ):
        raise InvalidParameterValue(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with "
            ".fifo suffix and be 1 to 80 in length."
            if is_fifo or "FifoQueue" in wanted
            else "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        )
    wanted = known.checked(wanted, is_fifo=is_fifo)
    if wanted.get("RedrivePolicy"):
        checked_redrive(call, wanted["RedrivePolicy"], is_fifo=is_fifo)
    queue = call.find(Queue)
    if queue is None:
        now = call.clock.now()
        queue = call.save(Queue(call.arn, dict(tags or {}), wanted, now, now))
    for attribute, value in wanted.items():
        if _shown(queue, attribute, call.clock.now()) != value:
            raise QueueNameExists(
                f"A queue already exists with the same name and a different value for attribute {attribute}"
            )
    return {"QueueUrl": queue.url}


@operation
def delete_queue(call: Call, queue: Queue) -> None:
    call.delete(queue)


@operation
def get_queue_url(call: Call, queue: Queue) -> Reply:
    return {"QueueUrl": queue.url}


@operation
def list_queues(call: Call, *, queue_name_prefix: str = "") -> Reply:
    urls = sorted(queue.url for queue in call.all(Queue) if queue.arn.name.startswith(queue_name_prefix))
    return call.page(urls, limit=PAGE_SIZE) if urls else {}


@operation
def list_dead_letter_source_queues(call: Call, queue: Queue) -> Reply:
    sources = [each.url for each in call.all(Queue) if f'"{queue.arn}"' in each.attributes.get("RedrivePolicy", "")]
    return call.page(sorted(sources), limit=PAGE_SIZE)


@operation
def set_queue_attributes(call: Call, queue: Queue, *, attributes: StrMap) -> None:
    """Raises InvalidAttributeName for `FifoQueue`, which is decided when the queue is made."""
    if "FifoQueue" in attributes and attributes["FifoQueue"] != queue.attributes.get("FifoQueue"):
        raise InvalidAttributeName("Unknown Attribute FifoQueue.")
    checked = known.checked(attributes, is_fifo=queue.is_fifo)
    if checked.get("RedrivePolicy"):
        checked_redrive(call, checked["RedrivePolicy"], is_fifo=queue.is_fifo)
    queue.attributes |= checked
    for name in known.DOCUMENTS | known.TEXTS:  # an empty value takes the attribute away
        if queue.attributes.get(name) == "":
            del queue.attributes[name]
    queue.modified_at = call.clock.now()


@operation
def get_queue_attributes(call: Call, queue: Queue, *, attribute_names: list[str] | None = None) -> Reply:
    """The attributes asked for. Raises InvalidAttributeName."""
    run_move_tasks(call)
    names = list(attribute_names or [])
    for name in names:
        if name not in known.READABLE and name != "All":
            raise InvalidAttributeName(f"Unknown Attribute {name}.")
    if "All" in names:
        names = [*known.READ_ONLY, *known.SHOWN_BY_DEFAULT, "SqsManagedSseEnabled", *queue.attributes]
    now = call.clock.now()
    shown = {name: _shown(queue, name, now) for name in names}
    present = {name: value for name, value in shown.items() if value is not None}
    return {"Attributes": present} if present else {}


@operation
def purge_queue(call: Call, queue: Queue) -> None:
    queue.messages.clear()


def _shown(queue: Queue, name: str, now: float) -> str | None:
    """The attribute as GetQueueAttributes gives it; None if the queue has none."""
    if name in known.READ_ONLY:
        visible, in_flight, delayed = queue.messages.count(now, queue.number("MessageRetentionPeriod"))
        return {
            "QueueArn": str(queue.arn),
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(in_flight),
            "ApproximateNumberOfMessagesDelayed": str(delayed),
            "CreatedTimestamp": str(int(queue.created_at)),
            "LastModifiedTimestamp": str(int(queue.modified_at)),
        }[name]
    if name in known.SHOWN_BY_DEFAULT:
        return str(queue.number(name))
    if name == "SqsManagedSseEnabled":
        return queue.attributes.get(name, "false" if "KmsMasterKeyId" in queue.attributes else "true")
    if name in known.FIFO_ONLY and queue.is_fifo:
        defaults = {
            "ContentBasedDeduplication": "false",
            "DeduplicationScope": "queue",
            "FifoThroughputLimit": "perQueue",
        }
        return queue.attributes.get(name, defaults[name])
    return queue.attributes.get(name)
