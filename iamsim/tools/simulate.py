"""Scenarios answered: one, or many requests against the same policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from iamsim.errors import UsageError
from iamsim.policy import Effect, Evaluation, PolicyType, evaluate
from iamsim.reference.actions import action as known_action
from iamsim.tools.scenario import DECISIONS, PolicyProblem, Scenario, access_of, read_scenario

DECISION = dict(zip((Effect.ALLOW, Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY), DECISIONS, strict=True))
FIELD = {
    PolicyType.RCP: "rcps",
    PolicyType.SCP: "scps",
    PolicyType.VPC_ENDPOINT: "vpc_endpoint_policy",
    PolicyType.RESOURCE: "resource_policy",
    PolicyType.TRUST: "resource_policy",
    PolicyType.IDENTITY: "identity_policies",
    PolicyType.BOUNDARY: "permissions_boundary",
    PolicyType.SESSION: "session_policies",
}
REQUEST_FIELDS = frozenset({"id", "action", "resource", "resource_account", "context", "wildcard_only_action"})


@dataclass(frozen=True)
class Answer:
    """A scenario's answer, and whether it is the expected one."""

    id: str | None
    evaluation: Evaluation
    scenario: Scenario

    @property
    def decision(self) -> str:
        """`allowed`, `explicitDeny` or `implicitDeny`."""
        return DECISION[self.evaluation.evaluated_effect]

    @property
    def blocked_by(self) -> list[str]:
        """The fields of the scenario whose policies stand in the way; [] if it is allowed."""
        return blocked_by(self.evaluation)

    @property
    def mismatches(self) -> list[str]:
        """What differs from what the scenario expects."""
        found = []
        scenario = self.scenario
        if scenario.expect is not None and scenario.expect != self.decision:
            found.append(f"expected {scenario.expect}, got {self.decision}")
        wanted = scenario.expect_blocked_by
        if wanted is not None and set(wanted) != set(self.blocked_by):
            found.append(f"expected to be blocked by {_listed(wanted)}, was by {_listed(self.blocked_by)}")
        return found

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON data."""
        return {
            "id": self.id,
            "decision": self.decision,
            "blocked_by": self.blocked_by,
            "checks": self.evaluation.to_dict()["checks"],
            "explanation": self.evaluation.explain(),
        }


def answer(data: Mapping[str, Any]) -> Answer:
    """The answer to the scenario in `data`. Raises UsageError for a bad scenario."""
    scenario = read_scenario(data, is_wildcard_only)
    return Answer(scenario.id, evaluate(scenario.access, scenario.policies), scenario)


def simulate(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """`{"id", "decision", "blocked_by", "checks", "explanation"}`, or `{"id", "error"}` if AWS would refuse a policy.

    Raises UsageError for a scenario that is none. The format: docs/reference/scenarios.md.
    """
    try:
        return answer(scenario).to_dict()
    except PolicyProblem as problem:
        return error_of(scenario, problem)


def error_of(scenario: Mapping[str, Any], problem: UsageError) -> dict[str, Any]:
    """What is answered to a scenario that cannot be evaluated."""
    error: dict[str, Any] = {"message": str(problem)}
    if isinstance(problem, PolicyProblem):
        error |= {"policy": problem.policy, "line": problem.line, "column": problem.column}
    return {"id": scenario.get("id"), "error": error}


def prepare(scenario: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function that answers requests (`action`, `resource`, `resource_account`, `context`) as `simulate` does, for
    the principal and the policies of `scenario`, which are read once.

    Raises UsageError for a bad scenario.
    """
    first = read_scenario({"action": "none:None", **scenario}, is_wildcard_only)
    base = {key: scenario[key] for key in ("resource", "resource_account", "infer_context") if key in scenario}

    def ask(request: Mapping[str, Any]) -> dict[str, Any]:
        for name in request:
            if name not in REQUEST_FIELDS:
                raise UsageError(f"unknown field `{name}` in a request: known are {', '.join(sorted(REQUEST_FIELDS))}")
        merged = {**base, **request}
        if "action" not in merged:
            raise UsageError("`action` is missing in a request")
        whole = read_scenario({**scenario, **merged}, is_wildcard_only) if _kind(merged) != _kind(scenario) else first
        access = access_of(merged, whole.access.principal, is_wildcard_only)
        evaluation = evaluate(access, whole.policies)
        return Answer(merged.get("id"), evaluation, whole).to_dict()

    return ask


def _kind(data: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether a trust policy, and whether a key policy, is what `resource_policy` is for this request."""
    action, resource = str(data.get("action", "")).lower(), str(data.get("resource", ""))
    return action.startswith("sts:") and ":role/" in resource, action.startswith("kms:") and ":key/" in resource


def blocked_by(evaluation: Evaluation) -> list[str]:
    """The scenario fields of the layers that stand in the way, in the order of evaluation-logic section 18."""
    fields = [FIELD[kind] for kind in evaluation.blockers]
    if evaluation.is_blocked_as_public:
        place = fields.index("resource_policy") if "resource_policy" in fields else len(fields)
        denies = any(
            matched.denies and matched.policy_type in (PolicyType.RESOURCE, PolicyType.TRUST) and not matched.note
            for check in evaluation.checks
            for matched in check.matched
        )
        if not denies and "resource_policy" in fields:
            fields.remove("resource_policy")
        fields.insert(place, "s3_block_public_access")
    return fields


def is_wildcard_only(action: str) -> bool:
    """Whether AWS's reference knows `action` as one without resource types (L-45)."""
    found = known_action(action)
    return found is not None and found.is_wildcard_only


def _listed(names: Any) -> str:
    return ", ".join(names) or "nothing"
