"""Operations on users. Source: IAM API reference."""

from __future__ import annotations

from dataclasses import replace

from iamsim.kit import Call, PrincipalKind, Reply, operation

from . import tags as tagged
from .account import account_of, forget, in_order, is_taken, keep, move
from .attachments import attachable
from .failures import DeleteConflict, EntityAlreadyExists
from .policy_holder import end_sessions
from .tags import TagList
from .user import User, user_meant

PAGE_SIZE = 100


@operation
def create_user(
    call: Call,
    *,
    user_name: str,
    path: str = "/",
    permissions_boundary: str | None = None,
    tags: TagList | None = None,
) -> Reply:
    """Raises EntityAlreadyExists, also if a name differs in case only."""
    wanted_tags = tagged.checked(tags)
    if is_taken(call, "user", user_name):
        raise EntityAlreadyExists(f"User with name {user_name} already exists.")
    user = keep(
        call,
        User(
            call.make_arn("user", path=path, name=user_name),
            wanted_tags,
            unique_id=call.clock.new_unique_id("AIDA"),
            created_at=call.clock.now(),
            home=account_of(call),
            boundary=attachable(call, permissions_boundary) if permissions_boundary else None,
        ),
    )
    return {"User": user.described()}


@operation
def get_user(call: Call) -> Reply:
    """The user named, else the one that calls, which may be the root user."""
    if "UserName" not in call.params and call.principal.kind is PrincipalKind.ROOT:
        root, created_at = call.principal, account_of(call).created_at
        return {"User": {"UserId": root.account, "Arn": root.arn, "CreateDate": int(created_at)}}
    return {"User": user_meant(call).described()}


@operation
def list_users(call: Call, *, path_prefix: str = "/") -> Reply:
    users = in_order(call, User, path_prefix)
    return call.page([user.described(with_details=False) for user in users], limit=PAGE_SIZE)


@operation
def update_user(call: Call, user: User, *, new_user_name: str | None = None, new_path: str | None = None) -> None:
    """A user keeps its unique id, keys and policies. Raises EntityAlreadyExists."""
    if new_user_name and new_user_name.lower() != user.name.lower() and is_taken(call, "user", new_user_name):
        raise EntityAlreadyExists(f"User with name {new_user_name} already exists.")
    old_arn = str(user.arn)
    move(call, user, name=new_user_name, path=new_path)
    _follow(call, user, old_arn)


@operation
def delete_user(call: Call, user: User) -> None:
    """Raises DeleteConflict for a user that still has something."""
    conflicts = (
        (user.attached, "must detach all policies first."),
        (user.inline, "must delete policies first."),
        (user.access_keys, "must delete access keys first."),
        (user.signing_certificates, "must delete signing certificates first."),
        (user.ssh_public_keys, "must delete SSH public keys first."),
        (user.mfa_enabled_at, "must delete MFA device first."),
        (user.groups, "must remove users from group first."),
        (user.login_profile, "must delete login profile first."),
    )
    for existing, what in conflicts:
        if existing:
            raise DeleteConflict(f"Cannot delete entity, {what}")
    forget(call, user)
    end_sessions(call, user)  # those that the user has issued


def _follow(call: Call, user: User, old_arn: str) -> None:
    """Let the user's keys and sessions stand for the renamed user."""
    for credential in call.cloud.credentials.values():
        principal = credential.principal
        if principal.entity_id == user.unique_id:
            arn = str(user.arn) if principal.arn == old_arn else principal.arn
            credential.principal = replace(principal, arn=arn, entity_arn=str(user.arn))
