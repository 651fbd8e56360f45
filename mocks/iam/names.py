"""Which entity a name means, for calls that hand one over without its path."""

from __future__ import annotations

from iamsim.kit import Arn, Cloud, ResourceSource, provides

from .account import Entity
from .group import Group
from .instance_profile import InstanceProfile
from .managed_policy import ManagedPolicy
from .role import Role
from .user import User

CLASSES: dict[str, type[Entity]] = {
    "user": User,
    "group": Group,
    "role": Role,
    "policy": ManagedPolicy,
    "instance-profile": InstanceProfile,
}


@provides(ResourceSource)
class Entities:
    """Looks entities up by name: it is unique among those of the kind in its account, whatever the path."""

    def __init__(self, cloud: Cloud) -> None:
        self._resources = cloud.resources

    def arn_meant(self, kind: str, name: str, *, account: str, region: str) -> str | None:
        """The entity of that name; for a role also the ARN of the instance profile that it is in."""
        if kind == "role" and ":instance-profile/" in name and Arn.looks_like(name):
            profile = self._resources.find(InstanceProfile, Arn.parse(name))
            return str(profile.roles[0].arn) if profile is not None and profile.roles else None
        cls = CLASSES.get(kind)
        found = self._resources.all(cls, account=account, region="") if cls is not None else []
        return next((str(entity.arn) for entity in found if entity.arn.name == name), None)
