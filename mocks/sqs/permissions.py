"""AddPermission and RemovePermission: statements of the queue policy, written by SQS. Source: SQS API reference."""

from __future__ import annotations

import json
import re
from typing import Any

from iamsim.kit import Call, error, operation

from .failures import invalid_value, missing_parameter
from .queue import Queue

OverLimit = error("OverLimit")

MAX_ACTIONS = 7
ACCOUNT = re.compile(r"\d{12}")
LABEL = re.compile(r"[A-Za-z0-9_-]{1,80}")
# What a queue's owner may let others do.
SHAREABLE = {
    "*",
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
}


@operation
def add_permission(call: Call, queue: Queue, *, label: str, aws_account_ids: list[str], actions: list[str]) -> None:
    """Raises InvalidParameterValue for a label that is taken, or an action that cannot be shared."""
    if not LABEL.fullmatch(label):
        reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length."
        raise invalid_value("Label", label, reason)
    if not actions:
        raise missing_parameter("Actions")
    for account in aws_account_ids or [""]:
        if not ACCOUNT.fullmatch(account):
            raise invalid_value("PrincipalId", f"[{account}]", "Unable to verify.")
    if len(actions) > MAX_ACTIONS:
        raise OverLimit(f"{len(actions)} Actions were found, maximum allowed is {MAX_ACTIONS}.")
    for action in actions:
        if action not in SHAREABLE:
            reason = "Only the queue owner is allowed to invoke this action."
            raise invalid_value("ActionName", f"SQS:{action}", reason)
    document = _document(queue)
    if any(statement.get("Sid") == label for statement in document["Statement"]):
        raise invalid_value("Label", label, "Already exists.")
    principals = [f"arn:{queue.arn.partition}:iam::{account}:root" for account in aws_account_ids]
    document["Statement"].append(
        {
            "Sid": label,
            "Effect": "Allow",
            "Principal": {"AWS": principals[0] if len(principals) == 1 else principals},
            "Action": [f"SQS:{action}" for action in actions] if len(actions) > 1 else f"SQS:{actions[0]}",
            "Resource": str(queue.arn),
        }
    )
    queue.attributes["Policy"] = json.dumps(document)


@operation
def remove_permission(call: Call, queue: Queue, *, label: str) -> None:
    """Raises InvalidParameterValue for a label that the policy does not have."""
    document = _document(queue)
    kept = [statement for statement in document["Statement"] if statement.get("Sid") != label]
    if len(kept) == len(document["Statement"]):
        raise invalid_value("Label", label, "can't find label on existing policy.")
    if kept:
        queue.attributes["Policy"] = json.dumps(document | {"Statement": kept})
    else:
        queue.attributes.pop("Policy")


def _document(queue: Queue) -> dict[str, Any]:
    """The queue's policy with a list of statements; SQS's empty one if it has none."""
    empty = {"Version": "2012-10-17", "Id": f"{queue.arn}/SQSDefaultPolicy", "Statement": []}
    document: dict[str, Any] = json.loads(queue.policy) if queue.policy else empty
    if isinstance(document["Statement"], dict):
        document["Statement"] = [document["Statement"]]
    return document
