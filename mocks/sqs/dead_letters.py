"""Dead-letter queues: where messages go that were received too often, and the tasks that move them back."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Arn, Call, Reply, Resource, error, identity, operation

from .attributes import read_document
from .failures import InvalidParameterValue
from .message import Message
from .queue import Queue

ResourceNotFoundException = error("ResourceNotFoundException")
UnsupportedOperation = error("UnsupportedOperation")

MAX_RECEIVE_COUNT = 1_000
KEPT_TASKS = 10


@dataclass(frozen=True)
class DeadLetterTarget:
    """What a RedrivePolicy says."""

    queue: Queue
    max_receive_count: int


@dataclass
class MoveTask:
    """One StartMessageMoveTask. Without a rate it is done as soon as it starts."""

    handle: str
    source: Arn
    destination: Arn | None
    per_second: int | None
    started_at: float  # seconds since the epoch
    to_move: int
    moved: int = 0
    status: str = "RUNNING"


@dataclass
class MoveTasks(Resource, kind="move-tasks"):
    """The move tasks of one source queue, newest first."""

    tasks: list[MoveTask] = field(default_factory=list)


def checked_redrive(call: Call, text: str, *, is_fifo: bool) -> tuple[Arn, int]:
    """The dead-letter queue's ARN and maxReceiveCount. Raises InvalidParameterValue."""
    document = read_document("RedrivePolicy", text)
    problem = ""
    count = str(document.get("maxReceiveCount", ""))
    if "deadLetterTargetArn" not in document or "maxReceiveCount" not in document:
        problem = "Redrive policy must contain the parameters deadLetterTargetArn and maxReceiveCount"
    elif not count.isdigit() or not 1 <= int(count) <= MAX_RECEIVE_COUNT:
        problem = (
            f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to {MAX_RECEIVE_COUNT} both inclusive"
        )
    else:
        try:
            arn = Arn.parse(document["deadLetterTargetArn"])
        except ValueError:
            problem = "Invalid value for deadLetterTargetArn"
        else:
            target = call.find(Queue, arn)
            if target is None:
                problem = "Dead letter target does not exist"
            elif target.is_fifo != is_fifo:
                problem = "Dead-letter queue must be same type of queue as the source"
    if problem:
        raise InvalidParameterValue(f"Value {text} for parameter RedrivePolicy is invalid. Reason: {problem}.")
    return arn, int(count)


def dead_letter_target(call: Call, queue: Queue) -> DeadLetterTarget | None:
    """Where messages of `queue` go that were received too often; None if nowhere."""
    text = queue.attributes.get("RedrivePolicy")
    if not text:
        return None
    document = json.loads(text)
    target = call.find(Queue, Arn.parse(document["deadLetterTargetArn"]))
    return None if target is None else DeadLetterTarget(target, int(document["maxReceiveCount"]))


def move(source: Queue, message: Message, target: Queue, now: float) -> None:
    """Take `message` out of `source` and put it into `target`, visible at once."""
    source.messages.delete(message)
    message.is_deleted = False
    message.receipt, message.visible_at = None, message.sent_at
    message.system["DeadLetterQueueSourceArn"] = str(source.arn)
    message.sequence = target.messages.next_sequence()
    target.messages.add(message)


@identity("task")
def from_task(call: Call, handle: str) -> Arn:
    """A task's handle names its source queue."""
    try:
        source: str = json.loads(base64.b64decode(handle, validate=True))["sourceArn"]
    except (ValueError, binascii.Error, KeyError):
        raise ResourceNotFoundException("The task handle is not valid.") from None
    return Arn.parse(source)


@operation
def start_message_move_task(
    call: Call,
    queue: Queue | None,
    *,
    destination_arn: str | None = None,
    max_number_of_messages_per_second: int | None = None,
) -> Reply:
    """Moves messages of a dead-letter queue to where they came from, or to `destination_arn`."""
    if queue is None:
        raise ResourceNotFoundException("The resource that you specified for the SourceArn parameter doesn't exist.")
    if not any(f'"{queue.arn}"' in each.attributes.get("RedrivePolicy", "") for each in call.all(Queue)):
        raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
    destination = Arn.parse(destination_arn) if destination_arn else None
    if destination is not None and call.find(Queue, destination) is None:
        raise ResourceNotFoundException(
            "The resource that you specified for the DestinationArn parameter doesn't exist."
        )
    tasks = _tasks_of(call, queue.arn)
    if any(task.status == "RUNNING" for task in tasks.tasks):
        raise UnsupportedOperation(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
        )
    handle = {"taskId": call.clock.new_id(), "sourceArn": str(queue.arn)}
    task = MoveTask(
        handle=base64.b64encode(json.dumps(handle).encode()).decode(),
        source=queue.arn,
        destination=destination,
        per_second=max_number_of_messages_per_second,
        started_at=call.clock.now(),
        to_move=queue.messages.count(call.clock.now(), queue.number("MessageRetentionPeriod"))[0],
    )
    tasks.tasks.insert(0, task)
    del tasks.tasks[KEPT_TASKS:]
    run_move_tasks(call)
    return {"TaskHandle": task.handle}


@operation
def cancel_message_move_task(call: Call, queue: Queue | None, *, task_handle: str) -> Reply:
    run_move_tasks(call)
    tasks = _tasks_of(call, queue.arn).tasks if queue is not None else []
    task = next((each for each in tasks if each.handle == task_handle), None)
    if task is None:
        raise ResourceNotFoundException("Task does not exist.")
    if task.status != "RUNNING":
        raise UnsupportedOperation("Only active tasks can be cancelled.")
    task.status = "CANCELLED"
    return {"ApproximateNumberOfMessagesMoved": task.moved}


@operation
def list_message_move_tasks(call: Call, queue: Queue | None, *, max_results: int = 1) -> Reply:
    if queue is None:
        raise ResourceNotFoundException("The resource that you specified for the SourceArn parameter doesn't exist.")
    run_move_tasks(call)
    return {"Results": [_described(task) for task in _tasks_of(call, queue.arn).tasks[:max_results]]}


def run_move_tasks(call: Call) -> None:
    """Move what running tasks should have moved by now."""
    now = call.clock.now()
    for tasks in call.all(MoveTasks):
        for task in tasks.tasks:
            if task.status == "RUNNING":
                _run(call, task, now)


def _run(call: Call, task: MoveTask, now: float) -> None:
    source = call.find(Queue, task.source)
    due = task.to_move if task.per_second is None else min(task.to_move, int((now - task.started_at) * task.per_second))
    while source is not None and task.moved < due:
        message = next(source.messages.take(1, now), None)
        if message is None:
            break
        origin = task.destination or Arn.parse(message.system.get("DeadLetterQueueSourceArn", str(task.source)))
        target = call.find(Queue, origin)
        if target is None or target is source:
            task.status = "FAILED"
            source.messages.hide(message, now)
            return
        move(source, message, target, now)
        message.receive_count = 0
        for name in ("DeadLetterQueueSourceArn", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"):
            message.system.pop(name, None)
        task.moved += 1
    if source is None or task.moved >= task.to_move or due >= task.to_move:
        task.status = "COMPLETED"


def _tasks_of(call: Call, source: Arn) -> MoveTasks:
    arn = source._replace(resource=f"{source.resource}/move-tasks")
    return call.find(MoveTasks, arn) or call.save(MoveTasks(arn))


def _described(task: MoveTask) -> dict[str, Any]:
    described: dict[str, Any] = {
        "Status": task.status,
        "SourceArn": str(task.source),
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "StartedTimestamp": int(task.started_at * 1000),
    }
    if task.status == "RUNNING":
        described["TaskHandle"] = task.handle
    if task.destination is not None:
        described["DestinationArn"] = str(task.destination)
    if task.per_second is not None:
        described["MaxNumberOfMessagesPerSecond"] = task.per_second
    return described
