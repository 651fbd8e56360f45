"""How far an Allow reaches, by the form of its principal (section 6)."""

from __future__ import annotations

from typing import Any

import pytest

from iamsim.policy import Principal, PrincipalKind
from iamsim.policy.principal_element import PrincipalElement, Reach, caller_of
from tests.policy.scenarios import principal

A = "111111111111"
CALLERS = {
    "root": principal(f"arn:aws:iam::{A}:root"),
    "user": principal(f"arn:aws:iam::{A}:user/alice", entity_id="AIDAX"),
    "role": principal(f"arn:aws:sts::{A}:assumed-role/r/s", f"arn:aws:iam::{A}:role/p/r", "AROAX"),
    "federated": principal(f"arn:aws:sts::{A}:federated-user/f", f"arn:aws:iam::{A}:user/alice", "AIDAX"),
    "service": principal("lambda.amazonaws.com"),
    "anonymous": principal("anonymous"),
}
NO, ACCOUNT, CAPPED, DIRECT = Reach.NONE, Reach.DELEGATES, Reach.CAPPED, Reach.DIRECT


@pytest.mark.parametrize(
    ("element", "reaches"),  # in the order of CALLERS
    [
        ("*", (DIRECT, DIRECT, DIRECT, DIRECT, DIRECT, DIRECT)),
        ({"AWS": "*"}, (DIRECT, DIRECT, DIRECT, DIRECT, DIRECT, DIRECT)),
        ({"AWS": A}, (ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT, NO, NO)),
        ({"AWS": f"arn:aws:iam::{A}:root"}, (ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT, NO, NO)),
        ({"AWS": f"arn:aws:iam::{A}:user/alice"}, (NO, DIRECT, NO, CAPPED, NO, NO)),
        ({"AWS": "AIDAX"}, (NO, DIRECT, NO, CAPPED, NO, NO)),
        ({"AWS": f"arn:aws:iam::{A}:role/p/r"}, (NO, NO, CAPPED, NO, NO, NO)),
        ({"AWS": f"arn:aws:iam::{A}:role/r"}, (NO, NO, CAPPED, NO, NO, NO)),
        ({"AWS": "AROAX"}, (NO, NO, CAPPED, NO, NO, NO)),
        ({"AWS": f"arn:aws:sts::{A}:assumed-role/r/s"}, (NO, NO, DIRECT, NO, NO, NO)),
        ({"AWS": f"arn:aws:sts::{A}:federated-user/f"}, (NO, NO, NO, DIRECT, NO, NO)),
        ({"AWS": f"arn:aws:iam::{A}:user/f"}, (NO, NO, NO, NO, NO, NO)),
        ({"Service": "lambda.amazonaws.com"}, (NO, NO, NO, NO, DIRECT, NO)),
        ({"Service": "*"}, (NO, NO, NO, NO, NO, NO)),
        ({"AWS": "lambda.amazonaws.com"}, (NO, NO, NO, NO, NO, NO)),
        ({"Federated": "*"}, (NO, NO, NO, NO, NO, NO)),
        ({"AWS": [A, f"arn:aws:iam::{A}:user/alice"]}, (ACCOUNT, DIRECT, ACCOUNT, CAPPED, NO, NO)),
        ({"AWS": f"arn:aws-cn:iam::{A}:root"}, (NO, NO, NO, NO, NO, NO)),
        ({}, (NO, NO, NO, NO, NO, NO)),
    ],
)
def test_reach(element: Any, reaches: tuple[Reach, ...]) -> None:
    found = PrincipalElement.of(element)
    assert tuple(found.reach(caller_of(caller)) for caller in CALLERS.values()) == reaches
    assert tuple(found.includes(caller_of(caller)) for caller in CALLERS.values()) == tuple(map(bool, reaches))


def test_a_canonical_user_is_the_whole_account() -> None:
    alice = Principal(PrincipalKind.USER, A, f"arn:aws:iam::{A}:user/alice", "AIDAX", canonical_id="c" * 64)
    assert PrincipalElement.of({"CanonicalUser": "c" * 64}).reach(caller_of(alice)) is Reach.DELEGATES
    assert PrincipalElement.of({"CanonicalUser": "*"}).reach(caller_of(alice)) is Reach.NONE


def test_a_deny_for_everyone_hits_identity_providers_too() -> None:
    google = caller_of(principal("accounts.google.com"))
    assert PrincipalElement.of("*").includes(google)
    assert PrincipalElement.of("*").reach(google) is Reach.NONE
    assert PrincipalElement.of({"Federated": "accounts.google.com"}).reach(google) is Reach.DIRECT
