"""The messages of AWS, by the vectors of `tests/vectors/policy/validation.yaml`, and the quotas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamsim.policy import Policy, PolicyType, validate
from tests.policy.scenarios import load

VECTORS = load("validation")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector: dict[str, Any]) -> None:
    document = vector.get("text") or {"Version": "2012-10-17", "Statement": [vector["statement"]]}
    findings = validate(document, PolicyType[vector["kind"]])
    assert (findings[0].message if findings else None) == vector["says"]
    if findings and vector["id"].startswith("M-"):
        assert findings[0].rule in (vector["id"].split()[0], "L-2")
        assert findings[0].code == "MalformedPolicyDocument"


def test_every_message_has_a_vector() -> None:
    ids = {vector["id"].split()[0] for vector in VECTORS}
    assert {f"M-{number}" for number in (*range(1, 16), *range(20, 26))} <= ids


def test_a_finding_says_where_and_what() -> None:
    document = '{\n  "Version": "2012-10-17",\n  "Statement": {\n    "Effect": "Allow",\n    "Actoin": "*"\n  }\n}'
    (finding,) = validate(document, PolicyType.IDENTITY)
    assert str(finding) == (
        "line 5, column 5: error: Syntax errors in policy. "
        "(unknown member `Actoin` of a statement; did you mean `Action`?)"
    )


@pytest.mark.parametrize(
    ("kind", "characters", "message"),
    [
        (PolicyType.BOUNDARY, 6144, "Cannot exceed quota for PolicySize: 6144"),
        (PolicyType.TRUST, 2048, "Cannot exceed quota for ACLSizePerRole: 2048"),
        (PolicyType.SCP, 10240, "You have exceeded the maximum size of a policy document."),
        (PolicyType.RCP, 5120, "You have exceeded the maximum size of a policy document."),
    ],
)
def test_quotas(kind: PolicyType, characters: int, message: str) -> None:
    def of_size(size: int) -> str:
        action = "sts:AssumeRole" if kind is PolicyType.TRUST else "s3:Get"
        statement: dict[str, Any] = {"Sid": "", "Effect": "Deny", "Action": action}
        if kind.has_principals:
            statement["Principal"] = "*" if kind is PolicyType.RCP else {"AWS": "*"}
        if kind is not PolicyType.TRUST:
            statement["Resource"] = "*"
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
        return text.replace('"Sid":""', f'"Sid":"{"x" * (size - len(text))}"')

    assert validate(of_size(characters), kind) == []
    assert [finding.message for finding in validate(of_size(characters + 1), kind)] == [message]


def test_white_space_does_not_count_for_managed_policies() -> None:
    text = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    assert Policy.parse(text + " " * 7000).validate(PolicyType.BOUNDARY) == []
    assert Policy.parse(text + " " * 11000).validate(PolicyType.SCP) != []


@pytest.mark.parametrize("kind", list(PolicyType))
def test_an_effect_with_another_word_is_refused_for_every_kind(kind: PolicyType) -> None:
    statement = {"Effect": "allow", "Action": "sts:AssumeRole"}
    if kind.has_principals:
        statement["Principal"] = "*"
    assert validate({"Version": "2012-10-17", "Statement": [statement]}, kind)[0].is_error
