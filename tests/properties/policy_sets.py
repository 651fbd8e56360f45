"""Policy sets and requests made up at random, from a small world in which things often match."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from iamsim.policy import Access, Policies, Policy, Principal, PrincipalKind

A, B = "111111111111", "222222222222"
ALICE = f"arn:aws:iam::{A}:user/alice"
ROLE = f"arn:aws:iam::{A}:role/r"
SESSION = f"arn:aws:sts::{A}:assumed-role/r/s"
FEDERATED = f"arn:aws:sts::{A}:federated-user/f"
FOREIGN = f"arn:aws:iam::{B}:user/bob"

PRINCIPALS = [
    Principal(PrincipalKind.USER, A, ALICE, "AIDA", entity_arn=ALICE),
    Principal(PrincipalKind.USER, B, FOREIGN, "AIDB", entity_arn=FOREIGN),
    Principal(PrincipalKind.ROLE_SESSION, A, SESSION, "AROA:s", entity_arn=ROLE),
    Principal(PrincipalKind.FEDERATED_USER, A, FEDERATED, f"{A}:f", entity_arn=ALICE),
    Principal.root(A),
    Principal.root(B),
    Principal.service("sns.amazonaws.com"),
    Principal.anonymous(),
]
ACTIONS = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "ec2:RunInstances", "kms:Decrypt", "sts:AssumeRole"]
ACTION_PATTERNS = ["*", "s3:*", "s3:Get*", "S3:?etobject", "sqs:SendMessage", "ec2:*", "*:*Message", "kms:*", "sts:*"]
RESOURCES = ["*", "arn:aws:s3:::b/alice/k", "arn:aws:s3:::b/x:y", f"arn:aws:sqs:eu-west-1:{A}:q"]
RESOURCE_PATTERNS = [
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/alice/k",
    "arn:aws:s3:::b/${aws:username}/?",
    "arn:aws:s3:::*:y",
    "arn:aws:*:*:*:*",
    "arn:aws:sqs:eu-*:*:q*",
    "arn:aws:s3:::b/${missing}",
    "arn:aws:s3:::b/${missing, 'alice'}/*",
    "arn:aws:s3:::b/${*}",
]
NAMES = st.sampled_from([A, f"arn:aws:iam::{A}:root", B, ALICE, ROLE, SESSION, FEDERATED, FOREIGN])
KEYS = ["aws:username", "aws:PrincipalArn", "s3:max-keys", "aws:CurrentTime", "aws:SourceIp", "aws:TagKeys", "k"]
VALUES = {
    "aws:username": ["alice", "*", "Alice"],
    "aws:PrincipalArn": [ALICE, ROLE],
    "s3:max-keys": ["10", "9", "x"],
    "aws:CurrentTime": ["2026-01-01T00:00:00Z", "2025-12-31T00:00:00+01:00"],
    "aws:SourceIp": ["10.1.2.3", "2001:db8::1"],
    "aws:TagKeys": ["a", "b", "c"],
    "k": ["true", "False", "QQ==", "v"],
}
WANTED = [
    "alice", "a*", "${aws:username}", "${missing}", "*", "10", "9.5", "2026-01-01T00:00:00Z", "10.0.0.0/8", "::/0",
    f"arn:aws:iam::{A}:*/*", "arn:aws:iam::*:user/${aws:username}", "b", "true", "QQ==", "ALICE",
]  # fmt: skip
OPERATORS = [
    "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
    "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
    "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
    "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress",
    "NotIpAddress", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike",
]  # fmt: skip

contexts = st.fixed_dictionaries(
    {},
    optional={
        key: st.lists(st.sampled_from(VALUES[key]), max_size=3)
        if key == "aws:TagKeys"
        else st.sampled_from(VALUES[key])
        for key in KEYS
    },
)


def some(values: list[str]) -> st.SearchStrategy[str | list[str]]:
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3)


def operators() -> st.SearchStrategy[str]:
    full = st.builds(
        lambda prefix, base, suffix: prefix + base + suffix,
        st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"]),
        st.sampled_from(OPERATORS),
        st.sampled_from(["", "", "IfExists"]),
    )
    return full | st.just("Null")


conditions = st.dictionaries(operators(), st.dictionaries(st.sampled_from(KEYS), some(WANTED), max_size=2), max_size=2)
principals = st.just("*") | st.fixed_dictionaries(
    {}, optional={"AWS": st.lists(NAMES | st.just("*"), max_size=3), "Service": st.just("sns.amazonaws.com")}
)


@st.composite
def statements(draw: st.DrawFn, *, has_principals: bool, effects: tuple[str, ...] = ("Allow", "Allow", "Deny")) -> Any:
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(effects))}
    negated = draw(st.integers(0, 9))
    statement["NotAction" if negated == 0 else "Action"] = draw(some(ACTION_PATTERNS))
    statement["NotResource" if negated == 1 else "Resource"] = draw(some(RESOURCE_PATTERNS))
    if has_principals and negated == 2:
        statement["NotPrincipal"] = {"AWS": draw(st.lists(NAMES, max_size=4)), "Service": "sns.amazonaws.com"}
    elif has_principals:
        statement["Principal"] = draw(principals)
    if draw(st.booleans()):
        statement["Condition"] = draw(conditions)
    return statement


@st.composite
def documents(
    draw: st.DrawFn, *, has_principals: bool = False, effects: tuple[str, ...] = ("Allow", "Allow", "Deny")
) -> Policy:
    several = draw(st.lists(statements(has_principals=has_principals, effects=effects), min_size=1, max_size=3))
    version = draw(st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"]))
    return Policy.parse({"Version": version, "Statement": several})


def sets(source: st.SearchStrategy[Policy], most: int = 2) -> st.SearchStrategy[tuple[Policy, ...]]:
    return st.lists(source, max_size=most).map(tuple)


def rarely(source: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.none() | source


plain = documents()
levels = st.lists(sets(plain), min_size=1, max_size=2).map(tuple)
rcp_levels = st.lists(sets(documents(has_principals=True, effects=("Deny",)), 1), min_size=1, max_size=2).map(tuple)
policy_sets = st.builds(
    Policies,
    identity=sets(plain),
    boundary=rarely(plain),
    session=rarely(sets(plain)),
    resource=sets(documents(has_principals=True)),
    resource_must_allow=st.booleans(),
    is_trust=st.sampled_from([False, False, True]),
    scps=rarely(levels),
    rcps=rarely(rcp_levels),
    vpc_endpoint=rarely(documents(has_principals=True)),
    is_management_account=st.sampled_from([False, False, True]),
)
accesses = st.builds(
    Access,
    principal=st.sampled_from(PRINCIPALS),
    action=st.sampled_from(ACTIONS),
    resource=st.sampled_from(RESOURCES),
    resource_account=st.sampled_from([A, A, B]),
    context=contexts,
    wildcard_only=st.sampled_from([False, False, False, True]),
)
