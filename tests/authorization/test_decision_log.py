"""The log of decisions: who asked for what, what was decided, by which statement, and why."""

from __future__ import annotations

import pytest

from iamsim import (
    Decision,
    Simulator,
    UsageError,
    decisions,
    disable_iam_authentication,
    enable_iam_authentication,
    mock_aws,
)
from iamsim.policy.effect import CheckType, Effect

from .conftest import HOME, Account, Attempt, allow, deny

QUEUE = f"arn:aws:sqs:us-east-1:{HOME}:orders"
USER = f"arn:aws:iam::{HOME}:user/alice"


def of(log: Simulator) -> list[tuple[str, str, str]]:
    """What was decided: action, resource, effect."""
    return [(one.action, one.resource, one.evaluation.evaluated_effect.value) for one in log.decisions]


def test_calls_that_are_not_checked_leave_no_trace(aws: Simulator, home: Account) -> None:
    home.queue("orders")
    with disable_iam_authentication():
        home.root.client("sqs").list_queues()
    assert len(decisions()) == 0


def test_one_decision_for_each_thing_that_a_call_needs(aws: Simulator, home: Account, attempt: Attempt) -> None:
    sqs = home.user("alice", allow("sqs:CreateQueue"), allow("sqs:TagQueue")).client("sqs")
    attempt(sqs.create_queue, QueueName="orders", tags={"a": "b"})
    assert of(aws) == [("sqs:CreateQueue", QUEUE, "ALLOW"), ("sqs:TagQueue", QUEUE, "ALLOW")]
    assert {(one.service, one.operation, one.principal) for one in decisions()} == {("sqs", "CreateQueue", USER)}


def test_a_call_ends_with_its_first_denial(aws: Simulator, home: Account, attempt: Attempt) -> None:
    sqs = home.user("alice", allow("sqs:TagQueue")).client("sqs")
    attempt(sqs.create_queue, QueueName="orders", tags={"a": "b"})
    assert of(aws) == [("sqs:CreateQueue", QUEUE, "IMPLICIT_DENY")]
    assert decisions().denied == list(decisions())


def test_a_denied_call_with_its_checks_and_statements(aws: Simulator, home: Account, attempt: Attempt) -> None:
    boundary = home.managed("boundary", allow("sqs:*") | {"Sid": "AllOfSqs"})
    statements = (allow("sqs:*") | {"Sid": "Queues"}, deny("sqs:Send*") | {"Sid": "ButNoSending"})
    sqs = home.user("alice", *statements, PermissionsBoundary=boundary).client("sqs")
    url = home.queue("orders")
    attempt(sqs.send_message, QueueUrl=url, MessageBody="x")
    decision = decisions()[-1]
    assert isinstance(decision, Decision)
    assert (decision.allowed, decision.principal, decision.action, decision.resource) == (
        False,
        USER,
        "sqs:SendMessage",
        QUEUE,
    )
    evaluation = decision.evaluation
    assert evaluation.evaluated_effect is Effect.EXPLICIT_DENY
    assert [(check.check_type, check.effect) for check in evaluation.checks] == [
        (CheckType.PRINCIPAL, Effect.EXPLICIT_DENY),
        (CheckType.PERMISSIONS_BOUNDARY, Effect.ALLOW),
    ]
    matched = [
        (one.policy.label, one.statement.sid, one.effect) for check in evaluation.checks for one in check.matched
    ]
    assert matched == [
        ("own", "Queues", Effect.ALLOW),
        ("own", "ButNoSending", Effect.EXPLICIT_DENY),
        (boundary, "AllOfSqs", Effect.ALLOW),
    ]
    assert evaluation.deciding_policy is not None
    assert evaluation.deciding_policy.name == "own"


def test_explanation_of_a_missing_allow(aws: Simulator, home: Account, attempt: Attempt) -> None:
    sqs = home.user("alice", allow("sqs:SendMessage", QUEUE.replace("orders", "others")) | {"Sid": "Send"}).client(
        "sqs"
    )
    url = home.queue("orders")
    attempt(sqs.send_message, QueueUrl=url, MessageBody="x")
    lines = decisions()[-1].explain().splitlines()
    assert lines[:3] == [
        f"DENIED: {USER} sqs:SendMessage on {QUEUE}",
        "  because no identity-based policy allows the sqs:SendMessage action",
        "  principal's account: DOES NOT ALLOW",
    ]
    assert any("own, Send" in line and "others" in line for line in lines)  # the nearest miss


def test_explanation_of_a_denial(aws: Simulator, home: Account, attempt: Attempt) -> None:
    policy = home.managed("p", deny("sqs:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}))
    sqs = home.user("alice", allow("*")).client("sqs")
    home.iam.attach_user_policy(UserName="alice", PolicyArn=policy)
    attempt(sqs.list_queues)
    text = decisions()[-1].explain()
    assert f"Deny by {policy}, statement 1" in text
    assert "aws:RequestedRegion" in text
    assert "us-east-1" in text


def test_an_allowed_call_says_by_what(aws: Simulator, home: Account, attempt: Attempt) -> None:
    attempt(home.user("alice", allow("sqs:*") | {"Sid": "Queues"}).client("sqs").list_queues)
    decision = decisions()[-1]
    assert decision.allowed
    assert decision.explain().splitlines() == [
        f"ALLOWED: {USER} sqs:ListQueues on arn:aws:sqs:us-east-1:{HOME}:",
        "  principal's account: allows",
        "    Allow by own, Queues (user alice, line 1)",
    ]


def test_as_data(aws: Simulator, home: Account, attempt: Attempt) -> None:
    attempt(home.user("alice", allow("sqs:*") | {"Sid": "Queues"}).client("sqs").list_queues)
    data = decisions()[-1].to_dict()
    assert (data["service"], data["operation"], data["evaluatedEffect"]) == ("sqs", "ListQueues", "ALLOW")
    [check] = data["checks"]
    assert (check["checkType"], check["evaluatedEffect"]) == ("PRINCIPAL", "ALLOW")


def test_the_log_belongs_to_the_simulator_that_is_on(home: Account) -> None:
    with enable_iam_authentication():
        home.root.client("sqs").list_queues()
    assert len(decisions()) == 1
    decisions().clear()
    assert len(decisions()) == 0


def test_without_a_simulator_there_is_none() -> None:
    with mock_aws():
        pass
    with pytest.raises(UsageError, match="no simulator is on"):
        decisions()
