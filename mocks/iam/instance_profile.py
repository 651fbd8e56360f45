"""Instance profiles: what hands a role to an EC2 instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .account import Entity
from .role import Role


@dataclass(eq=False)
class InstanceProfile(Entity, kind="instance-profile"):
    """One instance profile; it holds one role at most."""

    roles: list[Role] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "Path": self.path,
            "InstanceProfileName": self.name,
            "InstanceProfileId": self.unique_id,
            "Arn": str(self.arn),
            "CreateDate": int(self.created_at),
            "Roles": [role.described() for role in self.roles],
        }
        return shown | ({"Tags": self.tag_list()} if self.tags else {})
