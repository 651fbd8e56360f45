"""An evaluation as text for people and as data for tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from iamsim.policy.checks import Check, MatchedStatement
from iamsim.policy.effect import CheckType, Effect
from iamsim.policy.near_misses import written

if TYPE_CHECKING:
    from iamsim.policy.document import Policy
    from iamsim.policy.evaluation import Evaluation
    from iamsim.policy.statement import Statement

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
    """The verdict, the check that decided with its statements or what came nearest, then the other checks in order."""
    return "\n".join(_lines(evaluation))


def _lines(evaluation: Evaluation) -> Iterator[str]:
    access, deciding = evaluation.access, evaluation.deciding_check
    verdict = "ALLOWED" if evaluation.allowed else "DENIED"
    yield f"{verdict}: {access.principal.arn} {access.action} on {access.resource}"
    if evaluation.allowed:
        if not evaluation.checks:
            yield "  needs no permission"
        for check in evaluation.checks:
            yield from _told(check, evaluation)
        return
    yield f"  {evaluation.reason()}"
    if deciding is not None:
        yield from _told(deciding, evaluation)
    for check in evaluation.checks:
        if check is not deciding:
            yield from _told(check, evaluation)


def _told(check: Check, evaluation: Evaluation) -> Iterator[str]:
    target = f" ({check.target_arn})" if check.target_arn else ""
    yield f"  {name_of(check)}{target}: {WORDS[check.effect]}"
    for matched in sorted(check.matched, key=lambda one: not one.denies):
        note = f": {matched.note}" if matched.note else ""
        if matched.denies:
            yield f"    Deny by {found_at(matched.policy, matched.statement)}{note}"
            yield from (f"      {why}" for why in _grounds(matched, evaluation))
        else:
            yield f"    Allow by {found_at(matched.policy, matched.statement)}{note}"
    yield from (f"    Allow by KMS grant {grant.grant_id} to {grant.grantee}" for grant in check.grants)
    misses = evaluation.nearest_misses if check is evaluation.deciding_check else ()
    if misses:
        yield "    no statement allows it; nearest:"
    elif not check.matched and not check.grants:
        yield f"    no statement matches{_searched(check)}"
    for miss in misses:
        yield f"      {found_at(miss.policy, miss.statement)}: {miss.describe()}"
        if miss.difference:
            yield f"        {miss.difference}"


def name_of(check: Check) -> str:
    """Such as `service control policies, level 2`."""
    return TITLES[check.check_type] + (f", level {check.level}" if check.level else "")


def found_at(policy: Policy, statement: Statement) -> str:
    """A statement with everything that helps to find it: policy, Sid, holder, file and line."""
    origin = policy.document.origin
    known = [policy.source, origin.place if origin is not None else None]
    places = [place for place in dict.fromkeys(known) if place is not None and place != policy.label]
    if origin is None or origin.is_file:
        places.append(f"line {statement.line}")
    return f"{policy.label}, {statement.label} ({', '.join(places)})"


def _grounds(matched: MatchedStatement, evaluation: Evaluation) -> Iterator[str]:
    """What a Deny is for, and the conditions under which it is in effect."""
    statement, context = matched.statement, evaluation.request.context()
    if statement.allows:  # it counts as a Deny for the reason that its note gives
        return
    has_resource = "Resource" in statement.source or "NotResource" in statement.source
    on = f" on {written(statement, 'Resource')}" if has_resource else ""
    yield f"denies {written(statement, 'Action')}{on}"
    for condition in statement.conditions:
        yield f"where {condition.describe()}; the request has {condition.found_in(context)}"


def _searched(check: Check) -> str:
    if check.check_type is CheckType.PRINCIPAL and check.effect is Effect.ALLOW:
        return "; the root user needs none"
    if not check.policies:
        return "; there is no policy"
    others = f" and {len(check.policies) - 5} more" if len(check.policies) > 5 else ""
    return ", in " + ", ".join(policy.label for policy in check.policies[:5]) + others


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
                **({"difference": miss.difference} if miss.difference else {}),
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
