"""Operations on instance profiles. Source: IAM API reference."""

from __future__ import annotations

from iamsim.kit import Call, Reply, operation

from . import tags as tagged
from .account import forget, in_order, is_taken, keep
from .failures import DeleteConflict, EntityAlreadyExists, LimitExceeded, NoSuchEntity
from .instance_profile import InstanceProfile
from .role import Role, modifiable
from .tags import TagList

PAGE_SIZE = 100


@operation
def create_instance_profile(
    call: Call, *, instance_profile_name: str, path: str = "/", tags: TagList | None = None
) -> Reply:
    wanted_tags = tagged.checked(tags)
    if is_taken(call, "instance-profile", instance_profile_name):
        raise EntityAlreadyExists(f"Instance Profile {instance_profile_name} already exists.")
    profile = keep(
        call,
        InstanceProfile(
            call.make_arn("instance-profile", path=path, name=instance_profile_name),
            wanted_tags,
            unique_id=call.clock.new_unique_id("AIPA"),
            created_at=call.clock.now(),
        ),
    )
    return {"InstanceProfile": profile.described()}


@operation
def get_instance_profile(call: Call, profile: InstanceProfile) -> Reply:
    return {"InstanceProfile": profile.described()}


@operation
def list_instance_profiles(call: Call, *, path_prefix: str = "/") -> Reply:
    return call.page([each.described() for each in in_order(call, InstanceProfile, path_prefix)], limit=PAGE_SIZE)


@operation
def list_instance_profiles_for_role(call: Call, role: Role) -> Reply:
    found = [profile.described() for profile in in_order(call, InstanceProfile) if role in profile.roles]
    return call.page(found, limit=PAGE_SIZE)


@operation
def add_role_to_instance_profile(call: Call, profile: InstanceProfile, role: Role) -> None:
    """Raises LimitExceeded for a second role."""
    modifiable(role)
    if profile.roles:
        raise LimitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
    profile.roles.append(role)


@operation
def remove_role_from_instance_profile(call: Call, profile: InstanceProfile, role: Role) -> None:
    if role not in profile.roles:
        raise NoSuchEntity(f"The role with name {role.name} cannot be found.")
    profile.roles.remove(role)


@operation
def delete_instance_profile(call: Call, profile: InstanceProfile) -> None:
    """Raises DeleteConflict while it holds a role."""
    if profile.roles:
        raise DeleteConflict("Cannot delete entity, must remove roles from instance profile first.")
    forget(call, profile)
