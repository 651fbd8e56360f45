"""Every rule has a vector that names it, or a reason in `tests/vectors/policy/rule_coverage.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.policy.scenarios import VECTORS, load

FILES = ("conditions", "evaluation", "matching", "public", "remaining", "rules", "validation", "warnings")
TABLE: dict[str, Any] = yaml.safe_load((VECTORS / "rule_coverage.yaml").read_text(encoding="utf-8"))


def rules() -> Iterator[str]:
    for letter, several in TABLE["rules"].items():
        for one in several:
            first, _, last = str(one).partition("-")
            if last:
                yield from (f"{letter}-{number}" for number in range(int(first), int(last) + 1))
            else:
                yield f"{letter}-{one}"


def named() -> set[str]:
    vectors = [vector for name in FILES for vector in load(name)]
    texts = [f"{vector['id']} {vector.get('source', '')} {vector.get('rule', '')}" for vector in vectors]
    return {rule for text in texts for rule in re.findall(r"\b[CILR]-[0-9]+a?\b", text)}


def test_every_rule_has_a_vector_or_a_reason() -> None:
    assert set(rules()) - named() - set(TABLE["without"]) == set()


def test_no_vector_names_a_rule_that_is_none() -> None:
    assert named() - set(rules()) == set()


def test_no_reason_is_given_for_nothing() -> None:
    assert set(TABLE["without"]) & named() == set()
    assert set(TABLE["without"]) <= set(rules())
    assert all(TABLE["without"].values())
