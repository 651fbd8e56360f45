"""GetAccountAuthorizationDetails: users, groups, roles and policies with everything that is attached to them."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, operation

from .account import in_order
from .group import Group
from .instance_profile import InstanceProfile
from .managed_policy import ManagedPolicy, described, versions_of
from .role import Role, last_used
from .usage import Usage, holders, usage
from .user import User

PAGE_SIZE = 100
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


@operation
def get_account_authorization_details(call: Call, *, filter_: list[str] | None = None) -> Reply:
    """Without a filter: everything, of AWS's policies those that are in use. A page may hold some of each kind."""
    wanted, counted = set(filter_ or []), usage(call)
    found: list[tuple[str, dict[str, Any]]] = []
    if not wanted or "User" in wanted:
        found += [("UserDetailList", _user(user)) for user in in_order(call, User)]
    if not wanted or "Group" in wanted:
        found += [("GroupDetailList", _group(group)) for group in in_order(call, Group)]
    if not wanted or "Role" in wanted:
        found += [("RoleDetailList", _role(call, role)) for role in in_order(call, Role)]
    if not wanted or "LocalManagedPolicy" in wanted:
        found += [("Policies", _policy(policy, counted)) for policy in in_order(call, ManagedPolicy)]
    if not wanted or "AWSManagedPolicy" in wanted:
        used = {str(policy.arn): policy for policy in _used(call) if policy.is_aws_managed}
        found += [("Policies", _policy(used[arn], counted)) for arn in sorted(used)]
    reply = dict(call.page(found, limit=PAGE_SIZE) or {})
    page = reply.pop("UserDetailList")
    return {name: [detail for kind, detail in page if kind == name] for name in LISTS} | reply


def _used(call: Call) -> list[ManagedPolicy]:
    policies: list[ManagedPolicy] = []
    for holder in holders(call):
        policies += holder.attached.values()
        if holder.boundary is not None:
            policies.append(holder.boundary)
    return policies


def _user(user: User) -> dict[str, Any]:
    groups = sorted(group.name for group in user.groups.values())
    details: dict[str, Any] = {
        "UserPolicyList": user.inline_list(),
        "GroupList": groups,
        "AttachedManagedPolicies": user.attached_list(),
        "Tags": user.tag_list(),
    }
    return user.described(with_details=False) | user.boundary_described() | details


def _group(group: Group) -> dict[str, Any]:
    details = {"GroupPolicyList": group.inline_list(), "AttachedManagedPolicies": group.attached_list()}
    return group.described() | details


def _role(call: Call, role: Role) -> dict[str, Any]:
    profiles = [profile.described() for profile in in_order(call, InstanceProfile) if role in profile.roles]
    shown = {
        name: value for name, value in role.described().items() if name not in ("MaxSessionDuration", "Description")
    }
    details: dict[str, Any] = {
        "InstanceProfileList": profiles,
        "RolePolicyList": role.inline_list(),
        "AttachedManagedPolicies": role.attached_list(),
        "Tags": role.tag_list(),
        "RoleLastUsed": last_used(call, role),
    }
    return shown | role.boundary_described() | details


def _policy(policy: ManagedPolicy, counted: Usage) -> dict[str, Any]:
    arn = str(policy.arn)
    shown = described(policy, counted.attachments[arn], counted.boundaries[arn])
    del shown["Tags"]
    versions = [version.described(is_default=version.id == policy.default_version) for version in versions_of(policy)]
    return shown | {"PolicyVersionList": versions}
