"""Permissions boundaries of users and roles (R-75)."""

from __future__ import annotations

from iamsim.kit import Call, operation

from .account import account_of
from .attachments import attachable
from .failures import NoSuchEntity
from .policy_holder import PolicyHolder
from .role import Role, modifiable
from .user import User


def _remove(call: Call, holder: PolicyHolder) -> None:
    if holder.boundary is None:
        raise NoSuchEntity(f"The permissions boundary for {holder.kind} {holder.name} cannot be found.")
    holder.boundary = None
    account_of(call).changed()


def _set(call: Call, holder: PolicyHolder, arn: str) -> None:
    holder.boundary = attachable(call, arn)
    account_of(call).changed()


@operation
def put_user_permissions_boundary(call: Call, user: User, *, permissions_boundary: str) -> None:
    _set(call, user, permissions_boundary)


@operation
def put_role_permissions_boundary(call: Call, role: Role, *, permissions_boundary: str) -> None:
    _set(call, modifiable(role), permissions_boundary)


@operation
def delete_user_permissions_boundary(call: Call, user: User) -> None:
    _remove(call, user)


@operation
def delete_role_permissions_boundary(call: Call, role: Role) -> None:
    _remove(call, modifiable(role))
