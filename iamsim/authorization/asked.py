"""A call whose permissions are asked for, and one of the checks that they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from iamsim.reference.values import Setting, at, decoded, is_arn
from iamsim.request import Params


@dataclass(slots=True)
class Check:
    """One thing that the caller of an operation must be allowed, with the condition keys that its input gives."""

    action: str
    resource: str = "*"
    context: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON has it."""
        return {"action": self.action, "resource": self.resource, "context": self.context}


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation with its input, and where it goes."""

    service: str  # botocore's name
    operation: str
    model: Any  # botocore.model.OperationModel
    params: Params
    setting: Setting
    prefix: str  # the IAM prefix of the service
    caller: str = ""  # the caller's ARN, "" for nobody in particular

    def get(self, member: str, default: Any = None) -> Any:
        """The value of a member of the input."""
        return self.params.get(member, default)

    def at(self, path: str) -> Iterator[Any]:
        """All values at a path such as `Targets[].RoleArn`."""
        return at(self.params, path)

    def arn(self, resource: str, **where: str) -> str:
        """The ARN of the service's own `resource`, such as `rule/r`."""
        return self.setting.arn(self.prefix, resource, **where)

    def named(self, value: Any, before: str = "") -> str:
        """The ARN that `value` is, or that of the service's own resource of that name, with `before` ahead of it.

        A value that has `before` already, or a slash ahead of that, is the same name.
        """
        text = decoded(str(value)) if value is not None else "*"
        if is_arn(text):
            return text
        if before and text.lstrip("/").startswith(before):
            text = text.lstrip("/")[len(before) :]
        return self.arn(before + text)

    def check(self, resource: str = "*", **context: Any) -> Check:
        """The operation itself on that resource. Condition keys are the service's own: `cluster` is `ecs:cluster`."""
        return Check(f"{self.prefix}:{self.operation}", resource, self.keys(context))

    def keys(self, values: dict[str, Any]) -> dict[str, Any]:
        """Condition keys of the service's own by their names without prefix, those without a value left out."""
        return {f"{self.prefix}:{name}": value for name, value in values.items() if value not in (None, [], "")}


def as_text(value: Any) -> str:
    """The value as condition keys have it."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # K-6
    return str(value).lower() if isinstance(value, bool) else str(value)
