"""Beside policyuniverse, which reads ARNs, principals and openness to the internet in code of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.arn import Arn
from iamsim.policy import Policy
from iamsim.policy.principal import PrincipalKind
from iamsim.policy.public import public_statements
from iamsim.tools.principals import principal_named

universe = pytest.importorskip("policyuniverse.policy")
arns = pytest.importorskip("policyuniverse.arn")

VECTORS = Path(__file__).parents[1] / "vectors" / "policy" / "public.yaml"
# What policyuniverse takes for a limit although S3 does not: operators with IfExists and ForAllValues, policy
# variables, ranges of addresses as wide as half the internet, a role with any session.
NARROWER = {
    "a VPC if there is one",
    "a variable is not fixed",
    "too many addresses",
    "too many IPv6 addresses",
    "role id with any session",
    "all values",
}
WIDER = {"access points of an account"}  # a key that it does not know
ACCOUNT = "123456789012"
PRINCIPALS: list[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": ACCOUNT},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:user/u", "*"]},
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/of/r", f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s"]},
    {"Service": "s3.amazonaws.com"},
    {"Service": "s3.amazonaws.com", "AWS": "*"},
    {"Federated": "accounts.google.com"},
]


def document(principal: Any, condition: Any = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


def is_public(policy: dict[str, Any]) -> bool:
    return bool(public_statements(Policy.parse(policy, name="p").document))


@pytest.mark.parametrize("principal", PRINCIPALS, ids=str)
def test_who_is_everybody(principal: Any) -> None:
    policy = document(principal)
    assert is_public(policy) is universe.Policy(policy).is_internet_accessible()


@pytest.mark.parametrize("case", yaml.safe_load(VECTORS.read_text("utf-8"))["vectors"], ids=lambda case: case["id"])
def test_the_vectors_of_openness(case: dict[str, Any]) -> None:
    """Equal but for what is listed above; there S3's own words decide, and the vector has them."""
    policy = document(case["principal"], case.get("condition"))
    told = universe.Policy(policy).is_internet_accessible()
    if case["id"] in NARROWER:
        assert (is_public(policy), told) == (True, False)
    elif case["id"] in WIDER:
        assert (is_public(policy), told) == (False, True)
    else:
        assert is_public(policy) is told


NAME = st.text("abcdefghij0123456789-_/", min_size=1, max_size=20)


@settings(derandomize=True, max_examples=200)
@given(
    st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
    st.sampled_from(["iam", "s3", "sqs", "sts", "lambda"]),
    st.sampled_from(["", "us-east-1", "cn-north-1"]),
    st.sampled_from(["", ACCOUNT, "aws"]),
    NAME,
)
def test_the_parts_of_an_arn_are_the_same(
    partition: str, service: str, region: str, account: str, resource: str
) -> None:
    text = f"arn:{partition}:{service}:{region}:{account}:{resource}"
    ours, theirs = Arn.parse(text), arns.ARN(text)
    assert (ours.partition, ours.service, ours.region, ours.account, ours.resource) == (
        theirs.partition,
        theirs.tech,
        theirs.region,
        theirs.account_number,
        theirs.name,
    )


@pytest.mark.parametrize(
    "text",
    [
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:iam::{ACCOUNT}:user/root",
        f"arn:aws:iam::{ACCOUNT}:role/of/r",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s",
        "s3.amazonaws.com",
        "logs.amazonaws.com",
    ],
)
def test_whom_a_name_means(text: str) -> None:
    ours, theirs = principal_named(text, ""), arns.ARN(text)
    assert (ours.kind is PrincipalKind.ROOT) is theirs.root
    assert (ours.kind is PrincipalKind.SERVICE) is theirs.service
    assert (ours.account or None) == theirs.account_number
