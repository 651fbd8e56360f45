"""Amazon SQS: a task handle that cannot be read may be of any queue."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def without_state(asked: Asked, checks: list[Check]) -> None:
    """`*` for the queue that only the handle would name."""
    if asked.operation == "CancelMessageMoveTask" and checks[0].resource.endswith(":"):
        checks[0].resource += "*"
