"""Warnings, by the vectors of `tests/vectors/policy/warnings.yaml`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamsim.policy import Policy, PolicyType, validate
from iamsim.policy.validation import advise
from tests.policy.scenarios import load


@pytest.mark.parametrize("vector", load("warnings"), ids=lambda vector: vector["id"])
def test_vector(vector: dict[str, Any]) -> None:
    document = vector.get("text") or {"Version": "2012-10-17", "Statement": [vector["statement"]]}
    kind = PolicyType[vector["kind"]]
    assert [finding.code for finding in advise(document, kind)] == vector["warns"]
    assert validate(document, kind) == []
    findings = Policy.parse(document).validate(kind)
    assert [finding.code for finding in findings] == vector["warns"]
    assert not any(finding.is_error for finding in findings)


def test_a_warning_says_where_and_what() -> None:
    statement = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=1)
    (warning,) = Policy.parse(document).validate(PolicyType.IDENTITY)
    assert str(warning) == (
        "line 7, column 4: warning: iam:PassRole for every role: list the roles, "
        "or add a condition on iam:PassedToService"
    )


def test_what_cannot_be_read_gets_no_warnings() -> None:
    assert advise("{", PolicyType.IDENTITY) == []
    assert advise("{}", PolicyType.IDENTITY) == []


def test_errors_come_first() -> None:
    findings = Policy.parse('{"Statement": {"Effect": "Allow", "NotAction": "x", "Resource": "*"}}').validate(
        PolicyType.IDENTITY
    )
    assert [finding.level for finding in findings] == ["error", "error", "warning", "warning"]
