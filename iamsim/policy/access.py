"""What a decision is made from: the access that is asked for, and the policies that can bear on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from iamsim.policy.document import Policy
from iamsim.policy.principal import Principal

if TYPE_CHECKING:
    from iamsim.policy.kms_grant import KmsGrant

NO_CONTEXT: Mapping[str, str | Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Access:
    """One action on one resource by one principal (section 1).

    `resource` is an ARN, or `*` for none. `resource_account` is who owns it, None for the ARN's account, else the
    principal's. In `context` a text is a single-valued key and a list or tuple a multivalued one; letter case of the
    keys does not count. `wildcard_only`: the action has no resource types, and only `*` names what it works on (L-45).
    """

    principal: Principal
    action: str
    resource: str = "*"
    resource_account: str | None = None
    context: Mapping[str, str | Sequence[str]] = field(default_factory=lambda: NO_CONTEXT)
    wildcard_only: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies that can bear on an access, by type.

    `session` is None where no session policy was passed; a federated user session then has an empty one (R-18). `scps`
    are those of the principal's account and `rcps` those of the resource's, one tuple for each level from the
    organization's root to the account, None outside an organization; RCPFullAWSAccess is implied at each level (R-88).
    `resource_must_allow`: IAM policies alone do not suffice, as for KMS keys and roles (R-19). `is_trust`: the resource
    is a role and `resource` its trust policy. `restrict_public_buckets`: that switch of S3's Block Public Access is on
    (R-134). `is_management_account`: the principal's account manages the organization (R-81). `scp_targets` and
    `rcp_targets` are the ARNs of the levels, for explanations.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    resource: tuple[Policy, ...] = ()
    resource_must_allow: bool = False
    is_trust: bool = False
    scps: tuple[tuple[Policy, ...], ...] | None = None
    rcps: tuple[tuple[Policy, ...], ...] | None = None
    vpc_endpoint: Policy | None = None
    vpc_endpoint_is_gateway: bool = False
    restrict_public_buckets: bool = False
    is_management_account: bool = False
    grants: tuple[KmsGrant, ...] = ()
    scp_targets: tuple[str, ...] = ()
    rcp_targets: tuple[str, ...] = ()
