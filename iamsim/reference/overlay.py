"""Exceptions to the default rule by name, from `operations/<service>.yaml`, in the words of a mock's `access:`.

    service: kms
    access:
      ReEncrypt:                                                  # several actions: a list
        - {action: "kms:ReEncryptFrom", resource: key, members: {KeyId: SourceKeyId}}
        - {action: "kms:ReEncryptTo", resource: key, members: {KeyId: DestinationKeyId}}
      GetCallerIdentity: {permission: none}

`resource` is a resource type of AWS's reference, `*`, or an ARN template with input members as variables. Two words are
not a mock's: `members` says which input member, or path such as `StoredQuery.QueryName`, fills a variable; `dependent`
marks what is needed beside the main action, perhaps only for certain parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from iamsim.errors import UsageError
from iamsim.reference.definition import SAFE_LOADER

FOLDER = Path(__file__).with_name("operations")
FIELDS = frozenset({"action", "resource", "members", "dependent", "permission"})


@dataclass(frozen=True, slots=True)
class OverlayRule:
    """One action that an operation needs, or that it needs none."""

    action: str | None = None
    resource: str | None = None
    members: Mapping[str, str] = field(default_factory=dict)
    dependent: bool = False


_DECLARED: dict[str, dict[str, tuple[OverlayRule, ...]]] = {}  # in this process, as the reference itself is


def declare(service: str, operation: str, rules: tuple[OverlayRule, ...]) -> None:
    """Say what `operation` of botocore's `service` needs, in place of what the files here and the reference say."""
    _DECLARED.setdefault(service, {})[operation] = rules


def forget(service: str, operation: str) -> None:
    """Take back what was declared of the operation."""
    _DECLARED.get(service, {}).pop(operation, None)


def is_declared(service: str, operation: str) -> bool:
    """Whether somebody declared what the operation needs."""
    return operation in _DECLARED.get(service, {})


def rules_of(service: str, operation: str) -> tuple[OverlayRule, ...]:
    """What is declared of the operation, else what is written down; none if nothing is."""
    return _DECLARED.get(service, {}).get(operation) or overlay(service).get(operation, ())


@cache
def overlay(service: str) -> Mapping[str, tuple[OverlayRule, ...]]:
    """The rules of botocore's `service` by operation; a rule without an action says that no permission is needed."""
    path = FOLDER / f"{service}.yaml"
    return read_overlay(path.read_text("utf-8"), f"operations/{path.name}")[1] if path.is_file() else {}


def read_overlay(text: str, source: str) -> tuple[str, Mapping[str, tuple[OverlayRule, ...]]]:
    """The service of the overlay `text`, and its rules by operation.

    Raises UsageError that names `source` and the field that is wrong.
    """
    try:
        data = yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as problem:
        raise UsageError(f"{source}: not YAML: {problem}") from None
    if not isinstance(data, dict) or data.keys() != {"service", "access"}:
        raise UsageError(f"{source}: the file must be a mapping with `service` and `access`")
    if not isinstance(data["access"], dict):
        raise UsageError(f"{source}: `access` must be a mapping of operations")
    return str(data["service"]), {
        name: _rules(body, f"{source}: access.{name}") for name, body in data["access"].items()
    }


def _rules(body: Any, where: str) -> tuple[OverlayRule, ...]:
    return tuple(_rule(each, where) for each in (body if isinstance(body, list) else [body]))


def _rule(body: Any, where: str) -> OverlayRule:
    if not isinstance(body, dict) or body.keys() - FIELDS:
        raise UsageError(f"{where}: a rule must be a mapping; known are: {', '.join(sorted(FIELDS))}")
    if ("action" in body) == ("permission" in body) or body.get("permission", "none") != "none":
        raise UsageError(f"{where}: say either `action` or `permission: none`")
    members = dict(body.get("members") or {})
    return OverlayRule(body.get("action"), body.get("resource"), members, bool(body.get("dependent")))
