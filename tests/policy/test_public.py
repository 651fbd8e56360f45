"""Which bucket policies are public."""

from __future__ import annotations

from typing import Any

import pytest

from iamsim.policy import Policy
from iamsim.policy.public import public_statements
from tests.policy.scenarios import load


@pytest.mark.parametrize("vector", load("public"), ids=lambda vector: vector["id"])
def test_vector(vector: dict[str, Any]) -> None:
    statement = {"Effect": "Allow", "Principal": vector["principal"], "Action": "s3:GetObject", "Resource": "*"}
    policy = Policy.parse({"Statement": [{**statement, "Condition": vector.get("condition", {})}]})
    assert bool(public_statements(policy.document)) is vector["public"]


def test_a_deny_is_never_public() -> None:
    policy = Policy.parse({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}})
    assert public_statements(policy.document) == ()
