"""An evaluation as text for people and as data for tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from iamsim.policy.checks import Check, MatchedStatement
from iamsim.policy.effect import CheckType, Effect

if TYPE_CHECKING:
    from iamsim.policy.evaluation import Evaluation

TITLES = {
    CheckType.RESOURCE_CONTROL_POLICY: "resource control policies",
    CheckType.SERVICE_CONTROL_POLICY: "service control policies",
    CheckType.VPC_ENDPOINT: "VPC endpoint policy",
    CheckType.RESOURCE: "resource's owner",
    CheckType.PRINCIPAL: "principal's account",
    CheckType.PERMISSIONS_BOUNDARY: "permissions boundary",
    CheckType.SESSION: "session policies",
}
WORDS = {
    Effect.ALLOW: "allows",
    Effect.EXPLICIT_DENY: "DENIES",
    Effect.IMPLICIT_DENY: "DOES NOT ALLOW",
    Effect.NO_IMPACT: "does not matter here",
}


def as_text(evaluation: Evaluation) -> str:
    """Every check in order, the statements that matched, and the nearest misses."""
    return "\n".join(_lines(evaluation))


def _lines(evaluation: Evaluation) -> Iterator[str]:
    access = evaluation.access
    verdict = "ALLOWED" if evaluation.allowed else "DENIED"
    yield f"{verdict}: {access.principal.arn} {access.action} on {access.resource}"
    if not evaluation.allowed:
        yield f"  {evaluation.reason()}"
    elif not evaluation.checks:
        yield "  needs no permission"
    for check in evaluation.checks:
        where = f", level {check.level}" if check.level else ""
        target = f" ({check.target_arn})" if check.target_arn else ""
        yield f"  {TITLES[check.check_type]}{where}{target}: {WORDS[check.effect]}"
        for matched in check.matched:
            yield f"    {_told(matched)}"
            if matched.denies:
                yield from (f"      {why}" for why in _conditions(matched, evaluation))
        yield from (f"    Allow by KMS grant {grant.grant_id} to {grant.grantee}" for grant in check.grants)
        if not check.matched and not check.grants:
            yield f"    no statement matches{_searched(check)}"
    if evaluation.nearest_misses:
        yield "  nearest misses:"
    for miss in evaluation.nearest_misses:
        yield f"    {miss.policy.label}, {miss.statement.label} (line {miss.statement.line}): {miss.describe()}"


def _told(matched: MatchedStatement) -> str:
    statement = matched.statement
    effect = "Deny" if matched.denies else "Allow"
    note = f": {matched.note}" if matched.note else ""
    return f"{effect} by {matched.policy.label}, {statement.label} (line {statement.line}){note}"


def _conditions(matched: MatchedStatement, evaluation: Evaluation) -> Iterator[str]:
    context = evaluation.request.context()
    for condition in matched.statement.conditions:
        yield f"where {condition.describe()}; the request has {condition.found_in(context)}"


def _searched(check: Check) -> str:
    if check.check_type is CheckType.PRINCIPAL and check.effect is Effect.ALLOW:
        return "; the root user needs none"
    if not check.policies:
        return "; there is no policy"
    return (
        ", in " + ", ".join(policy.label for policy in check.policies[:5]) + (" ..." if len(check.policies) > 5 else "")
    )


def as_dict(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation in the member names of GetRequestAuthorizationDetails (section 18), with positions beside them."""
    return {
        "action": evaluation.access.action,
        "resource": evaluation.access.resource,
        "principal": evaluation.access.principal.arn,
        "evaluatedEffect": evaluation.evaluated_effect.value,
        "reason": evaluation.reason(),
        "checks": [_check(check) for check in evaluation.checks],
        "nearestMisses": [
            {
                "policy": miss.policy.label,
                "sid": miss.statement.label,
                "line": miss.statement.line,
                "element": miss.element,
                "wanted": miss.wanted,
                "actual": miss.actual,
            }
            for miss in evaluation.nearest_misses
        ],
    }


def _check(check: Check) -> dict[str, Any]:
    policies: dict[int, dict[str, Any]] = {}
    for matched in check.matched:
        place = id(matched.policy)
        found = policies.setdefault(
            place, {"uri": matched.policy.label, "type": matched.policy_type.value, "matchedStatements": []}
        )
        found["matchedStatements"].append(
            {
                "sid": matched.statement.label,
                "evaluatedEffect": "DENY" if matched.denies else "ALLOW",
                "line": matched.statement.line,
                "column": matched.statement.column,
            }
        )
    return {
        "checkType": check.check_type.value,
        "evaluatedEffect": check.effect.value,
        **({"targetArn": check.target_arn} if check.target_arn else {}),
        "relevantPolicyTypes": [kind.value for kind in check.policy_types],
        "matchedPolicies": list(policies.values()),
        **({"grants": [grant.grant_id for grant in check.grants]} if check.grants else {}),
    }
