"""IAM roles: what one is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call

from .documents import encoded
from .failures import UnmodifiableEntity
from .policy_holder import PolicyHolder
from .trust_policy import TrustPolicy

SERVICE_LINKED_PATH = "/aws-service-role/"


@dataclass(eq=False)
class Role(PolicyHolder, kind="role"):
    """One role."""

    trust: TrustPolicy = field(kw_only=True)
    description: str | None = None
    max_session_duration_s: int = 3_600

    @property
    def policy(self) -> str:
        """The trust policy, read by the authoriser."""
        return self.trust.text

    @property
    def is_service_linked(self) -> bool:
        return self.path.startswith(SERVICE_LINKED_PATH)

    def described(self) -> dict[str, Any]:
        """The role as lists show it."""
        shown: dict[str, Any] = {
            "Path": self.path,
            "RoleName": self.name,
            "RoleId": self.unique_id,
            "Arn": str(self.arn),
            "CreateDate": int(self.created_at),
            "AssumeRolePolicyDocument": encoded(self.trust.text),
            "MaxSessionDuration": self.max_session_duration_s,
        }
        if self.description is not None:
            shown["Description"] = self.description
        return shown

    def details(self) -> dict[str, Any]:
        """What an answer about this one role shows beyond `described`."""
        return self.boundary_described() | ({"Tags": self.tag_list()} if self.tags else {})


def modifiable(role: Role) -> Role:
    """`role`, unless only its service may change it (R-124). Raises UnmodifiableEntity."""
    if role.is_service_linked:
        raise UnmodifiableEntity(
            f"Cannot perform the operation on the protected role '{role.name}' - this role is only modifiable by AWS"
        )
    return role


def last_used(call: Call, role: Role) -> dict[str, Any]:
    """When and where a session of the role last made a call; {} if none did."""
    uses = [
        credential.last_used
        for credential in call.cloud.credentials.values()
        if credential.last_used is not None and credential.principal.entity_id == role.unique_id
    ]
    latest = max(uses, key=lambda use: use.at, default=None)
    return {} if latest is None else {"LastUsedDate": int(latest.at), "Region": latest.region}
