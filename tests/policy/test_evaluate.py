"""The decision, by the vectors of `tests/vectors/policy`."""

from __future__ import annotations

from typing import Any

import pytest

from iamsim.policy import Effect, PolicyType, evaluate
from tests.policy.scenarios import access, load, policies

EFFECTS = {
    "allowed": Effect.ALLOW,
    "explicitDeny": Effect.EXPLICIT_DENY,
    "implicitDeny": Effect.IMPLICIT_DENY,
}
SCENARIOS = load("evaluation") + load("rules") + load("matching") + load("remaining")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["id"])
def test_vector(scenario: dict[str, Any]) -> None:
    evaluation = evaluate(access(scenario), policies(scenario))
    assert evaluation.evaluated_effect is EFFECTS[scenario["expect"]], evaluation.explain()
    if "reason" in scenario:
        assert evaluation.deciding_type is PolicyType[scenario["reason"]], evaluation.explain()
    if "blocked_by" in scenario:
        assert [kind.name for kind in evaluation.blockers] == scenario["blocked_by"]
    effects = [check.effect for check in evaluation.checks]
    assert (Effect.EXPLICIT_DENY in effects) == (evaluation.evaluated_effect is Effect.EXPLICIT_DENY)
    assert evaluation.allowed == (Effect.EXPLICIT_DENY not in effects and Effect.IMPLICIT_DENY not in effects)
    assert evaluation.to_dict()["evaluatedEffect"] == evaluation.evaluated_effect.value
    assert evaluation.explain()


def test_every_published_vector_is_there() -> None:
    ids = {scenario["id"].split()[0] for scenario in SCENARIOS}
    assert {f"T-{number}" for number in range(1, 41) if number != 39} <= ids
