"""IAM groups: users who share policies. A group is never a principal (R-42)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .policy_holder import PolicyHolder

if TYPE_CHECKING:
    from .user import User


@dataclass(eq=False)
class Group(PolicyHolder, kind="group"):
    """One group; `users` by unique id, in the order in which they joined."""

    users: dict[str, User] = field(default_factory=dict, repr=False)

    def described(self) -> dict[str, Any]:
        return {
            "Path": self.path,
            "GroupName": self.name,
            "GroupId": self.unique_id,
            "Arn": str(self.arn),
            "CreateDate": int(self.created_at),
        }
