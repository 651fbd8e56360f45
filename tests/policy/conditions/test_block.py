"""Condition blocks, by the vectors of `tests/vectors/policy/conditions.yaml`."""

from __future__ import annotations

from typing import Any

import pytest

from iamsim.policy import Access, Effect, Policies, Policy, Principal, PrincipalKind, evaluate
from tests.policy.scenarios import load

VECTORS = load("conditions")
ALICE = Principal(PrincipalKind.USER, "111111111111", "arn:aws:iam::111111111111:user/alice", "AIDA")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector: dict[str, Any]) -> None:
    """A statement with the condition allows, and as a Deny denies, exactly if the condition holds."""
    access = Access(ALICE, "s3:GetObject", "arn:aws:s3:::b/k", context=vector["context"])
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    statement = {**everything, "Condition": vector["condition"]}
    allow = Policy.parse({"Version": "2012-10-17", "Statement": [statement]})
    deny = Policy.parse({"Version": "2012-10-17", "Statement": [everything, {**statement, "Effect": "Deny"}]})
    holds = vector["expect"]
    expected = (Effect.ALLOW, Effect.EXPLICIT_DENY) if holds else (Effect.IMPLICIT_DENY, Effect.ALLOW)
    found = (
        evaluate(access, Policies(identity=(allow,))).evaluated_effect,
        evaluate(access, Policies(identity=(deny,))).evaluated_effect,
    )
    assert found == expected


def test_every_published_vector_is_there() -> None:
    ids = {vector["id"].split()[0] for vector in VECTORS} | {vector["id"].split()[0] for vector in load("matching")}
    assert {f"V-{number}" for number in range(1, 35)} <= ids
