"""Mutants of policy documents."""

from __future__ import annotations

import json
from typing import Any

from iamsim.tools.policy_mutants import INERT, Removed, mutants


def told(*statements: Any) -> list[tuple[int, str, str, Any]]:
    """The mutants, each with the statement that takes the original's place."""
    given = statements[0] if len(statements) == 1 else list(statements)
    text = json.dumps({"Version": "2012-10-17", "Statement": given})
    found = []
    for mutant in mutants(text):
        changed = json.loads(mutant.document.text)["Statement"]
        assert len(changed) == len(statements)
        for number, statement in enumerate(statements):
            assert number == mutant.statement or changed[number] == statement
        found.append((mutant.statement, mutant.removed.value, mutant.what, changed[mutant.statement]))
    return found


def test_without_each_statement_and_each_of_several_actions() -> None:
    reads = {"Effect": "Allow", "Action": ["s3:Get*", "s3:ListBucket"], "Resource": "*"}
    denies = {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::secret"}
    assert told(reads, denies) == [
        (0, "statement", "", INERT),
        (0, "action", "s3:Get*", reads | {"Action": ["s3:ListBucket"]}),
        (0, "action", "s3:ListBucket", reads | {"Action": ["s3:Get*"]}),
        (1, "statement", "", INERT),
    ]


def test_without_each_condition() -> None:
    condition = {
        "Bool": {"aws:SecureTransport": "true"},
        "StringEquals": {"s3:prefix": ["a", "b"], "aws:username": "x"},
    }
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}
    found = told(statement)
    assert [(removed, what) for _, removed, what, _ in found] == [
        ("statement", ""),
        ("condition", 'Bool aws:SecureTransport "true"'),
        ("condition", 'StringEquals s3:prefix "a" or "b"'),
        ("condition", 'StringEquals aws:username "x"'),
    ]
    assert found[1][3]["Condition"] == {"StringEquals": condition["StringEquals"]}
    assert found[2][3]["Condition"] == condition | {"StringEquals": {"aws:username": "x"}}


def test_not_action_is_a_list_of_actions_too() -> None:
    statement = {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}
    assert [(removed, what) for _, removed, what, _ in told(statement)] == [
        ("statement", ""),
        ("action", "iam:*"),
        ("action", "sts:*"),
    ]


def test_to_which_requests_a_mutant_matters() -> None:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "sqs:*"], "Resource": "*"}]})
    matters = {
        (mutant.removed, mutant.what): [
            action
            for action in ("s3:getobject", "sqs:sendmessage", "ec2:runinstances")
            if mutant.matters_to(action, mutant.document.statements[0] if mutant.what else _original(text))
        ]
        for mutant in mutants(text)
    }
    assert matters == {
        (Removed.STATEMENT, ""): ["s3:getobject", "sqs:sendmessage"],
        (Removed.ACTION, "s3:Get*"): ["s3:getobject"],
        (Removed.ACTION, "sqs:*"): ["sqs:sendmessage"],
    }


def _original(text: str) -> Any:
    from iamsim.policy import Policy

    return Policy.parse(text).statements[0]
