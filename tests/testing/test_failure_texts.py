"""The whole text of every kind of failure, as `failure_texts.txt` has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from iamsim import Simulator, mock_aws
from iamsim.testing import (
    anonymous,
    as_user,
    assert_allowed,
    assert_denied,
    assert_matrix,
    expect_allowed,
    expect_denied,
    organization,
    role,
    user,
)
from tests.testing.conftest import ORDER

SNAPSHOT = Path(__file__).with_name("failure_texts.txt")
RED = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
BOB = "arn:aws:iam::222222222222:user/bob"
ANN = "arn:aws:iam::222222222222:user/ann"


def allows(**members: Any) -> dict[str, Any]:
    return {"Sid": "Allows", "Effect": "Allow", "Action": "s3:*", "Resource": "*"} | members


def denies(**members: Any) -> dict[str, Any]:
    return {"Sid": "Denies", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"} | members


def of_documents(action: str = "s3:GetObject", who: str = "ann", **documents: Any) -> Callable[[], None]:
    return lambda: assert_allowed(who, action, ORDER, **documents)


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def denied_by(**options: Any) -> Callable[[], None]:
    both = [allows(), denies()]
    return lambda: assert_denied("ann", "s3:DeleteObject", ORDER, identity_policies=both, **options)


DOCUMENTS: dict[str, Callable[[], None]] = {
    "a condition whose key the request lacks": of_documents(identity_policies=allows(Condition=RED)),
    "a condition with another value": of_documents(
        identity_policies=allows(Condition=RED), context={"aws:PrincipalTag/team": "blue"}
    ),
    "another resource": of_documents(identity_policies=allows(Resource="arn:aws:s3:::orders/2")),
    "another action": of_documents(identity_policies=allows(Action=["s3:GetObjects", "s3:PutObject"])),
    "no policy at all": of_documents(identity_policies=[]),
    "a boundary that denies": of_documents(
        "s3:DeleteObject", identity_policies=allows(), boundary=document(allows(), denies())
    ),
    "a boundary and a policy that lack an Allow": of_documents(
        identity_policies=allows(Condition=RED), boundary=allows(Action="sqs:*")
    ),
    "a service control policy of the second level": of_documents(
        identity_policies=allows(), scps=[allows(Action="*"), allows(Action="sqs:*")]
    ),
    "a session policy": of_documents(
        who="arn:aws:sts::123456789012:assumed-role/app/s",
        identity_policies=allows(),
        session_policies=allows(Action="s3:Put*"),
    ),
    "a resource policy for somebody else": of_documents(
        who=BOB,
        identity_policies=allows(),
        resource_account="123456789012",
        resource_policy=allows(Principal={"AWS": ANN}, Resource="arn:aws:s3:::orders/*"),
    ),
    "allowed where a denial is expected": lambda: assert_denied(
        "ann", "s3:GetObject", ORDER, identity_policies=allows()
    ),
    "denied by another type of policy": denied_by(by="scp"),
    "blocked by other types": denied_by(by=["identity", "scp"]),
    "denied by another statement": denied_by(statement="Other"),
    "denied explicitly": denied_by(explicit=False),
}


def around(what: str) -> None:
    user("alice", {"reads": allows(Action="s3:GetObject")})
    s3 = boto3.client("s3", region_name="us-east-1")
    with as_user("alice"):
        match what:
            case "another action was denied":
                with expect_denied("s3:PutObject"):
                    s3.delete_object(Bucket="orders", Key="1")
            case "nothing was denied":
                with expect_denied("s3:GetObject"):
                    s3.get_object(Bucket="orders", Key="1")
            case "a call was denied where all should be allowed":
                with expect_allowed():
                    s3.delete_object(Bucket="orders", Key="1")
            case "what should be allowed was not called":
                with expect_allowed("s3:PutObject", ORDER):
                    s3.get_object(Bucket="orders", Key="1")


def of_trust() -> None:
    made = role("app", trusts="lambda.amazonaws.com")
    assert_allowed(user("alice"), "sts:AssumeRole", str(made.principal.entity_arn))


def of_a_public_bucket() -> None:
    assert_allowed(anonymous(), "s3:GetObject", ORDER)


def of_an_organization() -> None:
    organization(scps={"Sid": "NoDeletes", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"})
    user("alice", allows())
    assert_allowed("alice", "s3:DeleteObject", ORDER)


def of_a_matrix() -> None:
    user("alice", allows(Action="s3:GetObject"))
    assert_matrix({("alice", "s3:GetObject", ORDER): False, ("alice", "s3:PutObject", ORDER): "-"})


STATE: dict[str, Callable[[], None]] = {
    **{
        what: lambda what=what: around(what)  # type: ignore[misc]
        for what in (
            "another action was denied",
            "nothing was denied",
            "a call was denied where all should be allowed",
            "what should be allowed was not called",
        )
    },
    "a role that does not trust": of_trust,
    "a bucket that is not public": of_a_public_bucket,
    "an organization's policy": of_an_organization,
    "a matrix": of_a_matrix,
}


def told(case: Callable[[], None]) -> str:
    """What the failing `case` says, with PLACE for lines of this file."""
    with pytest.raises(AssertionError) as raised:
        case()
    return re.sub(r"[\w/]*test_failure_texts\.py:\d+ in [\w<>]+", "PLACE", str(raised.value))


def everything() -> str:
    texts = {what: told(case) for what, case in DOCUMENTS.items()}
    for what, case in STATE.items():
        with mock_aws():
            s3 = boto3.client("s3", region_name="us-east-1")
            s3.create_bucket(Bucket="orders")
            s3.put_object(Bucket="orders", Key="1", Body=b"42")
            texts[what] = told(case)
    return "\n\n".join(f"## {what}\n{text}" for what, text in texts.items()) + "\n"


EXPECTED = dict(block.split("\n", 1) for block in SNAPSHOT.read_text(encoding="utf-8").rstrip("\n").split("\n\n## "))
EXPECTED = {what.removeprefix("## "): text for what, text in EXPECTED.items()}


def test_each_case_has_its_text() -> None:
    assert list(EXPECTED) == [*DOCUMENTS, *STATE]


@pytest.mark.parametrize("what", DOCUMENTS)
def test_of_documents(what: str) -> None:
    assert told(DOCUMENTS[what]) == EXPECTED[what]


@pytest.mark.parametrize("what", STATE)
def test_of_state_and_calls(aws: Simulator, what: str) -> None:
    assert told(STATE[what]) == EXPECTED[what]
