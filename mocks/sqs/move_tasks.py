"""Message move tasks: the messages of a dead-letter queue go back to where they came from, or to another queue."""

from __future__ import annotations

import base64
import binascii
import json

from iamsim.kit import Arn, Call, Reply, error, identity, operation

from .dead_letters import source_queues
from .failures import InvalidParameterValue, invalid_value
from .move_task import MoveTask, run_move_tasks, tasks_of
from .queue import Queue

ResourceNotFoundException = error("ResourceNotFoundException")
UnsupportedOperation = error("UnsupportedOperation")

MAX_PER_SECOND = 500
MAX_RESULTS = 10
KEPT = 10  # tasks of one source queue


@identity("task")
def from_handle(call: Call, handle: str) -> Arn:
    """A task's handle names its source queue; one that cannot be read names no queue."""
    read = _read_handle(handle)
    return read[1] if read else call.make_arn("queue", name="")


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
    earlier = tasks_of(call, queue)
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
    read = _read_handle(task_handle)
    if queue is not None:
        run_move_tasks(call, queue)
    task = call.find(MoveTask, _task_arn(read[1], read[0])) if read and queue is not None else None
    if task is None:
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
    return {"Results": [task.described() for task in tasks_of(call, queue)[:max_results]]}


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


def _read_handle(handle: str) -> tuple[str, Arn] | None:
    """The task's id and its source queue; None for what no task was called."""
    try:
        content = json.loads(base64.b64decode(handle, validate=True))
        return str(content["taskId"]), Arn.parse(content["sourceArn"])
    except (ValueError, binascii.Error, KeyError, TypeError):
        return None


def _task_arn(source: Arn, task_id: str) -> Arn:
    return source._replace(resource=f"{source.resource}/move-task/{task_id}")
