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


def forwarded(asked: Asked) -> Iterator[Check]:
    """To see secrets, where a test shows them. Source: TestState of the API reference."""
    if asked.operation == "TestState" and asked.get("revealSecrets"):
        yield Check("states:RevealSecrets")


def describe_state_machine_alias(asked: Asked) -> Iterator[Check]:
    """The state machine, of which the version or alias is the qualifier."""
    named = asked.get("stateMachineAliasArn") or asked.get("stateMachineVersionArn")
    yield from refine(asked, [asked.check(asked.named(named, "stateMachine:"))])


update_state_machine_alias = delete_state_machine_alias = describe_state_machine_alias
delete_state_machine_version = describe_state_machine_alias


def create_state_machine_alias(asked: Asked) -> Iterator[Check]:
    """The state machine that the alias will be of."""
    version = str(next(asked.at("routingConfiguration[].stateMachineVersionArn"), "") or asked.arn("stateMachine:*"))
    qualifier = [asked.get("name")] if asked.get("name") else []
    yield asked.check(":".join(version.split(":")[:7]), StateMachineQualifier=qualifier)


def start_execution(asked: Asked) -> Iterator[Check]:
    """The state machine that is started."""
    check = asked.check(asked.named(asked.get("stateMachineArn"), "stateMachine:"))
    yield from refine(asked, [check])


start_sync_execution = start_execution
