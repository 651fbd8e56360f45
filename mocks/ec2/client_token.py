"""Client tokens: a call that is made again with its token gets what the first one made.

Source: EC2 API reference, Ensuring idempotency.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Arn, Call, Resource, error

IdempotentParameterMismatch = error("IdempotentParameterMismatch", status=400)

APART = ("ClientToken", "DryRun")  # parameters that may differ


@dataclass
class ClientToken(Resource, kind="client-token"):
    """What one operation was asked for with one token, and the ids of what it made."""

    request: dict[str, Any] = field(default_factory=dict)
    made: tuple[str, ...] = ()


def made_before(call: Call) -> tuple[str, ...]:
    """The ids that an earlier call with the same token made. Raises IdempotentParameterMismatch."""
    arn = _arn(call)
    earlier = call.find(ClientToken, arn) if arn else None
    if earlier is None:
        return ()
    if earlier.request != _request(call):
        raise IdempotentParameterMismatch(
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
        )
    return earlier.made


def remember(call: Call, *made: str) -> None:
    """Keep what this call has made under its token, if it has one."""
    arn = _arn(call)
    if arn is not None:
        call.save(ClientToken(arn, request=_request(call), made=made))


def _arn(call: Call) -> Arn | None:
    token = call.params.get("ClientToken")
    return call.make_arn("client-token", operation=call.operation.name, token=token) if token else None


def _request(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.params.items() if name not in APART}
