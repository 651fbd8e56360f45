"""What the policy simulator says of one action: policies only, no resource and no real context (A-80 to A-94)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iamsim.kit import Access, Evaluation, Policies, PolicyType, Principal, aws_action, evaluate

from .context_keys import keys_in
from .failures import InvalidInput

DECISIONS = {"ALLOW": "allowed", "EXPLICIT_DENY": "explicitDeny", "IMPLICIT_DENY": "implicitDeny"}
MOST_RESTRICTIVE_FIRST = ("explicitDeny", "implicitDeny", "allowed")
SOURCE_TYPES = {PolicyType.RESOURCE: "Resource Policy"}
GRANTING = (PolicyType.IDENTITY, PolicyType.RESOURCE)
NOT_LISTED = (PolicyType.SCP, PolicyType.RCP)


@dataclass(frozen=True)
class Simulation:
    """What is simulated: who, under which policies, in which context."""

    principal: Principal
    policies: Policies
    context: Mapping[str, str | Sequence[str]]
    resources: Sequence[str]
    resource_account: str | None

    def result(self, action: str) -> dict[str, Any]:
        """The EvaluationResult of one action. Raises InvalidInput for what is no action of AWS (A-87)."""
        if aws_action(action) is None:
            raise InvalidInput(f"Invalid Service/Action specified: {action}")
        results = [self._on(action, resource) for resource in self.resources]
        worst = min(results, key=lambda each: MOST_RESTRICTIVE_FIRST.index(each["EvalResourceDecision"]))
        result = {name: value for name, value in worst.items() if name != "EvalResourceDecision"}
        result |= {"EvalActionName": action, "EvalDecision": worst["EvalResourceDecision"]}
        if self.policies.scps is not None:
            result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": self._allowed_by_scps(action)}
        if len(results) > 1:
            result["ResourceSpecificResults"] = results
        return result

    def _on(self, action: str, resource: str) -> dict[str, Any]:
        evaluation = self._evaluate(action, resource)
        result: dict[str, Any] = {
            "EvalResourceName": resource,
            "EvalResourceDecision": DECISIONS[evaluation.evaluated_effect.name],
            "MatchedStatements": list(_matched(evaluation)),
            "MissingContextValues": self._missing(),
        }
        if self.resource_account not in (None, self.principal.account) and self.policies.resource:
            result["EvalDecisionDetails"] = {
                source: _decision_of(evaluation, kind)
                for source, kind in (("IAM Policy", PolicyType.IDENTITY), ("Resource Policy", PolicyType.RESOURCE))
            }
        if self.policies.boundary is not None:
            allowed = PolicyType.BOUNDARY not in evaluation.blockers
            result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
        return result

    def _evaluate(self, action: str, resource: str) -> Evaluation:
        access = Access(self.principal, action, resource, self.resource_account, self.context)
        return evaluate(access, self.policies)

    def _allowed_by_scps(self, action: str) -> bool:
        found = [self._evaluate(action, resource) for resource in self.resources]
        return not any(PolicyType.SCP in evaluation.blockers for evaluation in found)

    def _missing(self) -> list[str]:
        """The keys that the policies ask about and the call does not give; SCPs' keys do not count (A-84)."""
        policies = self.policies
        boundary = () if policies.boundary is None else (policies.boundary,)
        given = {key.lower() for key in self.context}
        asked = keys_in([*policies.identity, *boundary, *policies.resource])
        return [key for key in asked if key.lower() not in given]


def _decision_of(evaluation: Evaluation, kind: PolicyType) -> str:
    """What the policies of this type alone say."""
    if kind in evaluation.explicit_blockers:
        return "explicitDeny"
    return "implicitDeny" if kind in evaluation.blockers else "allowed"


def _matched(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """The statements that decided: the Denies, or the Allows that granted; none for a missing Allow (A-83)."""
    decision = DECISIONS[evaluation.evaluated_effect.name]
    if decision == "implicitDeny":
        return
    for check in evaluation.checks:
        for matched in check.matched:
            counts = matched.denies if decision == "explicitDeny" else matched.policy_type in GRANTING
            if counts and matched.policy_type not in NOT_LISTED:
                start, end = _span(matched.statement.text, matched.statement.place())
                yield {
                    "SourcePolicyId": matched.policy.name or "",
                    "SourcePolicyType": SOURCE_TYPES.get(matched.policy_type, "IAM Policy"),
                    "StartPosition": start,
                    "EndPosition": end,
                }


def _span(text: str, place: tuple[int, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Where the statement at `place` begins, and where the text goes on behind it."""
    lines = text.splitlines(keepends=True)
    start = text.index("{", sum(map(len, lines[: place[0] - 1])) + place[1] - 1)
    _, end = json.JSONDecoder().raw_decode(text, start)
    return _position(text, start), _position(text, end)


def _position(text: str, index: int) -> dict[str, int]:
    return {"Line": text.count("\n", 0, index) + 1, "Column": index - text.rfind("\n", 0, index)}
