"""Making, finding, changing and removing queues."""

from __future__ import annotations

import re

from iamsim.kit import Call, Reply, StrMap, error, operation

from . import attributes as known
from .dead_letters import source_queues, with_checked_redrive
from .failures import InvalidAttributeName, InvalidParameterValue, invalid_value
from .move_task import run_move_tasks
from .queue import Queue

QueueNameExists = error("QueueNameExists")

NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
FIFO_NAME = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo")
PAGE_SIZE = 1000


@operation
def create_queue(call: Call, *, attributes: StrMap | None = None, tags: StrMap | None = None) -> Reply:
    """The URL of the queue of this name, made now if there is none. Raises QueueNameExists if attributes differ."""
    is_fifo = (attributes or {}).get("FifoQueue", "").lower() == "true"
    _check_name(call.arn.name, is_fifo)
    wanted = with_checked_redrive(call, call.arn, known.checked(attributes or {}, is_fifo=is_fifo))
    queue = call.find(Queue)
    if queue is None:
        now = call.clock.now()
        queue = call.save(Queue(call.arn, dict(tags or {}), known.merged({}, wanted), now, now))
    present = known.shown(queue.attributes, is_fifo=is_fifo)
    for name, value in wanted.items():
        if present.get(name, "") != value:
            raise QueueNameExists(
                f"A queue already exists with the same name and a different value for attribute {name}"
            )
    return {"QueueUrl": queue.url(call)}


@operation
def delete_queue(call: Call, queue: Queue) -> None:
    """Its messages go with it."""
    call.delete(queue)


@operation
def get_queue_url(call: Call, queue: Queue) -> Reply:
    """The URL of the queue of that name, in the caller's account or the one given."""
    return {"QueueUrl": queue.url(call)}


@operation
def list_queues(call: Call, *, queue_name_prefix: str = "") -> Reply:
    """The caller's queues in this region, in alphabetical order."""
    found = [queue for queue in call.all(Queue) if queue.arn.name.startswith(queue_name_prefix)]
    reply = _page_of_urls(call, found)
    return reply if found else {}


@operation
def list_dead_letter_source_queues(call: Call, queue: Queue) -> Reply:
    """The queues that send their dead letters here."""
    return _page_of_urls(call, source_queues(call, queue))


@operation
def set_queue_attributes(call: Call, queue: Queue, *, attributes: StrMap) -> None:
    """Raises InvalidAttributeName for `FifoQueue`, which is decided when the queue is made."""
    if "FifoQueue" in attributes:
        raise InvalidAttributeName("Unknown Attribute FifoQueue.")
    wanted = with_checked_redrive(call, queue.arn, known.checked(attributes, is_fifo=queue.is_fifo))
    queue.attributes = known.merged(queue.attributes, wanted)
    queue.modified_at = call.clock.now()


@operation
def get_queue_attributes(call: Call, queue: Queue, *, attribute_names: list[str] | None = None) -> Reply:
    """The attributes asked for, of those that the queue has. Raises InvalidAttributeName."""
    names = attribute_names or []
    for name in names:
        if name not in known.READABLE and name != "All":
            raise InvalidAttributeName(f"Unknown Attribute {name}.")
    if not names:
        return {}
    run_move_tasks(call, queue)
    present = _read_only(queue, call.clock.now()) | known.shown(queue.attributes, is_fifo=queue.is_fifo)
    chosen = {name: value for name, value in present.items() if name in names or "All" in names}
    return {"Attributes": chosen} if chosen else {}


@operation
def purge_queue(call: Call, queue: Queue) -> None:
    """No message is left, in flight or not."""
    queue.messages.clear()


def _check_name(name: str, is_fifo: bool) -> None:
    if is_fifo and not FIFO_NAME.fullmatch(name):
        raise InvalidParameterValue(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with "
            ".fifo suffix and be 1 to 80 in length"
        )
    if not is_fifo and not NAME.fullmatch(name):
        raise InvalidParameterValue(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        )


def _page_of_urls(call: Call, queues: list[Queue]) -> Reply:
    """Pages only for who asks for them by MaxResults: without it, the first thousand and no token."""
    urls = sorted(queue.url(call) for queue in queues)
    size = call.params.get("MaxResults")
    if size is None:
        urls = urls[:PAGE_SIZE]
    elif not 1 <= size <= PAGE_SIZE:
        raise invalid_value("MaxResults", size, f"Must be between 1 and {PAGE_SIZE}, if provided.")
    return call.page(urls, limit=PAGE_SIZE)


def _read_only(queue: Queue, now: float) -> StrMap:
    """What nobody can set: the queue's ARN, its times and how many messages it has."""
    counts = dict.fromkeys(known.COUNTS, 0)
    oldest = now - queue.number("MessageRetentionPeriod")
    for message in queue.messages:
        if message.sent_at > oldest:
            waiting = "Delayed" if message.receipt is None else "NotVisible"
            counts["ApproximateNumberOfMessages" + (waiting if message.visible_at > now else "")] += 1
    return {
        "QueueArn": str(queue.arn),
        **{name: str(count) for name, count in counts.items()},
        "CreatedTimestamp": str(int(queue.created_at)),
        "LastModifiedTimestamp": str(int(queue.modified_at)),
    }
