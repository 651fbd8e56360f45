"""The checks that a decision consists of, with the statements that matched (section 18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iamsim.policy.document import Policy
from iamsim.policy.effect import CheckType, Effect, PolicyType
from iamsim.policy.kms_grant import KmsGrant
from iamsim.policy.layers import (
    ALLOW,
    DENY,
    Found,
    boundary_policy,
    denied_by_rcps,
    effect_of,
    endpoint_caller,
    endpoint_policy,
    has_identity_policies,
    is_denied,
    is_denied_by_rcp,
    rcp_levels,
    reach_for_caller,
    reach_of,
    resource_decides,
    root_can_unlock,
    scp_levels,
    session_policies,
)
from iamsim.policy.principal_element import Caller, Reach
from iamsim.policy.public import public_statements
from iamsim.policy.special_cases import NEEDS_NO_PERMISSION
from iamsim.policy.statement import Statement

if TYPE_CHECKING:
    from iamsim.policy.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that matched the request; `effect` is ALLOW or EXPLICIT_DENY."""

    policy: Policy
    policy_type: PolicyType
    statement: Statement
    effect: Effect
    note: str = ""  # why it counts, where that is not plain

    @property
    def denies(self) -> bool:
        return self.effect is Effect.EXPLICIT_DENY


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what kind, its effect, for SCPs and RCPs the level it belongs to, and what matched."""

    check_type: CheckType
    effect: Effect
    policy_types: tuple[PolicyType, ...]
    policies: tuple[Policy, ...]
    matched: tuple[MatchedStatement, ...] = ()
    target_arn: str | None = None
    level: int | None = None  # of an SCP or RCP, from 1 at the organization's root
    grants: tuple[KmsGrant, ...] = ()


def checks(evaluation: Evaluation) -> tuple[Check, ...]:
    """The checks of `evaluation`, in AWS's order; none where no permission was needed (R-118)."""
    if evaluation.allowed and evaluation.request.action in NEEDS_NO_PERMISSION:
        return ()
    return tuple(_checks(evaluation))


def granting_check(found: Iterable[Check]) -> Check | None:
    """The check that gave the permission: PRINCIPAL if it did, else RESOURCE."""
    by_type = {check.check_type: check for check in found}
    principal, resource = by_type.get(CheckType.PRINCIPAL), by_type.get(CheckType.RESOURCE)
    return principal if principal is not None and principal.effect is Effect.ALLOW else resource


def _checks(evaluation: Evaluation) -> Iterator[Check]:
    request, policies, layers = evaluation.request, evaluation.policies, evaluation.layers
    by_grant = layers.reach is Reach.BY_KMS_GRANT
    reach = reach_for_caller(request, layers)

    for index, level in enumerate(rcp_levels(request, policies)):
        effect = Effect.EXPLICIT_DENY if denied_by_rcps(level, request) else Effect.ALLOW
        kind, target = PolicyType.RCP, _at(policies.rcp_targets, index)
        matched = _matched(level, kind, evaluation)
        yield Check(CheckType.RESOURCE_CONTROL_POLICY, effect, (kind,), level, matched, target, index + 1)

    for index, level in enumerate(scp_levels(request, policies)):
        effect = _effect(effect_of(level, request), needed=True)
        kind, target = PolicyType.SCP, _at(policies.scp_targets, index)
        matched = _matched(level, kind, evaluation)
        yield Check(CheckType.SERVICE_CONTROL_POLICY, effect, (kind,), level, matched, target, index + 1)

    endpoint = endpoint_policy(request, policies)
    if endpoint is not None:
        yield _check(CheckType.VPC_ENDPOINT, layers.vpc_endpoint, PolicyType.VPC_ENDPOINT, (endpoint,), evaluation)

    resource_type = evaluation.resource_type
    of_resource = _matched(policies.resource, resource_type, evaluation)
    grants = tuple(grant for grant in policies.grants if grant.reach(request))
    if resource_decides(request, policies):
        effect = _effect(layers.resource, needed=True)
        yield Check(CheckType.RESOURCE, effect, (resource_type,), policies.resource, of_resource, grants=grants)

    if request.has_account:
        effect = _effect(layers.identity, needed=reach < Reach.CAPPED and not by_grant)
        types: tuple[PolicyType, ...] = (PolicyType.IDENTITY,) if has_identity_policies(request) else ()
        fed = policies.identity if has_identity_policies(request) else ()
        matched = _matched(fed, PolicyType.IDENTITY, evaluation)
        if not resource_decides(request, policies):  # the resource's policy may grant directly
            types, fed, matched = (*types, resource_type), (*policies.resource, *fed), (*of_resource, *matched)
            effect = Effect.EXPLICIT_DENY if layers.resource is DENY else effect
            effect = Effect.ALLOW if effect is Effect.NO_IMPACT else effect  # by the resource's policy
        yield Check(CheckType.PRINCIPAL, effect, types, fed, matched, grants=grants if by_grant else ())

    bypassed = reach is Reach.DIRECT or by_grant
    boundary = boundary_policy(request, policies)
    if boundary is not None:
        kind, found = PolicyType.BOUNDARY, layers.boundary
        yield _check(CheckType.PERMISSIONS_BOUNDARY, found, kind, (boundary,), evaluation, needed=not bypassed)
    session = session_policies(request, policies)
    if session is not None:
        kind, found = PolicyType.SESSION, layers.session
        yield _check(CheckType.SESSION, found, kind, session, evaluation, needed=not bypassed)


def _check(
    check_type: CheckType,
    found: Found,
    kind: PolicyType,
    policies: tuple[Policy, ...],
    evaluation: Evaluation,
    *,
    needed: bool = True,
) -> Check:
    return Check(check_type, _effect(found, needed=needed), (kind,), policies, _matched(policies, kind, evaluation))


def _effect(found: Found, *, needed: bool) -> Effect:
    """The effect of a check. NO_IMPACT: nothing matched, and nothing had to (R-160)."""
    if found is DENY:
        return Effect.EXPLICIT_DENY
    if found is ALLOW:
        return Effect.ALLOW
    return Effect.IMPLICIT_DENY if needed else Effect.NO_IMPACT


def _at(targets: tuple[str, ...], index: int) -> str | None:
    return targets[index] if index < len(targets) else None


def _matched(policies: Iterable[Policy], kind: PolicyType, evaluation: Evaluation) -> tuple[MatchedStatement, ...]:
    """The statements of `policies` that matched, Denies and Allows, in the order of attachment."""
    request = evaluation.request
    caller = request.caller
    if kind is PolicyType.VPC_ENDPOINT:
        caller = endpoint_caller(request, evaluation.policies)
    found: list[MatchedStatement] = []
    for policy in policies:
        denies, allows = policy.document.candidates(request.action, kind.has_principals)
        for statement in sorted((*denies, *allows), key=lambda one: one.index):
            if _matches(statement, kind, evaluation, caller):
                effect = Effect.ALLOW if statement.allows else Effect.EXPLICIT_DENY
                found.append(MatchedStatement(policy, kind, statement, effect))
        if kind in (PolicyType.RESOURCE, PolicyType.TRUST) and evaluation.is_blocked_as_public:
            note = "makes the policy public, and RestrictPublicBuckets is on"
            for statement in public_statements(policy.document):
                found.append(MatchedStatement(policy, kind, statement, Effect.EXPLICIT_DENY, note))
    return tuple(found)


def _matches(statement: Statement, kind: PolicyType, evaluation: Evaluation, caller: Caller) -> bool:
    request, policies = evaluation.request, evaluation.policies
    if not kind.has_principals:
        return statement.covers_resource(request) and statement.holds(request)
    if statement.allows:
        return bool(reach_of(statement, request, caller))
    if kind is PolicyType.RCP:
        return is_denied_by_rcp(statement, request)
    if kind is not PolicyType.VPC_ENDPOINT and root_can_unlock(request, policies):
        return False
    has_boundary = policies.boundary is not None and boundary_policy(request, policies) is not None
    return is_denied(statement, request, caller, has_boundary=has_boundary)
