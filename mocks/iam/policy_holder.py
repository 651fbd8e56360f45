"""What users, groups and roles have alike: inline policies and attached managed policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call, Policy, StrMap

from .account import Account, Entity
from .documents import encoded
from .managed_policy import ManagedPolicy


@dataclass(eq=False)
class PolicyHolder(Entity):
    """`home` is the account that counts changes; what `policies` gives is worked out once per change."""

    home: Account = field(kw_only=True)
    inline: StrMap = field(default_factory=dict)  # policy name -> document
    attached: dict[str, ManagedPolicy] = field(default_factory=dict)  # by ARN
    boundary: ManagedPolicy | None = None
    _known: tuple[int, tuple[Policy, ...]] | None = field(default=None, repr=False, compare=False)

    def policies(self) -> tuple[Policy, ...]:
        """All policies that count for it, as the decision wants them."""
        if self._known is None or self._known[0] != self.home.generation:
            self._known = (self.home.generation, self._collected())
        return self._known[1]

    def _collected(self) -> tuple[Policy, ...]:
        return self.own_policies()

    def own_policies(self) -> tuple[Policy, ...]:
        """Its inline policies and those attached to it."""
        kind = self.kind
        return (
            *(Policy.parse(text, name=name, source=f"{kind} {self.name}") for name, text in self.inline.items()),
            *(policy.parsed(source=f"{kind} {self.name}") for policy in self.attached.values()),
        )

    def attached_list(self, path_prefix: str = "/") -> list[dict[str, str]]:
        """The attached policies below a path, as IAM lists them: by name."""
        found = [policy for policy in self.attached.values() if policy.path.startswith(path_prefix)]
        return [
            {"PolicyName": policy.name, "PolicyArn": str(policy.arn)}
            for policy in sorted(found, key=lambda policy: policy.name.lower())
        ]

    def inline_list(self) -> list[dict[str, str]]:
        """The inline policies with their documents, by name."""
        return [{"PolicyName": name, "PolicyDocument": encoded(self.inline[name])} for name in sorted(self.inline)]

    def boundary_described(self) -> dict[str, Any]:
        """The permissions boundary as a member of a user or role; {} without one."""
        if self.boundary is None:
            return {}
        described = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": str(self.boundary.arn)}
        return {"PermissionsBoundary": described}


def end_sessions(call: Call, holder: PolicyHolder) -> None:
    """The credentials that stand for a deleted user or role are invalid from now on, whenever they were issued."""
    credentials = call.cloud.credentials
    for key in [key for key, each in credentials.items() if each.principal.entity_id == holder.unique_id]:
        del credentials[key]
