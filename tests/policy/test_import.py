"""What importing the engine loads: no more than a decision needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import iamsim.policy

NOT_FOR_A_DECISION = (
    "lark", "difflib", "ipaddress", "decimal", "datetime", "base64", "iamsim.policy.validation", "iamsim.policy.checks",
    "iamsim.policy.explain", "iamsim.policy.near_misses", "iamsim.policy.positions", "iamsim.policy.public",
)  # fmt: skip
DECIDE = """
import sys
at_start = set(sys.modules)
from iamsim.policy import Access, Policies, Policy, Principal, evaluate
policy = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}}')
evaluate(Access(Principal.anonymous(), "s3:GetObject", "arn:aws:s3:::b/k"), Policies(identity=(policy,)))
print(*(set(sys.modules) - at_start))
"""


def test_a_decision_loads_only_what_it_needs() -> None:
    done = subprocess.run([sys.executable, "-c", DECIDE], check=True, capture_output=True, text=True)
    loaded = done.stdout.split()
    assert "iamsim.policy.evaluate" in loaded
    assert set(NOT_FOR_A_DECISION) & set(loaded) == set()


@pytest.mark.parametrize("name", iamsim.policy.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(iamsim.policy, name).__name__.lower().replace("_", "") in (name.lower().replace("_", ""), "parse")


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute `nothing`"):
        _ = iamsim.policy.nothing
