"""A message move task, and the moving itself.

A task has no process of its own: whoever looks at a queue first lets the tasks do what is due by then.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

from iamsim.kit import Arn, Call, Resource

from .message import Message
from .queue import Queue


@dataclass
class MoveTask(Resource, kind="move-task"):
    """One StartMessageMoveTask. Without a rate it is done as soon as it starts."""

    _: KW_ONLY
    handle: str
    source: Arn
    destination: Arn | None  # None: where each message came from
    per_second: int | None
    started_at: float  # seconds since the epoch
    to_move: int
    moved: int = 0
    status: str = "RUNNING"
    failure: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has something left to do."""
        return self.status == "RUNNING"

    def due(self, now: float) -> int:
        """How many messages it should have moved by `now`."""
        if self.per_second is None:
            return self.to_move
        return min(self.to_move, int((now - self.started_at) * self.per_second))

    @property
    def next_at(self) -> float | None:
        """When it will move its next message; None if it will not."""
        if not self.is_running or self.per_second is None:
            return None
        return self.started_at + (self.moved + 1) / self.per_second

    def described(self) -> dict[str, Any]:
        """The task as ListMessageMoveTasks gives it."""
        return {
            "TaskHandle": self.handle if self.is_running else None,
            "Status": self.status,
            "SourceArn": str(self.source),
            "DestinationArn": str(self.destination) if self.destination else None,
            "MaxNumberOfMessagesPerSecond": self.per_second,
            "ApproximateNumberOfMessagesMoved": self.moved,
            "ApproximateNumberOfMessagesToMove": self.to_move,
            "FailureReason": self.failure,
            "StartedTimestamp": int(self.started_at * 1000),
        }


def run_move_tasks(call: Call, queue: Queue) -> None:
    """Let the tasks of the queue's account and region move what is due by now: `queue` may be either end."""
    for task in _tasks_beside(call, queue):
        if task.is_running:
            _run(call, task)


def next_move_at(call: Call, queue: Queue) -> float | None:
    """When a message may next arrive from a task; None if none will."""
    return min((task.next_at for task in _tasks_beside(call, queue) if task.next_at is not None), default=None)


def _run(call: Call, task: MoveTask) -> None:
    source, now = call.find(Queue, task.source), call.clock.now()
    due = task.due(now)
    while source is not None and task.moved < due:
        taken = source.messages.take(1, now)
        if not taken:
            break
        message = taken[0]
        origin = message.system.get("DeadLetterQueueSourceArn")
        target_arn = task.destination or (Arn.parse(origin) if origin else None)
        target = call.find(Queue, target_arn) if target_arn else None
        if target is None:
            source.messages.hide(message, now)
            task.status = "FAILED"
            task.failure = "CouldNotDetermineMessageSource" if target_arn is None else "QueueDoesNotExist"
            return
        source.messages.delete(message)
        target.messages.add(_as_new(call, message, target))
        task.moved += 1
    if source is None or due >= task.to_move:
        task.status = "COMPLETED"


def _as_new(call: Call, message: Message, target: Queue) -> Message:
    """The redriven message: a new id, a new age.

    Source: SQS Developer Guide, sqs-configure-dead-letter-queue-redrive.
    """
    now = call.clock.now()
    kept = ("SenderId", "AWSTraceHeader", "MessageGroupId", "MessageDeduplicationId")
    system = {name: message.system[name] for name in kept if name in message.system}
    system["SentTimestamp"] = str(int(now * 1000))
    if target.is_fifo:
        system["SequenceNumber"] = target.next_sequence_number()
    return Message(
        id=call.clock.new_id(),
        body=message.body,
        attributes=message.attributes,
        system=system,
        sent_at=now,
        visible_at=now,
        group=message.group,
    )


def tasks_of(call: Call, source: Queue) -> list[MoveTask]:
    """The tasks of one source queue, newest first."""
    return [task for task in _tasks_beside(call, source) if task.source == source.arn][::-1]


def _tasks_beside(call: Call, queue: Queue) -> list[MoveTask]:
    return call.cloud.resources.all(MoveTask, account=queue.account, region=queue.arn.region)
