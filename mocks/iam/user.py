"""IAM users: what one is, and who calls as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Arn, Call, Policy, Principal, PrincipalKind

from .account import named
from .failures import NoSuchEntity, ValidationError
from .group import Group
from .policy_holder import PolicyHolder
from .user_certificates import SigningCertificate, SshPublicKey


@dataclass
class AccessKey:
    """A long-term access key of a user; the secret is with the cloud's credentials."""

    id: str
    created_at: float  # seconds since the epoch
    is_active: bool = True


@dataclass
class LoginProfile:
    """A user's password for the console."""

    password: str
    created_at: float  # seconds since the epoch
    is_reset_required: bool = False


@dataclass(eq=False)
class User(PolicyHolder, kind="user"):
    """One user."""

    groups: dict[str, Group] = field(default_factory=dict)  # by unique id, in the order in which it joined them
    access_keys: dict[str, AccessKey] = field(default_factory=dict)
    login_profile: LoginProfile | None = None
    ssh_public_keys: dict[str, SshPublicKey] = field(default_factory=dict)
    signing_certificates: dict[str, SigningCertificate] = field(default_factory=dict)
    mfa_enabled_at: dict[str, float] = field(default_factory=dict)  # serial number -> seconds since the epoch

    @property
    def principal(self) -> Principal:
        """Whom the user's access keys stand for."""
        arn, user_id = str(self.arn), self.unique_id
        return Principal(PrincipalKind.USER, self.account, arn, user_id, entity_arn=arn, entity_id=user_id)

    def _collected(self) -> tuple[Policy, ...]:
        """The user's own policies, and those of all its groups (R-6)."""
        return tuple(policy for holder in (self, *self.groups.values()) for policy in holder.own_policies())

    def described(self, *, with_details: bool = True) -> dict[str, Any]:
        """The user as IAM's answers show it; lists leave boundary and tags out."""
        shown: dict[str, Any] = {
            "Path": self.path,
            "UserName": self.name,
            "UserId": self.unique_id,
            "Arn": str(self.arn),
            "CreateDate": int(self.created_at),
        }
        if with_details:
            shown |= self.boundary_described()
            if self.tags:
                shown["Tags"] = self.tag_list()
        return shown


def calling_user(call: Call) -> User | None:
    """The user whose credentials sign the call; None if another kind of principal does."""
    principal = call.principal
    return call.find(User, Arn.parse(principal.arn)) if principal.kind is PrincipalKind.USER else None


def is_about_root(call: Call) -> bool:
    """Whether the call names nobody and comes from the root user, who has neither keys nor devices here."""
    return "UserName" not in call.params and call.principal.kind is PrincipalKind.ROOT


def user_meant(call: Call) -> User:
    """The user that the call names, else the one that makes it. Raises NoSuchEntity or ValidationError."""
    if "UserName" in call.params:
        return user_named(call, call.params["UserName"])
    user = calling_user(call)
    if user is None:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return user


def user_named(call: Call, name: str) -> User:
    """Raises NoSuchEntity if nobody is called so."""
    user = named(call, User, name)
    if user is None:
        raise NoSuchEntity(f"The user with name {name} cannot be found.")
    return user
