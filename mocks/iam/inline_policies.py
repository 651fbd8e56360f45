"""Inline policies of users, groups and roles. Source: IAM API reference; sizes: policy-language section 10."""

from __future__ import annotations

from iamsim.kit import ApiError, Call, PolicyType, Reply, operation

from .account import account_of
from .documents import checked, encoded, size
from .failures import LimitExceeded, NoSuchEntity
from .group import Group
from .policy_holder import PolicyHolder
from .role import Role, modifiable
from .user import User

MAX_SIZES = {"user": 2_048, "group": 5_120, "role": 10_240}  # characters of all inline policies together
PAGE_SIZE = 100


def _put(call: Call, holder: PolicyHolder, name: str, document: str) -> None:
    checked(document, PolicyType.IDENTITY)
    others = sum(size(text) for other, text in holder.inline.items() if other != name)
    limit = MAX_SIZES[holder.kind]
    if others + size(document) > limit:
        raise LimitExceeded(f"Maximum policy size of {limit} bytes exceeded for {holder.kind} {holder.name}")
    holder.inline[name] = document
    account_of(call).changed()


def _get(holder: PolicyHolder, name: str) -> Reply:
    if name not in holder.inline:
        raise _missing(holder, name)
    label = f"{holder.kind.capitalize()}Name"
    return {label: holder.name, "PolicyName": name, "PolicyDocument": encoded(holder.inline[name])}


def _delete(call: Call, holder: PolicyHolder, name: str) -> None:
    if holder.inline.pop(name, None) is None:
        raise _missing(holder, name)
    account_of(call).changed()


def _missing(holder: PolicyHolder, name: str) -> ApiError:
    return NoSuchEntity(f"The {holder.kind} policy with name {name} cannot be found.")


@operation
def put_user_policy(call: Call, user: User, *, policy_name: str, policy_document: str) -> None:
    _put(call, user, policy_name, policy_document)


@operation
def put_group_policy(call: Call, group: Group, *, policy_name: str, policy_document: str) -> None:
    _put(call, group, policy_name, policy_document)


@operation
def put_role_policy(call: Call, role: Role, *, policy_name: str, policy_document: str) -> None:
    _put(call, modifiable(role), policy_name, policy_document)


@operation
def get_user_policy(call: Call, user: User, *, policy_name: str) -> Reply:
    return _get(user, policy_name)


@operation
def get_group_policy(call: Call, group: Group, *, policy_name: str) -> Reply:
    return _get(group, policy_name)


@operation
def get_role_policy(call: Call, role: Role, *, policy_name: str) -> Reply:
    return _get(role, policy_name)


@operation
def delete_user_policy(call: Call, user: User, *, policy_name: str) -> None:
    _delete(call, user, policy_name)


@operation
def delete_group_policy(call: Call, group: Group, *, policy_name: str) -> None:
    _delete(call, group, policy_name)


@operation
def delete_role_policy(call: Call, role: Role, *, policy_name: str) -> None:
    _delete(call, modifiable(role), policy_name)


@operation
def list_user_policies(call: Call, user: User) -> Reply:
    return call.page(sorted(user.inline), limit=PAGE_SIZE)


@operation
def list_group_policies(call: Call, group: Group) -> Reply:
    return call.page(sorted(group.inline), limit=PAGE_SIZE)


@operation
def list_role_policies(call: Call, role: Role) -> Reply:
    return call.page(sorted(role.inline), limit=PAGE_SIZE)
