"""Attaching managed policies to users, groups and roles. Source: IAM API reference, AttachRolePolicy and its kin."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .account import account_of, in_order
from .failures import LimitExceeded, NoSuchEntity
from .group import Group
from .managed_policy import ManagedPolicy, find_policy, get_policy_of
from .policy_holder import PolicyHolder
from .role import Role, modifiable
from .user import User

PolicyNotAttachable = error("PolicyNotAttachable")

QUOTAS = {"user": ("PoliciesPerUser", 10), "group": ("PoliciesPerGroup", 10), "role": ("PoliciesPerRole", 10)}
PAGE_SIZE = 100


def attachable(call: Call, arn: str) -> ManagedPolicy:
    """The policy of that ARN, for attaching it. Raises NoSuchEntity or PolicyNotAttachable."""
    policy = find_policy(call, arn)
    if policy is None:
        raise NoSuchEntity(f"Policy {arn} does not exist or is not attachable.")
    if policy.is_for_service_roles:
        raise PolicyNotAttachable("Cannot attach a Service Role Policy to a Customer Role.")
    return policy


def _attach(call: Call, holder: PolicyHolder, arn: str) -> None:
    policy = attachable(call, arn)
    if arn in holder.attached:
        return
    name, limit = QUOTAS[holder.kind]
    if len(holder.attached) >= limit:
        raise LimitExceeded(f"Cannot exceed quota for {name}: {limit}")
    holder.attached[arn] = policy
    account_of(call).changed()


def _detach(call: Call, holder: PolicyHolder, arn: str) -> None:
    if holder.attached.pop(arn, None) is None:
        raise NoSuchEntity(f"Policy {arn} was not found.")
    account_of(call).changed()


@operation
def attach_user_policy(call: Call, user: User, *, policy_arn: str) -> None:
    _attach(call, user, policy_arn)


@operation
def attach_group_policy(call: Call, group: Group, *, policy_arn: str) -> None:
    _attach(call, group, policy_arn)


@operation
def attach_role_policy(call: Call, role: Role, *, policy_arn: str) -> None:
    _attach(call, modifiable(role), policy_arn)


@operation
def detach_user_policy(call: Call, user: User, *, policy_arn: str) -> None:
    _detach(call, user, policy_arn)


@operation
def detach_group_policy(call: Call, group: Group, *, policy_arn: str) -> None:
    _detach(call, group, policy_arn)


@operation
def detach_role_policy(call: Call, role: Role, *, policy_arn: str) -> None:
    _detach(call, modifiable(role), policy_arn)


@operation
def list_attached_user_policies(call: Call, user: User, *, path_prefix: str = "/") -> Reply:
    return call.page(user.attached_list(path_prefix), limit=PAGE_SIZE)


@operation
def list_attached_group_policies(call: Call, group: Group, *, path_prefix: str = "/") -> Reply:
    return call.page(group.attached_list(path_prefix), limit=PAGE_SIZE)


@operation
def list_attached_role_policies(call: Call, role: Role, *, path_prefix: str = "/") -> Reply:
    return call.page(role.attached_list(path_prefix), limit=PAGE_SIZE)


@operation
def list_entities_for_policy(
    call: Call,
    *,
    policy_arn: str,
    entity_filter: str | None = None,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
) -> Reply:
    """Groups, users and roles that have the policy, as permissions or as boundary; a page may hold some of each."""
    policy = get_policy_of(call, policy_arn)
    filters = {"Group", "User", "Role"}
    if entity_filter in filters:
        filters = {entity_filter}
    elif (
        entity_filter is not None
    ):  # LocalManagedPolicy, AWSManagedPolicy: which policies are meant, not which entities
        filters = filters if policy.is_aws_managed == (entity_filter == "AWSManagedPolicy") else set()
    found: list[tuple[str, dict[str, Any]]] = []
    for cls, label in ((Group, "Group"), (User, "User"), (Role, "Role")):
        if label not in filters:
            continue
        holders: list[PolicyHolder] = list(in_order(call, cls, path_prefix))
        found += [
            (f"Policy{label}s", {f"{label}Name": holder.name, f"{label}Id": holder.unique_id})
            for holder in holders
            if _uses(holder, policy_arn, policy_usage_filter)
        ]
    reply = dict(call.page(found, limit=PAGE_SIZE) or {})
    page = reply.pop("PolicyGroups")
    lists: dict[str, list[dict[str, Any]]] = {"PolicyGroups": [], "PolicyUsers": [], "PolicyRoles": []}
    for name, entity in page:
        lists[name].append(entity)
    return lists | reply


def _uses(holder: PolicyHolder, arn: str, usage: str | None) -> bool:
    has_it = arn in holder.attached and usage != "PermissionsBoundary"
    is_bound = holder.boundary is not None and str(holder.boundary.arn) == arn and usage != "PermissionsPolicy"
    return has_it or is_bound
