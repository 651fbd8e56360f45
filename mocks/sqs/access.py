"""What a caller must be allowed, where it is not `sqs:<Operation>` on the queue named."""

from __future__ import annotations

from dataclasses import replace

from iamsim.kit import Arn, Call, Required

from .dead_letters import source_queues
from .queue import Queue


def only_in_the_owners_account(call: Call) -> list[Required]:
    """The operation itself; what the queue policy grants to other accounts does not count for it.

    Source: SQS Developer Guide, sqs-customer-managed-policy-examples, grant-cross-account-permissions (R-148).
    """
    return [_owners(call, target.arn) for target in call.targets]


def start_move_task(call: Call) -> list[Required]:
    """The task receives and deletes on behalf of its caller, and sends to where the messages go.

    Source: SQS Developer Guide, sqs-configure-dead-letter-queue-redrive, permissions.
    """
    needed: list[Required] = []
    for target in call.targets:
        needed.append(_owners(call, target.arn))
        actions = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
        needed += [Required(action, target.arn, target=target) for action in actions]
        for arn in _destinations(call, target.resource):
            needed.append(Required("sqs:SendMessage", str(arn), target=call.target("queue", arn)))
    return needed


def _owners(call: Call, arn: str) -> Required:
    target = next(each for each in call.targets if each.arn == arn)
    if target.account != call.account:
        target = replace(target, policy_holder=None)
    return Required(f"sqs:{call.operation.name}", arn, target=target)


def _destinations(call: Call, source: Queue | None) -> list[Arn]:
    """The queue that the call names, or else those that the messages came from."""
    named = call.params.get("DestinationArn", "")
    if named:
        return [Arn.parse(named)] if Arn.looks_like(named) else []
    return [queue.arn for queue in source_queues(call, source)] if source is not None else []
