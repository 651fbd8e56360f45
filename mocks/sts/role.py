"""The role that a call wants to assume."""

from __future__ import annotations

from typing import Protocol, cast

from iamsim.kit import Arn, Call, StrMap

from .failures import AccessDenied, ValidationError

DEFAULT_DURATION_S = 3_600
CHAINED_MAX_S = 3_600


class Role(Protocol):
    """What STS asks of a role; the mock of IAM keeps it."""

    arn: Arn
    tags: StrMap
    unique_id: str
    max_session_duration_s: int


def role_meant(call: Call) -> Role | None:
    """The role that the call names; None if there is none of that ARN, which only matters while IAM is enforced.

    Raises ValidationError for the ARN of something else.
    """
    if call.arn.service != "iam" or call.arn.type != "role":
        raise ValidationError(f"{call.arn} is invalid")
    role = cast("Role | None", call.targets[0].resource)
    if role is None and call.is_enforced:
        action = f"sts:{call.operation.name}"
        raise AccessDenied(f"User: {call.principal.arn} is not authorized to perform: {action} on resource: {call.arn}")
    return role


def duration(role: Role | None, wanted_s: int | None, *, is_chained: bool = False) -> int:
    """How long the session lasts, in seconds. Raises ValidationError beyond what the role allows (A-50 to A-52)."""
    seconds = DEFAULT_DURATION_S if wanted_s is None else wanted_s
    if is_chained and seconds > CHAINED_MAX_S:
        raise ValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
    if role is not None and seconds > role.max_session_duration_s:
        raise ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    return seconds
