"""What is refused in resource-based policies and VPC endpoint policies.

The texts are those of Amazon S3 (section 12.3); another service says it in its own words.
"""

from __future__ import annotations

from iamsim.policy.action_element import is_action
from iamsim.policy.glob import has_wildcard
from iamsim.policy.statement import texts
from iamsim.policy.validation.draft import Draft
from iamsim.policy.validation.finding import Findings
from iamsim.policy.validation.trust import is_principal

SENSITIVE_KEYS = frozenset(
    {
        "aws:principalaccount", "aws:principalorgid", "aws:resourceaccount", "aws:resourceorgid", "aws:sourceaccount",
        "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid",
    }
)  # fmt: skip


def resource_based(draft: Draft) -> Findings:
    """A resource-based policy: whom it is for, what they may do."""
    for path, statement in draft.statements():
        if "Principal" not in statement and "NotPrincipal" not in statement:
            yield draft.finding("section 12.3", "Missing required field Principal", path)
        if "NotPrincipal" in statement and statement["Effect"] != "Deny":
            message, detail = "Invalid policy syntax.", "`NotPrincipal` only goes with Deny (R-70)"
            yield draft.finding("R-70", message, (*path, "NotPrincipal"), detail=detail)
        for element in ("Principal", "NotPrincipal"):
            principal = statement.get(element)
            for kind, names in principal.items() if isinstance(principal, dict) else ():
                for name in texts(names):
                    if not is_principal(kind, name):
                        where = (*path, element, kind)
                        yield draft.finding("R-50", "Invalid principal in policy", where, detail=f"`{name}`")
        if not (statement.get("Action") or statement.get("NotAction")):
            yield draft.finding("section 12.3", "Missing required field Action", path)
    for path, text in draft.lines("Action", "NotAction"):
        if not is_action(text):
            yield draft.finding("L-22", "Policy has invalid action", path, detail=f"`{text}`")
    for path, text in draft.lines("Resource", "NotResource"):
        if text != "*" and not text.startswith("arn:"):
            yield draft.finding("L-22", "Policy has invalid resource", path, detail=f"`{text}`")


def vpc_endpoint(draft: Draft) -> Findings:
    """A VPC endpoint policy, which also refuses wildcards in the values of sensitive keys (L-114)."""
    yield from resource_based(draft)
    for path, statement in draft.statements():
        for name, keys in statement.get("Condition", {}).items():
            for key, given in keys.items():
                values = given if isinstance(given, list) else [given]
                if key.lower() in SENSITIVE_KEYS and any(has_wildcard(str(value)) for value in values):
                    where, detail = (*path, "Condition", name, key), f"`{key}` takes no wildcards"
                    yield draft.finding("L-114", "Invalid policy syntax.", where, detail=detail)
