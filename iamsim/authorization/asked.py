"""A call whose permissions are asked for: what the rules of `planned/` see of it. A rule answers with checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from iamsim.cloud import ResourceSource
from iamsim.reference.values import Setting, at, decoded, is_arn
from iamsim.request import Params, Target
from iamsim.request import Required as Check

WILD = re.compile(r"[*?]")

__all__ = ["WILD", "Asked", "Check", "as_text", "matcher"]


@dataclass(slots=True)
class Asked:
    """One operation with its input, and where it goes.

    `sources` says which service knows the resources that a name means; None if nothing is known of any state, as when a
    call is only planned.
    """

    service: str  # botocore's name
    operation: str
    model: Any  # botocore.model.OperationModel
    params: Params
    setting: Setting
    prefix: str  # the IAM prefix of the service
    caller: str = ""  # the caller's ARN, "" for nobody in particular
    locate: Callable[[], Sequence[Target]] = tuple
    sources: Callable[[str], ResourceSource | None] | None = None
    tag_members: frozenset[str] = frozenset()  # those that the mock says carry tags

    @property
    def located(self) -> Sequence[Target]:
        """The resources that the call names, as far as a mock keeps them."""
        return self.locate()

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

    def meant(self, service: str, kind: str, name: str) -> str | None:
        """The ARN of the resource that `name` stands for, as `ResourceSource` says; None if nothing is known of it."""
        source = self.sources(service) if self.sources is not None else None
        if source is None:
            return None
        return source.arn_meant(kind, name, account=self.setting.account, region=self.setting.region)

    def found(self, arn: str) -> str:
        """The located resource that `arn` is, if it is a pattern that one matches; else `arn` itself."""
        fits = matcher(arn).fullmatch if WILD.search(arn) else arn.__eq__
        return next((each.arn for each in self.located if fits(each.arn)), arn)

    def check(self, resource: str = "*", **context: Any) -> Check:
        """The operation itself on that resource. Condition keys are the service's own: `cluster` is `ecs:cluster`."""
        return Check(f"{self.prefix}:{self.operation}", resource, self.keys(context))

    def keys(self, values: dict[str, Any]) -> dict[str, Any]:
        """Condition keys of the service's own by their names without prefix, those without a value left out."""
        return {f"{self.prefix}:{name}": value for name, value in values.items() if value not in (None, [], "")}


@lru_cache(maxsize=4096)
def matcher(pattern: str) -> re.Pattern[str]:
    """What the pattern matches within one part of an ARN: `*` and `?` do not go beyond `:` and `/`."""
    return re.compile(re.escape(pattern).replace(r"\*", "[^:/]*").replace(r"\?", "[^:/]"))


def as_text(value: Any) -> str:
    """The value as condition keys have it."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # K-6
    return str(value).lower() if isinstance(value, bool) else str(value)
