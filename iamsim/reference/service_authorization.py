"""AWS's service authorization reference as data: per IAM prefix its actions, resource types and condition keys.

The file is JSON lines, each in a gzip member of its own, so that `zcat` shows all of it and one prefix is read without
the others: first an index, then a line for each prefix. `build.py` makes it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data") / "service_authorization.jsonl.gz"
ACCESS_LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")
GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type: AWS's name, the templates of its ARN with `${Variable}`s, and its condition keys."""

    name: str
    templates: tuple[str, ...]
    condition_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionResource:
    """A resource type as one action has it, with the condition keys that this action has there."""

    type: ResourceType
    required: bool
    condition_keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """The resource type's name."""
        return self.type.name


@dataclass(frozen=True, slots=True)
class Action:
    """An IAM action as the service authorization reference has it (O-3)."""

    prefix: str
    name: str  # in AWS's spelling
    access_level: str  # one of ACCESS_LEVELS
    resource_types: tuple[ActionResource, ...]
    condition_keys: tuple[str, ...]  # of the action itself; a resource type may add its own
    dependent_actions: tuple[str, ...]  # what the caller needs beside it, some only for certain parameters (O-6)

    def __str__(self) -> str:
        return f"{self.prefix}:{self.name}"

    @property
    def is_wildcard_only(self) -> bool:
        """Whether only `*` is ever its resource (O-4, L-45)."""
        return not self.resource_types


class Service:
    """One IAM prefix. Its actions are made when they are asked for."""

    def __init__(self, prefix: str, name: str, row: Mapping[str, Any]) -> None:
        self.prefix = prefix
        self.name = name
        self._row = row
        self._actions: dict[str, Action] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def action(self, name: str) -> Action | None:
        """The action `name`, in any case."""
        key = name.lower()
        if key not in self._actions:
            if key not in self._rows:
                return None
            self._actions[key] = self._made(self._rows[key])
        return self._actions[key]

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """All actions, by name."""
        return tuple(action for name in self._rows if (action := self.action(name)))

    @cached_property
    def action_names(self) -> tuple[str, ...]:
        """The names of all actions in AWS's spelling, without the prefix, in alphabetical order."""
        return tuple(row[0] for row in self._row["actions"])

    @cached_property
    def resource_types(self) -> Mapping[str, ResourceType]:
        """Its resource types by AWS's name."""
        return {kind.name: kind for kind in self._types}

    @cached_property
    def condition_keys(self) -> Mapping[str, str]:
        """Its condition keys with their types, such as `ArrayOfString`; families end in `/${TagKey}` or the like."""
        return dict(self._row["keys"])

    @cached_property
    def _rows(self) -> dict[str, Any]:
        return {row[0].lower(): row for row in self._row["actions"]}

    @cached_property
    def _sets(self) -> list[tuple[str, ...]]:
        keys = self._row["keys"]
        return [tuple(keys[number][0] for number in numbers) for numbers in self._row["sets"]]

    @cached_property
    def _types(self) -> list[ResourceType]:
        return [ResourceType(name, tuple(templates), self._sets[keys]) for name, templates, keys in self._row["types"]]

    def _made(self, row: Any) -> Action:
        name, level, keys, types, dependents = row
        resources = tuple(ActionResource(self._types[number], bool(need), self._sets[k]) for number, need, k in types)
        return Action(self.prefix, name, ACCESS_LEVELS[level], resources, self._sets[keys], tuple(dependents))


@cache
def service(prefix: str) -> Service | None:
    """The service that has this IAM prefix, None for a prefix that the reference does not have."""
    index, lines = _file()
    if prefix not in index["prefixes"]:
        return None
    name, offset, length = index["prefixes"][prefix]
    return Service(prefix, name, json.loads(zlib.decompress(lines[offset : offset + length], GZIP)))


@cache
def prefixes() -> frozenset[str]:
    """All IAM prefixes."""
    return frozenset(_file()[0]["prefixes"])


@cache
def documented_only() -> frozenset[str]:
    """Actions such as `s3tables:StartTableMigration` of which botocore's documentation has the name, and no more."""
    return frozenset(_file()[0]["documented"])


def origin() -> dict[str, Any]:
    """Where the data come from: packages with version, licence, date and hash; the number of actions; the hash."""
    index = _file()[0]
    return {"packages": index["origin"], "sha256": index["sha256"], "actions": index["actions"]}


@cache
def _file() -> tuple[dict[str, Any], bytes]:
    """The index, and the members that hold the other lines."""
    reader = zlib.decompressobj(GZIP)
    index = json.loads(reader.decompress(DATA.read_bytes()))
    return index, reader.unused_data
