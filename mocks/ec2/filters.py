"""`Filters`: which of the described resources a caller wants. Source: EC2 User Guide, Filtering_Resources_CLI_API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from iamsim.kit import Call, NotMocked

from .failures import InvalidParameterValue

Described = dict[str, Any]  # one resource in the shape in which EC2 describes it
Filters = list[dict[str, Any]]
TAGS = {"tag-key": "Key", "tag-value": "Value"}


def matching(
    call: Call, items: Sequence[Described], filters: Filters | None, paths: Mapping[str, str]
) -> list[Described]:
    """The `items` that match every filter, by any of its values.

    `paths` says where in the description the value of each filter stands: `SecurityGroups.GroupId`. Raises
    InvalidParameterValue for a filter that EC2 does not have, NotMocked for one that EC2 has and `paths` lacks.
    """
    for each in filters or ():
        name, wanted = each.get("Name", ""), [pattern(str(value)) for value in each.get("Values", ())]
        path = _path(call, name, paths)
        items = [item for item in items if any(p.fullmatch(v) for v in _values(item, name, path) for p in wanted)]
    return list(items)


@lru_cache(maxsize=1024)
def pattern(text: str) -> re.Pattern[str]:
    """A filter's value: `*` is any characters, `?` is one; a backslash takes the meaning of either away."""
    parts = re.split(r"(\\[*?\\]|[*?])", text)
    readings = {"*": ".*", "?": "."}
    return re.compile(
        "".join(readings.get(p) or re.escape(p[1] if p[:1] == "\\" and len(p) == 2 else p) for p in parts), re.DOTALL
    )


def _path(call: Call, name: str, paths: Mapping[str, str]) -> str:
    if name in paths:
        return paths[name]
    known = _known_to_aws(call.operation.model.input_shape.members["Filters"].documentation)
    if (name in TAGS or name.startswith("tag:")) and known & {"tag", "tag-key", "tag-value"}:
        return ""
    if name in known:
        raise NotMocked(f"iamsim does not filter by `{name}` in ec2:{call.operation.name} yet")
    raise InvalidParameterValue(f"The filter '{name}' is invalid")


@lru_cache(maxsize=128)
def _known_to_aws(documentation: str) -> frozenset[str]:
    """The names of filters in the operation's documentation. Source: botocore's model."""
    return frozenset(re.findall(r"<li>\s*<p>\s*<code>([a-z0-9.-]+)(?::[^/]*)?</code>", documentation))


def _values(item: Described, name: str, path: str) -> Iterator[str]:
    if path:
        yield from map(_text, _at(item, path.split(".")))
        return
    for tag in item.get("Tags") or item.get("TagSet") or ():
        if name in TAGS:
            yield tag[TAGS[name]]
        elif name == f"tag:{tag['Key']}":
            yield tag["Value"]


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, dict):
        yield from _at(value.get(path[0]), path[1:])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return str(value)
