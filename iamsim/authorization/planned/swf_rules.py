"""Amazon SWF: only SWF knows a task's domain, by the task's token; decisions are actions, too (O section 4)."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import action


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The domain that the token is of, any if nobody knows; there each kind of decision that a decider makes."""
    token = asked.get("taskToken")
    domain = asked.meant("swf", "domain", token) if token is not None else None
    for check in checks if domain is not None else ():
        if check.resource.endswith("/domain/*"):
            check.resource = str(domain)
    if asked.operation != "RespondDecisionTaskCompleted":
        return checks
    kinds = dict.fromkeys(f"swf:{kind}" for kind in asked.at("decisions[].decisionType"))
    return [*checks, *(Check(kind, check.resource) for kind in kinds if action(kind) for check in checks)]
