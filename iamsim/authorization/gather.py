"""Which policies bear on one access, from the state of the cloud."""

from __future__ import annotations

from iamsim.authorization.network_keys import endpoint_of
from iamsim.organization import Membership
from iamsim.policy import Policies, Policy
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.reference.actions import action
from iamsim.reference.definition import ServiceDefinition
from iamsim.request import Call, Required

HAS_IDENTITY_POLICIES = frozenset({PrincipalKind.USER, PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER})


def gather(call: Call, needed: Required, principal: Principal, owner: str) -> Policies:
    """The policies of every layer for `principal` doing what `call` needs, on a resource that `owner` has."""
    identity: tuple[Policy, ...] = ()
    boundary = None
    source = call.cloud.policies
    if source is not None and principal.kind in HAS_IDENTITY_POLICIES:
        identity = source.identity_policies(principal)
        boundary = source.permissions_boundary(principal)
    is_trust = needed.action.startswith("sts:") and ":role/" in needed.resource
    holder = needed.target.policy_holder if needed.target else None
    endpoint = endpoint_of(call)
    organizations = call.cloud.organizations
    home = organizations.membership(principal.account) if organizations is not None else None
    abroad = organizations.membership(owner) if organizations is not None else None
    if abroad is not None and not _has_rcps(abroad, needed):
        abroad = None
    return Policies(
        identity=identity,
        boundary=boundary,
        session=principal.session.policies if principal.session else None,
        resource=_resource_policies(needed, call.definition),
        resource_must_allow=is_trust,
        is_trust=is_trust,
        scps=home.scps if home is not None else None,
        rcps=abroad.rcps if abroad is not None else None,
        vpc_endpoint=endpoint.policy if endpoint is not None else None,
        vpc_endpoint_is_gateway=endpoint is not None and endpoint.is_gateway,
        restrict_public_buckets=holder is not None and holder.restricts_public_access,
        is_management_account=home is not None and home.is_management_account,
        scp_targets=home.levels if home is not None else (),
        rcp_targets=abroad.levels if abroad is not None else (),
    )


def owner_of(call: Call, needed: Required) -> str:
    """The account that owns the resource; where nothing says so, it is the caller's."""
    principal = needed.principal or call.principal
    return needed.target.account if needed.target else _account_in(needed.resource) or principal.account


def _account_in(resource: str) -> str:
    """The account of an ARN, "" if it has none."""
    parts = resource.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


def _has_rcps(owner: Membership, needed: Required) -> bool:
    """Whether RCPs of the owner's organization count: not for the management account's own resources (R-86), and only
    for actions that are about resources (R-87)."""
    known = action(needed.action)
    return not owner.is_management_account and not (known is not None and known.is_wildcard_only)


def _resource_policies(needed: Required, definition: ServiceDefinition) -> tuple[Policy, ...]:
    found = [Policy.parse(document, name=f"ACL of {needed.resource}") for document in needed.resource_policies]
    holder = needed.target.policy_holder if needed.target else None
    if holder is not None and holder.policy:
        about = holder.noun.policy_for or definition.prefix
        if needed.action.lower().startswith(f"{about.lower()}:"):
            found.insert(0, Policy.parse(holder.policy, name=f"policy of {holder.arn}"))
    return tuple(found)
