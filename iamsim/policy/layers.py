"""Which policies apply to a request, and what each layer of them says of it (sections 2, 5, 8, 10 to 13)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from iamsim.policy.access import Policies
from iamsim.policy.document import Policy
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.policy.principal_element import Caller, Reach, caller_of
from iamsim.policy.request import Request
from iamsim.policy.special_cases import (
    ASSUMED_ROOT_CAN_UNLOCK,
    RCP_EXEMPT_ACTIONS,
    RCP_SERVICES,
    ROOT_CAN_UNLOCK,
    SCP_EXEMPT_SERVICES,
    works_across_accounts,
)
from iamsim.policy.statement import Statement


class Found(Enum):
    """The effect of a set of policies of one type (R-5)."""

    DENY = "deny"
    ALLOW = "allow"
    NONE = "none"


DENY, ALLOW, NONE = Found


class Layers(NamedTuple):
    """What each layer says. A layer that does not apply to the request says ALLOW: it does not limit it."""

    rcp: Found
    scp: Found
    vpc_endpoint: Found
    resource: Found
    identity: Found
    boundary: Found
    session: Found
    reach: Reach  # how far the resource side's Allow reaches


def weigh(request: Request, policies: Policies) -> Layers:
    """What each layer says of the request."""
    rcp = scp = endpoint = identity = boundary = session = ALLOW
    resource, reach = NONE, Reach.NONE
    if policies.rcps is not None and any(denied_by_rcps(level, request) for level in rcp_levels(request, policies)):
        rcp = DENY
    if policies.scps is not None:
        scp = layered([effect_of(level, request) for level in scp_levels(request, policies)])
    if (of_endpoint := endpoint_policy(request, policies)) is not None:
        endpoint = endpoint_effect(of_endpoint, request, policies)
    if policies.resource or policies.grants:
        resource, reach = resource_side(request, policies)
    if has_identity_policies(request):
        identity = effect_of(policies.identity, request)
    if (bounding := boundary_policy(request, policies)) is not None:
        boundary = effect_of((bounding,), request)
    if (of_session := session_policies(request, policies)) is not None:
        session = effect_of(of_session, request)
    return Layers(rcp, scp, endpoint, resource, identity, boundary, session, reach)


# --- which policies apply


def has_identity_policies(request: Request) -> bool:
    """Whether the principal can have identity-based policies (R-6, section 5)."""
    return request.has_account and request.principal.kind is not PrincipalKind.ROOT


def boundary_policy(request: Request, policies: Policies) -> Policy | None:
    """The permissions boundary of a user or role, also of its sessions (R-75, R-76); service-linked roles have none."""
    if policies.boundary is None or not has_identity_policies(request) or request.principal.is_service_linked:
        return None
    return policies.boundary


def session_policies(request: Request, policies: Policies) -> tuple[Policy, ...] | None:
    """The session policies; None where there is no such limit. A federated user without any has an empty one (R-18)."""
    if policies.session is None:
        return () if request.principal.kind is PrincipalKind.FEDERATED_USER else None
    return policies.session if request.has_account and not request.principal.is_service_linked else None


def scp_levels(request: Request, policies: Policies) -> tuple[tuple[Policy, ...], ...]:
    """The SCPs by level; none where they do not apply (R-80, R-81)."""
    if policies.scps is None or policies.is_management_account or not request.has_account:
        return ()
    exempt = request.principal.is_service_linked or request.service in SCP_EXEMPT_SERVICES
    return () if exempt else policies.scps


def rcp_levels(request: Request, policies: Policies) -> tuple[tuple[Policy, ...], ...]:
    """The RCPs by level; none where they do not apply (R-86, R-89, R-90)."""
    if policies.rcps is None or request.service not in RCP_SERVICES or request.action in RCP_EXEMPT_ACTIONS:
        return ()
    if request.principal.is_service_linked or _assumes_service_linked_role(request):
        return ()
    is_managements_own = policies.is_management_account and request.has_account and not request.crosses_accounts
    return () if is_managements_own else policies.rcps


def endpoint_policy(request: Request, policies: Policies) -> Policy | None:
    """The policy of the VPC endpoint that the request came through (R-91); never for a service's own call (R-120)."""
    return None if request.principal.kind is PrincipalKind.SERVICE else policies.vpc_endpoint


def _assumes_service_linked_role(request: Request) -> bool:
    is_service = request.principal.kind is PrincipalKind.SERVICE
    return is_service and request.service == "sts" and ":role/aws-service-role/" in request.resource.text


# --- what they say


def effect_of(policies: Iterable[Policy], request: Request) -> Found:
    """The effect of policies whose statements name no principals (R-5)."""
    found = NONE
    for policy in policies:
        denies, allows = policy.document.candidates(request.action, False)
        for statement in denies:
            if statement.covers_resource(request) and statement.holds(request):
                return DENY
        if found is NONE:
            for statement in allows:
                if statement.covers_resource(request) and statement.holds(request):
                    found = ALLOW
                    break
    return found


def layered(levels: list[Found]) -> Found:
    """The effect of levels, each of which must allow (R-7)."""
    if DENY in levels:
        return DENY
    return NONE if NONE in levels else ALLOW


def denied_by_rcps(level: Iterable[Policy], request: Request) -> bool:
    """Whether an RCP of one level denies."""
    return any(
        is_denied_by_rcp(statement, request)
        for policy in level
        for statement in policy.document.candidates(request.action, True)[0]
    )


def is_denied_by_rcp(statement: Statement, request: Request) -> bool:
    """Whether a Deny of an RCP matches. Its Principal can only be `*`, so a missing one means everyone too."""
    if statement.principal is not None or statement.not_principal is not None:
        return is_denied(statement, request, request.caller, has_boundary=False)
    return statement.covers_resource(request) and statement.holds(request)


def endpoint_caller(request: Request, policies: Policies) -> Caller:
    """The names under which a VPC endpoint's policy can mean the principal (R-92).

    Who comes with an identity provider's word has not signed the request, and is meant as others who do not sign.
    """
    is_unsigned = request.principal.kind is PrincipalKind.IDENTITY_PROVIDER
    principal = Principal.anonymous() if is_unsigned else request.principal
    return caller_of(principal, at_gateway_endpoint=policies.vpc_endpoint_is_gateway)


def endpoint_effect(policy: Policy, request: Request, policies: Policies) -> Found:
    """What the VPC endpoint's policy says."""
    caller = endpoint_caller(request, policies)
    has_boundary = boundary_policy(request, policies) is not None
    denies, allows = policy.document.candidates(request.action, True)
    if any(is_denied(statement, request, caller, has_boundary=has_boundary) for statement in denies):
        return DENY
    return ALLOW if any(reach_of(statement, request, caller) for statement in allows) else NONE


def is_denied(statement: Statement, request: Request, caller: Caller, *, has_boundary: bool) -> bool:
    """Whether a Deny that names principals matches. NotPrincipal always denies who has a boundary (R-70 to R-72)."""
    if statement.principal is not None:
        meant = statement.principal.includes(caller)
    elif statement.not_principal is not None:
        meant = has_boundary or not statement.not_principal.exempts(caller)
    else:
        return False
    return meant and statement.covers_resource(request) and statement.holds(request)


def reach_of(statement: Statement, request: Request, caller: Caller) -> Reach:
    """How far an Allow that names principals reaches; NONE if it does not match."""
    reach = statement.principal.reach(caller) if statement.principal is not None else Reach.NONE
    if reach and statement.covers_resource(request) and statement.holds(request):
        return reach
    return Reach.NONE


def resource_side(request: Request, policies: Policies) -> tuple[Found, Reach]:
    """What the resource's policies and KMS grants say, and how far their Allow reaches."""
    caller, reach = request.caller, Reach.NONE
    has_boundary = policies.boundary is not None and boundary_policy(request, policies) is not None
    denied = False
    for policy in policies.resource:
        denies, allows = policy.document.candidates(request.action, True)
        for statement in denies:
            denied = denied or is_denied(statement, request, caller, has_boundary=has_boundary)
        for statement in allows:
            if reach < Reach.DIRECT:
                reach = max(reach, reach_of(statement, request, caller))
    for grant in policies.grants:
        reach = max(reach, grant.reach(request))
    if reach and not resource_side_counts(request, policies):
        reach = Reach.NONE
    if (denied and not root_can_unlock(request, policies)) or blocked_as_public(request, policies):
        return DENY, reach
    return (ALLOW if reach else NONE), reach


def resource_side_counts(request: Request, policies: Policies) -> bool:
    """Whether an Allow of the resource side can help this caller at all (R-35, R-37, R-99, R-116, R-148, R-149)."""
    if policies.is_trust and request.principal.kind is PrincipalKind.ROOT:
        return False
    if not request.crosses_accounts:
        return True
    return not request.crosses_partitions and works_across_accounts(request.action)


def root_can_unlock(request: Request, policies: Policies) -> bool:
    """Whether the caller is the owner's root user, whom no Deny of the resource policy stops here (R-137)."""
    if request.principal.kind is not PrincipalKind.ROOT or request.crosses_accounts:
        return False
    return request.action in (ROOT_CAN_UNLOCK if policies.session is None else ASSUMED_ROOT_CAN_UNLOCK)


def blocked_as_public(request: Request, policies: Policies) -> bool:
    """Whether RestrictPublicBuckets stops the request: a public policy, and a caller from outside (R-134)."""
    if not policies.restrict_public_buckets or request.principal.kind is PrincipalKind.SERVICE:
        return False
    from iamsim.policy.public import public_statements

    is_outside = request.crosses_accounts or not request.has_account
    return is_outside and any(public_statements(policy.document) for policy in policies.resource)


def resource_decides(request: Request, policies: Policies) -> bool:
    """Whether the resource's owner must allow for itself (R-19, R-30, R-31)."""
    return policies.resource_must_allow or policies.is_trust or not request.has_account or request.crosses_accounts


def reach_for_caller(request: Request, layers: Layers) -> Reach:
    """How much of the caller's own side the resource's Allow replaces.

    Nothing in another account (I-13), and nothing for the root user, whom only the session policy of AssumeRoot can
    limit (R-14); otherwise what the interplay table says (section 7).
    """
    replaces_nothing = request.principal.kind is PrincipalKind.ROOT or request.crosses_accounts
    return Reach.NONE if replaces_nothing else layers.reach
