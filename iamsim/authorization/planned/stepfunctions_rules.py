"""AWS Step Functions: versions and aliases are qualifiers of the state machine. Source: O 5 and 7; context-keys 14."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The state machine itself where a call names a version or an alias of it."""
    for check in checks:
        if ":stateMachine:" in check.resource and check.resource.count(":") == 7 and asked.operation != "TagResource":
            machine, _, qualifier = check.resource.rpartition(":")
            check.resource = machine
            check.context["states:StateMachineQualifier"] = [qualifier]
    if asked.get("publish") and asked.operation in ("CreateStateMachine", "UpdateStateMachine"):
        checks.append(Check("states:PublishStateMachineVersion", checks[0].resource))
    return checks


def start_execution(asked: Asked) -> Iterator[Check]:
    """The state machine that is started."""
    check = asked.check(asked.named(asked.get("stateMachineArn"), "stateMachine:"))
    yield from refine(asked, [check])


start_sync_execution = start_execution
