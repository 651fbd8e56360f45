"""Which policies bear on one access, from the state of the cloud."""

from __future__ import annotations

from iamsim.cloud import Cloud
from iamsim.policy import Policies, Policy
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.reference.definition import ServiceDefinition
from iamsim.request import Required

HAS_IDENTITY_POLICIES = frozenset({PrincipalKind.USER, PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER})


def gather(needed: Required, principal: Principal, definition: ServiceDefinition, cloud: Cloud) -> Policies:
    """The policies of every layer for `principal` doing what is `needed`.

    `definition` is that of the service that `needed.target` is in.
    """
    identity: tuple[Policy, ...] = ()
    boundary = None
    source = cloud.policies
    if source is not None and principal.kind in HAS_IDENTITY_POLICIES:
        identity = source.identity_policies(principal)
        boundary = source.permissions_boundary(principal)
    is_trust = needed.action.startswith("sts:") and ":role/" in needed.resource
    holder = needed.target.policy_holder if needed.target else None
    return Policies(
        identity=identity,
        boundary=boundary,
        session=principal.session.policies if principal.session else None,
        resource=_resource_policies(needed, definition),
        resource_must_allow=is_trust,
        is_trust=is_trust,
        restrict_public_buckets=holder is not None and holder.restricts_public_access,
    )


def _resource_policies(needed: Required, definition: ServiceDefinition) -> tuple[Policy, ...]:
    found = [Policy.parse(document, name=f"ACL of {needed.resource}") for document in needed.resource_policies]
    holder = needed.target.policy_holder if needed.target else None
    if holder is not None and holder.policy:
        about = holder.noun.policy_for or definition.prefix
        if needed.action.lower().startswith(f"{about.lower()}:"):
            found.insert(0, Policy.parse(holder.policy, name=f"policy of {holder.arn}"))
    return tuple(found)
