"""The laws of recorded policies, as the engine decides them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.policy import Access, Policies, Policy, Principal, PrincipalKind, evaluate
from iamsim.reference.actions import expand
from iamsim.tools.least_privilege.fit import Document, documents_for, shortened, size_of
from iamsim.tools.least_privilege.grants import Grant, grants_for
from iamsim.tools.least_privilege.need import Need
from iamsim.tools.least_privilege.statements import statements_for

ACCOUNT = "123456789012"
ARN = f"arn:aws:iam::{ACCOUNT}:user/alice"
ALICE = Principal(PrincipalKind.USER, ACCOUNT, ARN, "AIDA", entity_arn=ARN)

KEYS = st.sampled_from(
    ["1", "2026/1", "2026/2", "2026/*", "2026/a?", "${x}/y", "t/9e107d9d372bb6826bd81d3542a419d6/z", "t/x/z"]
)
BUCKETS = st.sampled_from(["orders", "orders-3f2a9c", f"logs-{ACCOUNT}", "logs-222222222222"])
OBJECTS = st.builds("arn:aws:s3:::{}/{}".format, BUCKETS, KEYS)
QUEUES = st.builds(
    "arn:aws:sqs:{}:{}:{}".format,
    st.sampled_from(["eu-west-1", "us-east-1"]),
    st.sampled_from([ACCOUNT, "222222222222"]),
    st.sampled_from(["jobs", "jobs-3f2a9c", "jobs-4f2a9c", "jobs-2026-01-02"]),
)
ROLES = st.sampled_from([f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:iam::{ACCOUNT}:role/app-1ABC2DEF3GHI4"])
SERVICES = st.sampled_from(["ec2.amazonaws.com", "lambda.amazonaws.com"])
PASSES = st.builds(
    lambda role, service: Need.of("iam:PassRole", role, {"iam:PassedToService": service} if service else {}),
    ROLES,
    st.none() | SERVICES,
)
VIA = st.sampled_from([None, "s3.eu-west-1.amazonaws.com", "s3.us-east-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com"])
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f8fad5b-d9cb-469f-a165-70867728950e"
KEY_USES = st.builds(
    lambda action, via: Need.of(action, KEY, {"kms:ViaService": via} if via else {}),
    st.sampled_from(["kms:Decrypt", "kms:CreateGrant"]),
    VIA,
)
NEED = st.one_of(
    st.builds(Need, st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:GetObjectAcl", "s3:DeleteObject"]), OBJECTS),
    st.builds(Need, st.sampled_from(["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:GetQueueUrl"]), QUEUES),
    st.builds(Need, st.sampled_from(["ec2:DescribeInstances", "ec2:DescribeVpcs"]), st.just("*")),
    PASSES,
    KEY_USES,
)
UNHURRIED = settings(deadline=None, max_examples=60, derandomize=True, database=None)
NEEDS = st.sets(NEED, min_size=1, max_size=25)


def documents(needs: Iterable[Need], *, is_exact: bool, limit: int = 6144) -> list[Document]:
    return documents_for(statements_for(grants_for(needs, ACCOUNT, is_exact=is_exact)), limit)


def allowed(need: Need, given_: list[Document]) -> bool:
    context = {each.key: each.value for each in need.conditions}
    policies = tuple(Policy.parse(json.dumps(each)) for each in given_)
    access = Access(ALICE, need.action, need.resource, ACCOUNT, context)
    return evaluate(access, Policies(identity=policies)).allowed


def with_one_thing_less(given_: list[Document]) -> Iterator[list[Document]]:
    """Each document set without one action of one statement."""
    for place, document in enumerate(given_):
        for number, statement in enumerate(document["Statement"]):
            for action in statement["Action"]:
                less: Any = copy.deepcopy(given_)
                less[place]["Statement"][number]["Action"].remove(action)
                if not less[place]["Statement"][number]["Action"]:
                    del less[place]["Statement"][number]
                yield [each for each in less if each["Statement"]]


@UNHURRIED
@given(NEEDS, st.booleans(), st.sampled_from([6144, 700]))
def test_all_that_was_needed_is_allowed(needs: set[Need], is_exact: bool, limit: int) -> None:
    made = documents(needs, is_exact=is_exact, limit=limit)
    assert [need for need in needs if not allowed(need, made)] == []


@UNHURRIED
@given(NEEDS, st.booleans())
def test_without_any_one_action_of_a_statement_something_is_denied(needs: set[Need], is_exact: bool) -> None:
    for less in with_one_thing_less(documents(needs, is_exact=is_exact)):
        assert not all(allowed(need, less) for need in needs)


@UNHURRIED
@given(NEEDS, NEED)
def test_the_exact_policy_allows_nothing_else(needs: set[Need], other: Need) -> None:
    made = documents(needs, is_exact=True)
    unconditional = {(need.action, need.resource) for need in needs if not need.conditions}
    literal = "*" not in other.resource  # what stands for a resource without a name yet covers all of them
    if literal and other not in needs and (other.action, other.resource) not in unconditional and not other.conditions:
        assert not allowed(other, made)


@UNHURRIED
@given(st.lists(NEED, min_size=1, max_size=25), st.randoms())
def test_the_order_of_calls_does_not_count(needs: list[Need], random: Any) -> None:
    shuffled = list(needs)
    random.shuffle(shuffled)
    assert json.dumps(documents(needs, is_exact=False)) == json.dumps(documents(shuffled * 2, is_exact=False))


@UNHURRIED
@given(NEEDS, st.integers(420, 900))
def test_each_part_fits_and_has_distinct_sids(needs: set[Need], limit: int) -> None:
    made = documents(needs, is_exact=True, limit=limit)
    assert all(size_of(each) <= limit for each in made)
    for each in made:
        sids = [statement["Sid"] for statement in each["Statement"]]
        assert len(set(sids)) == len(sids)
        assert all(sid.isalnum() for sid in sids)


NAMES = ("GetObject", "GetObjectAcl", "GetObjectTagging", "PutObject", "PutObjectAcl", "ListBucket", "GetBucketAcl")


@UNHURRIED
@given(st.sets(st.sampled_from([f"s3:{name}" for name in NAMES]), min_size=1))
def test_patterns_for_actions_match_no_other_action(actions: set[str]) -> None:
    (statement,) = shortened(statements_for(Grant(action, "arn:aws:s3:::b") for action in actions))
    assert {str(each) for pattern in statement.actions for each in expand(pattern)} == actions
