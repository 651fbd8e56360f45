"""Operations on roles. Source: IAM API reference."""

from __future__ import annotations

from iamsim.kit import Arn, Call, Reply, operation

from . import tags as tagged
from .account import Entity, account_of, forget, in_order, is_taken, keep
from .attachments import attachable
from .failures import DeleteConflict, EntityAlreadyExists
from .instance_profile import InstanceProfile
from .oidc_provider import OidcProvider
from .policy_holder import end_sessions
from .role import Role, last_used, modifiable
from .saml_provider import SamlProvider
from .tags import TagList
from .trust_policy import TrustPolicy, read_trust_policy
from .user import User

PAGE_SIZE = 100
CAN_BE_TRUSTED: tuple[type[Entity], ...] = (User, Role, OidcProvider, SamlProvider)


def _trust(call: Call, document: str) -> TrustPolicy:
    def find(arn: Arn) -> Entity | None:
        return next((found for cls in CAN_BE_TRUSTED if (found := call.find(cls, arn)) is not None), None)

    return read_trust_policy(call, document, find)


@operation
def create_role(
    call: Call,
    *,
    role_name: str,
    assume_role_policy_document: str,
    path: str = "/",
    description: str | None = None,
    max_session_duration: int = 3_600,
    permissions_boundary: str | None = None,
    tags: TagList | None = None,
) -> Reply:
    """Raises EntityAlreadyExists, MalformedPolicyDocument."""
    wanted_tags = tagged.checked(tags)
    if is_taken(call, "role", role_name):
        raise EntityAlreadyExists(f"Role with name {role_name} already exists.")
    role = keep(
        call,
        Role(
            call.make_arn("role", path=path, name=role_name),
            wanted_tags,
            unique_id=call.clock.new_unique_id("AROA"),
            created_at=call.clock.now(),
            home=account_of(call),
            trust=_trust(call, assume_role_policy_document),
            description=description,
            max_session_duration_s=max_session_duration,
            boundary=attachable(call, permissions_boundary) if permissions_boundary else None,
        ),
    )
    return {"Role": role.described() | role.details()}


@operation
def get_role(call: Call, role: Role) -> Reply:
    return {"Role": role.described() | role.details() | {"RoleLastUsed": last_used(call, role)}}


@operation
def list_roles(call: Call, *, path_prefix: str = "/") -> Reply:
    return call.page([role.described() for role in in_order(call, Role, path_prefix)], limit=PAGE_SIZE)


@operation
def update_role(
    call: Call, role: Role, *, description: str | None = None, max_session_duration: int | None = None
) -> None:
    modifiable(role)
    if description is not None:
        role.description = description
    if max_session_duration is not None:
        role.max_session_duration_s = max_session_duration


@operation
def update_role_description(call: Call, role: Role, *, description: str) -> Reply:
    role.description = description
    return {"Role": role.described() | role.details()}


@operation
def update_assume_role_policy(call: Call, role: Role, *, policy_document: str) -> None:
    modifiable(role).trust = _trust(call, policy_document)


@operation
def delete_role(call: Call, role: Role) -> None:
    """Raises DeleteConflict for a role that still has something."""
    modifiable(role)
    in_profile = any(role in profile.roles for profile in call.all(InstanceProfile))
    for existing, what in (
        (in_profile, "must remove roles from instance profile first."),
        (role.attached, "must detach all policies first."),
        (role.inline, "must delete policies first."),
    ):
        if existing:
            raise DeleteConflict(f"Cannot delete entity, {what}")
    forget(call, role)
    end_sessions(call, role)
