"""AWS's own managed policies: the largest body of policies known to be right."""

from __future__ import annotations

import json
import os

import pytest

from iamsim.policy import Access, Policies, Policy, PolicyType, Principal, PrincipalKind, evaluate, validate
from iamsim.policy.positions import locate
from iamsim.policy.syntax import read
from iamsim.reference.managed_policies import aws_managed_policies

MANAGED = aws_managed_policies()
ARNS = sorted(MANAGED)
CHUNKS = 16  # one test each; the slow reader takes every 16th policy of a chunk unless all are asked for
EVERY = 1 if os.environ.get("ALL_MANAGED_POLICIES") else 16
ALICE_ARN = "arn:aws:iam::111111111111:user/alice"
ALICE = Principal(PrincipalKind.USER, "111111111111", ALICE_ARN, "AIDA", entity_arn=ALICE_ARN)

# The only thing that validation has against some of them, by rule, and why they exist all the same.
EXCEPTIONS = {"section 10": "the quota on a policy's size is for customers; AWS's own may be longer"}
every_chunk = pytest.mark.parametrize(
    "arns", [ARNS[start::CHUNKS] for start in range(CHUNKS)], ids=lambda arns: arns[0]
)


def test_all_are_there() -> None:
    assert len(ARNS) > 1500


@every_chunk
def test_they_are_what_the_grammar_allows_and_what_iam_stores(arns: list[str]) -> None:
    for arn in arns:
        text = MANAGED[arn].document
        assert Policy.parse(text).document.version == "2012-10-17"
        for finding in validate(text, PolicyType.IDENTITY):
            assert finding.rule in EXCEPTIONS, (arn, str(finding))


@every_chunk
def test_both_readers_read_them_alike(arns: list[str]) -> None:
    for arn in arns[::EVERY]:
        text = MANAGED[arn].document
        assert locate(text).value == read(text) == json.loads(text, parse_int=str, parse_float=str), arn


@every_chunk
def test_what_a_statement_lists_it_decides(arns: list[str]) -> None:
    """An action that an unconditional statement lists for every resource is allowed, unless another one denies it."""
    for arn in arns:
        policy = Policy.parse(MANAGED[arn].document, arn=arn)
        for statement in policy.statements:
            action = next(iter(sorted(statement.action.literals)), None) if statement.action is not None else None
            if action is None or statement.source.get("Resource") != "*" or statement.conditions:
                continue
            evaluation = evaluate(Access(ALICE, action), Policies(identity=(policy,)))
            denied = any(other.covers_action(action) and not other.allows for other in policy.statements)
            assert evaluation.allowed or denied, (arn, action)


def test_an_exception_that_nobody_needs_is_dropped() -> None:
    longest = max((MANAGED[arn].document for arn in ARNS if "ServiceRolePolicy" in arn), key=len)
    assert {one.rule for one in validate(longest, PolicyType.IDENTITY)} == set(EXCEPTIONS)
