"""Operations on groups and their members. Source: IAM API reference."""

from __future__ import annotations

from iamsim.kit import Call, Reply, operation

from .account import account_of, forget, in_order, is_taken, keep, move
from .failures import DeleteConflict, EntityAlreadyExists, LimitExceeded, NoSuchEntity
from .group import Group
from .user import User

MAX_GROUPS_PER_USER = 10
PAGE_SIZE = 100


@operation
def create_group(call: Call, *, group_name: str, path: str = "/") -> Reply:
    """Raises EntityAlreadyExists, also if a name differs in case only."""
    if is_taken(call, "group", group_name):
        raise EntityAlreadyExists(f"Group with name {group_name} already exists.")
    group = keep(
        call,
        Group(
            call.make_arn("group", path=path, name=group_name),
            unique_id=call.clock.new_unique_id("AGPA"),
            created_at=call.clock.now(),
            home=account_of(call),
        ),
    )
    return {"Group": group.described()}


@operation
def get_group(call: Call, group: Group) -> Reply:
    """The group and a page of its users."""
    users = sorted(group.users.values(), key=lambda user: user.name.lower())
    return call.page([user.described(with_details=False) for user in users], limit=PAGE_SIZE, Group=group.described())


@operation
def list_groups(call: Call, *, path_prefix: str = "/") -> Reply:
    return call.page([group.described() for group in in_order(call, Group, path_prefix)], limit=PAGE_SIZE)


@operation
def update_group(call: Call, group: Group, *, new_group_name: str | None = None, new_path: str | None = None) -> None:
    """Raises EntityAlreadyExists."""
    if new_group_name and new_group_name.lower() != group.name.lower() and is_taken(call, "group", new_group_name):
        raise EntityAlreadyExists(f"Group with name {new_group_name} already exists.")
    move(call, group, name=new_group_name, path=new_path)


@operation
def delete_group(call: Call, group: Group) -> None:
    """Raises DeleteConflict for a group that has users or policies."""
    for existing, what in (
        (group.users, "must remove users from group first."),
        (group.attached, "must detach all policies first."),
        (group.inline, "must delete policies first."),
    ):
        if existing:
            raise DeleteConflict(f"Cannot delete entity, {what}")
    forget(call, group)


@operation
def add_user_to_group(call: Call, group: Group, user: User) -> None:
    """A second time changes nothing. Raises LimitExceeded for an eleventh group."""
    if group.unique_id in user.groups:
        return
    if len(user.groups) >= MAX_GROUPS_PER_USER:
        raise LimitExceeded(f"Cannot exceed quota for GroupsPerUser: {MAX_GROUPS_PER_USER}")
    user.groups[group.unique_id] = group
    group.users[user.unique_id] = user
    account_of(call).changed()


@operation
def remove_user_from_group(call: Call, group: Group, user: User) -> None:
    """Raises NoSuchEntity for a user who is not in the group."""
    if user.groups.pop(group.unique_id, None) is None:
        raise NoSuchEntity(f"The user with name {user.name} cannot be found in the group {group.name}.")
    del group.users[user.unique_id]
    account_of(call).changed()


@operation
def list_groups_for_user(call: Call, user: User) -> Reply:
    groups = sorted(user.groups.values(), key=lambda group: group.name.lower())
    return call.page([group.described() for group in groups], limit=PAGE_SIZE)
