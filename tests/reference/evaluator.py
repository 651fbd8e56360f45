"""A second, naive reading of the rules, to compare the engine with: no compiling, no caching, no cleverness.

It knows the kinds of principal, policies and operators that `tests/properties/policy_sets.py` makes up, and no others.
"""

from __future__ import annotations

import json
from typing import Any

from iamsim.policy import Access, Effect, Policies, Policy, Principal, PrincipalKind
from tests.reference.conditions import Context, fits_action, fits_resource, holds, listed, substitute

Json = dict[str, Any]


def evaluate(access: Access, policies: Policies) -> Effect:
    """The effect of `access` under `policies`."""
    who = access.principal
    context = {key.lower(): value for key, value in access.context.items() if value != []}
    resource = "*" if access.wildcard_only else access.resource
    asked = (access.action, resource, context)
    nobody = who.kind in (PrincipalKind.ANONYMOUS, PrincipalKind.SERVICE, PrincipalKind.IDENTITY_PROVIDER)
    root = who.kind is PrincipalKind.ROOT
    owner = access.resource_account or who.account
    foreign = not nobody and owner != who.account
    boundary = policies.boundary if not nobody and not root else None
    session = () if policies.session is None and who.kind is PrincipalKind.FEDERATED_USER else policies.session
    session = None if nobody else session
    identity = () if nobody or root else policies.identity
    scps = () if nobody or policies.is_management_account else policies.scps or ()
    rcps = policies.rcps or () if access.action.lower().startswith(("s3:", "sqs:", "sts:", "kms:")) else ()
    rcps = () if policies.is_management_account and not nobody and not foreign else rcps
    endpoint = () if policies.vpc_endpoint is None or who.kind is PrincipalKind.SERVICE else (policies.vpc_endpoint,)

    denied = any(denies(p, asked) for p in [*identity, *[boundary] * bool(boundary), *(session or ())])
    denied = denied or any(denies(p, asked) for level in scps for p in level)
    denied = denied or any(denies(p, asked, who, rcp=True) for level in rcps for p in level)
    denied = denied or any(denies(p, asked, who, bounded=boundary is not None) for p in (*endpoint, *policies.resource))
    if denied:
        return Effect.EXPLICIT_DENY
    if not all(any(allows(p, asked) for p in level) for level in scps):
        return Effect.IMPLICIT_DENY
    if not all(reach(p, asked, who) for p in endpoint):
        return Effect.IMPLICIT_DENY
    granted = max((reach(p, asked, who) for p in policies.resource), default=0)
    if policies.is_trust and root:
        granted = 0
    if not granted and (policies.resource_must_allow or policies.is_trust or nobody or foreign):
        return Effect.IMPLICIT_DENY
    if nobody:
        return Effect.ALLOW
    if foreign or root:
        granted = 0
    if granted < 2 and not root and not any(allows(p, asked) for p in identity):
        return Effect.IMPLICIT_DENY
    if granted < 3 and boundary is not None and not allows(boundary, asked):
        return Effect.IMPLICIT_DENY
    if granted < 3 and session is not None and not any(allows(p, asked) for p in session):
        return Effect.IMPLICIT_DENY
    return Effect.ALLOW


# --- statements

Asked = tuple[str, str, Context]


def statements(policy: Policy) -> list[tuple[Json, bool]]:
    document = json.loads(policy.text)
    found = listed(document["Statement"])
    return [(statement, document.get("Version") == "2012-10-17") for statement in found]


def denies(
    policy: Policy, asked: Asked, who: Principal | None = None, *, bounded: bool = False, rcp: bool = False
) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and (who is None or is_meant(statement, who, bounded=bounded, rcp=rcp))
        and matches(statement, asked, new)
        for statement, new in statements(policy)
    )


def is_meant(statement: Json, who: Principal, *, bounded: bool, rcp: bool) -> bool:
    if "Principal" in statement:
        return class_of(statement["Principal"], who) > 0
    if "NotPrincipal" in statement:
        spared = statement["NotPrincipal"]
        names = [set(names_of(who, level)) for level in (1, 2, 3)]
        needed = {PrincipalKind.ROOT: [0], PrincipalKind.USER: [0, 2], PrincipalKind.ROLE_SESSION: [0, 1, 2]}
        needed |= {PrincipalKind.FEDERATED_USER: [0, 1, 2], PrincipalKind.SERVICE: [2]}
        given = {(kind, name) for kind, several in spared.items() for name in listed(several)}
        levels = needed.get(who.kind)
        return bounded or levels is None or not all(names[level] & given for level in levels)
    return rcp


def allows(policy: Policy, asked: Asked) -> bool:
    return any(
        statement["Effect"] == "Allow"
        and not {"Principal", "NotPrincipal"} & set(statement)
        and {"Resource", "NotResource"} & set(statement)
        and matches(statement, asked, new)
        for statement, new in statements(policy)
    )


def reach(policy: Policy, asked: Asked, who: Principal) -> int:
    return max(
        (
            class_of(statement["Principal"], who)
            for statement, new in statements(policy)
            if statement["Effect"] == "Allow" and "Principal" in statement and matches(statement, asked, new)
        ),
        default=0,
    )


def class_of(principal: Any, who: Principal) -> int:
    """3 the principal stands alone, 2 it is capped by boundary and session, 1 it is the account, 0 it is not meant."""
    if principal == "*" or "*" in listed(principal.get("AWS", [])):
        return 3
    given = {(kind, name) for kind, several in principal.items() for name in listed(several)}
    return max((level for level in (1, 2, 3) if given & set(names_of(who, level))), default=0)


def names_of(who: Principal, level: int) -> list[tuple[str, str]]:
    if who.kind is PrincipalKind.ANONYMOUS:
        return []
    if who.kind is PrincipalKind.SERVICE:
        return [("Service", who.arn)] if level == 3 else []
    if level == 1:
        return [("AWS", who.account), ("AWS", f"arn:aws:iam::{who.account}:root")]
    if who.kind is PrincipalKind.ROOT:
        return []
    if level == 3:
        return [("AWS", who.arn)]
    return [("AWS", who.entity_arn)] if who.kind is not PrincipalKind.USER else []


def matches(statement: Json, asked: Asked, new: bool) -> bool:
    action, resource, context = asked
    return (
        matches_list(statement, "Action", lambda one: fits_action(one, action))
        and matches_list(statement, "Resource", lambda one: fits_resource(one, resource, context, new))
        and not unresolved(statement, context, new)
        and all(
            holds(operator, key, listed(values), context, new)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def unresolved(statement: Json, context: Context, new: bool) -> bool:
    """L-66: an Allow with a NotResource that has a valueless variable is not in effect."""
    patterns = listed(statement.get("NotResource", [])) if statement["Effect"] == "Allow" else []
    return any(substitute(pattern, context, new) is None for pattern in patterns)


def matches_list(statement: Json, element: str, fits: Any) -> bool:
    if element in statement:
        return any(fits(one) for one in listed(statement[element]))
    if "Not" + element in statement:
        return not any(fits(one) for one in listed(statement["Not" + element]))
    return element == "Resource"
