"""One thing that a recorded call needed of its caller's policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iamsim.policy.context import RequestContext
from iamsim.reference.actions import action as known_action

# Condition keys without which an action is worth far more than its call needed: IAM action (`*`: any of its service),
# key, and whether the key is a boolean.
MATTERING = (
    ("iam:PassRole", "iam:PassedToService", False),  # else the role can be handed to any service
    ("iam:CreateServiceLinkedRole", "iam:AWSServiceName", False),
    ("kms:*", "kms:ViaService", False),  # else the key can be used without the service
    ("kms:CreateGrant", "kms:GrantIsForAWSResource", True),
    ("ec2:CreateTags", "ec2:CreateAction", False),  # else what exists already can be tagged anew
)


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """A condition that matters: a key and the one value that the call had."""

    key: str
    value: str
    is_boolean: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """An action on a resource, under the conditions that matter."""

    action: str  # in AWS's spelling
    resource: str
    conditions: tuple[Condition, ...] = ()

    @staticmethod
    def of(action: str, resource: str, context: Mapping[str, str | Sequence[str]]) -> Need:
        """The need of a request with this context. Of an action without resource types the resource is always `*`."""
        known = known_action(action)
        if known is not None and known.is_wildcard_only:
            resource = "*"
        return Need(str(known) if known else action, resource, tuple(sorted(_conditions(action, context))))

    @property
    def prefix(self) -> str:
        """The IAM prefix of the action."""
        return self.action.partition(":")[0]

    def to_dict(self) -> dict[str, Any]:
        """The need as JSON data, from which `read` makes it again."""
        conditions = [[each.key, each.value, each.is_boolean] for each in self.conditions]
        return {"action": self.action, "resource": self.resource, "conditions": conditions}

    @staticmethod
    def read(data: Mapping[str, Any]) -> Need:
        """The need that `to_dict` wrote."""
        return Need(data["action"], data["resource"], tuple(Condition(*each) for each in data["conditions"]))


def _conditions(action: str, context: Mapping[str, str | Sequence[str]]) -> list[Condition]:
    asked, found = RequestContext(context), []
    for of_action, key, is_boolean in MATTERING:
        prefix, _, name = of_action.lower().partition(":")
        if action.lower() == of_action.lower() or (name == "*" and action.lower().startswith(f"{prefix}:")):
            value = asked.get(key.lower())
            if isinstance(value, str):
                found.append(Condition(key, value, is_boolean))
    return found
