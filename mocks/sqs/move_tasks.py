"""Message move tasks: the messages of a dead-letter queue go back to where they came from, or to another queue.

A task has no process of its own: whoever looks at a queue first lets the tasks do what is due by then.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import KW_ONLY, dataclass
from typing import Any

from iamsim.kit import Arn, Call, Reply, Resource, error, identity, operation

from .dead_letters import source_queues
from .failures import InvalidParameterValue, invalid_value
from .message import Message
from .queue import Queue

ResourceNotFoundException = error("ResourceNotFoundException")
UnsupportedOperation = error("UnsupportedOperation")

MAX_PER_SECOND = 500
MAX_RESULTS = 10
KEPT = 10  # tasks of one source queue


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


@identity("task")
def from_handle(call: Call, handle: str) -> Arn:
    """A task's handle names its source queue."""
    return _read_handle(handle)[1]


@operation
def start_message_move_task(
    call: Call,
    queue: Queue | None,
    *,
    destination_arn: str | None = None,
    max_number_of_messages_per_second: int | None = None,
) -> Reply:
    """Raises ResourceNotFoundException, UnsupportedOperation while one runs, or InvalidParameterValue."""
    if queue is None:
        raise ResourceNotFoundException("The resource that you specified for the SourceArn parameter doesn't exist.")
    if not source_queues(call, queue):
        raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
    destination = _destination(call, queue, destination_arn) if destination_arn else None
    rate = max_number_of_messages_per_second
    if rate is not None and not 1 <= rate <= MAX_PER_SECOND:
        raise invalid_value(
            "MaxNumberOfMessagesPerSecond", rate, f"Must be between 1 and {MAX_PER_SECOND}, if provided."
        )
    run_move_tasks(call, queue)
    earlier = _tasks_of(call, queue)
    if any(task.is_running for task in earlier):
        raise UnsupportedOperation(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
        )
    for task in earlier[KEPT - 1 :]:
        call.delete(task)
    task_id, now = call.clock.new_id(), call.clock.now()
    handle = json.dumps({"taskId": task_id, "sourceArn": str(queue.arn)})
    task = call.save(
        MoveTask(
            _task_arn(queue.arn, task_id),
            handle=base64.b64encode(handle.encode()).decode(),
            source=queue.arn,
            destination=destination,
            per_second=rate,
            started_at=now,
            to_move=sum(1 for message in queue.messages if message.visible_at <= now),
        )
    )
    run_move_tasks(call, queue)
    return {"TaskHandle": task.handle}


@operation
def cancel_message_move_task(call: Call, queue: Queue | None, *, task_handle: str) -> Reply:
    """What was moved stays where it is. Raises UnsupportedOperation if the task does not run."""
    task_id, source = _read_handle(task_handle)
    if queue is not None:
        run_move_tasks(call, queue)
    task = call.find(MoveTask, _task_arn(source, task_id))
    if queue is None or task is None:
        raise ResourceNotFoundException("Task does not exist.")
    if not task.is_running:
        raise UnsupportedOperation("Only active tasks can be cancelled.")
    task.status = "CANCELLED"
    return {"ApproximateNumberOfMessagesMoved": task.moved}


@operation
def list_message_move_tasks(call: Call, queue: Queue | None, *, max_results: int = 1) -> Reply:
    """The latest tasks, newest first."""
    if queue is None:
        raise ResourceNotFoundException("The resource that you specified for the SourceArn parameter doesn't exist.")
    if not 1 <= max_results <= MAX_RESULTS:
        raise invalid_value("MaxResults", max_results, f"Must be between 1 and {MAX_RESULTS}, if provided.")
    run_move_tasks(call, queue)
    return {"Results": [task.described() for task in _tasks_of(call, queue)[:max_results]]}


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


def _destination(call: Call, source: Queue, arn_text: str) -> Arn:
    try:
        arn = Arn.parse(arn_text)
    except ValueError:
        raise InvalidParameterValue(
            "You must use this format to specify the DestinationArn: "
            "arn:<partition>:<service>:<region>:<account-id>:<resource-id>."
        ) from None
    target = call.find(Queue, arn)
    if target is None:
        raise ResourceNotFoundException(
            "The resource that you specified for the DestinationArn parameter doesn't exist."
        )
    if target is source:
        raise InvalidParameterValue("Source queue arn and destination queue arn cannot be the same.")
    if target.is_fifo != source.is_fifo:
        raise InvalidParameterValue("Source queue and destination queue must be of the same type.")
    return arn


def _read_handle(handle: str) -> tuple[str, Arn]:
    """The task's id and its source queue. Raises ResourceNotFoundException."""
    try:
        content = json.loads(base64.b64decode(handle, validate=True))
        return str(content["taskId"]), Arn.parse(content["sourceArn"])
    except (ValueError, binascii.Error, KeyError, TypeError):
        raise ResourceNotFoundException("Task does not exist.") from None


def _task_arn(source: Arn, task_id: str) -> Arn:
    return source._replace(resource=f"{source.resource}/move-task/{task_id}")


def _tasks_beside(call: Call, queue: Queue) -> list[MoveTask]:
    return call.cloud.resources.all(MoveTask, account=queue.account, region=queue.arn.region)


def _tasks_of(call: Call, source: Queue) -> list[MoveTask]:
    """The tasks of one source queue, newest first."""
    return [task for task in _tasks_beside(call, source) if task.source == source.arn][::-1]
