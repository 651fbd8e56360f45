"""Condition keys that mirror a member of the input: `secretsmanager:VersionStage` is the member `VersionStage`.

Source: context-keys sections 7 to 14; which keys an action has, AWS's reference says.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from iamsim.authorization.asked import Asked, Check, as_text
from iamsim.authorization.planned_tags import MAKES
from iamsim.reference.actions import action
from iamsim.reference.member_names import plain
from iamsim.reference.service_authorization import service
from iamsim.reference.service_model import service_model
from iamsim.reference.values import at, is_arn, reader

DEPTH = 3  # how many structures deep a member may be


class Mirror(NamedTuple):
    """One condition key, where its value stands in the input, and its type in AWS's reference.

    `templates` are those of the resource types that have the key; none if the action has it on any resource.
    """

    key: str
    path: str
    type: str
    templates: tuple[str, ...]


def add_mirrors(asked: Asked, check: Check) -> None:
    """Add to the check the keys of its action and resource that mirror members of the input.

    What a call makes has the values that it gives; of what was there before it says the name only. A key that a rule
    set to None has no value, whatever member has its name.
    """
    for mirror in mirrors(asked.service, asked.operation, check.action):
        if mirror.templates and not any(reader(each).fullmatch(check.resource) for each in mirror.templates):
            continue
        value = _value(mirror, asked.params, check.resource)
        if value is None or mirror.key.lower() in map(str.lower, check.context):
            continue
        if mirror.templates and _was_there(asked, check) and str(value) not in check.resource:
            continue
        check.context[mirror.key] = value


def _was_there(asked: Asked, check: Check) -> bool:
    """Whether the call makes something, and the check is about something else."""
    verb = next((verb for verb in MAKES if asked.operation.startswith(verb)), None)
    if verb is None or check.resource.endswith("*"):
        return False
    if check.target is not None and check.target.resource is not None:
        return True
    found, noun = action(check.action), plain(asked.operation.removeprefix(verb))
    kinds = {plain(row.name): row.type.templates for row in found.resource_types} if found is not None else {}
    made = next((kinds[name] for name in (noun, _singular(noun)) if name in kinds), None)
    return made is not None and not any(reader(template).fullmatch(check.resource) for template in made)


@lru_cache(maxsize=8192)
def mirrors(service_name: str, operation: str, action_name: str) -> tuple[Mirror, ...]:
    """The keys of the action that members of the operation's input have the names of."""
    found = action(action_name)
    shape = service_model(service_name).operation_model(operation).input_shape
    if found is None or shape is None:
        return ()
    known = service(found.prefix)
    types = known.condition_keys if known else {}
    keys: dict[str, tuple[str, ...]] = dict.fromkeys(found.condition_keys, ())
    for resource in found.resource_types:
        for key in resource.condition_keys + resource.type.condition_keys:
            if keys.get(key) != ():
                keys[key] = keys.get(key, ()) + resource.type.templates
    paths: dict[str, str] = {}
    for name, path in _members(shape, "", 0):
        paths.setdefault(name, path)
    return tuple(
        Mirror(key, paths[name], types.get(key, "String"), templates)
        for key, templates in keys.items()
        if key.startswith(f"{found.prefix}:") and not {"$", "<", "/"} & set(key)
        for name in [_singular(plain(key.partition(":")[2]))]
        if name in paths
    )


def _members(shape: Any, before: str, depth: int) -> Iterator[tuple[str, str]]:
    """The names of the input's members that hold plain values, with their paths, the outermost first."""
    inner = []
    for name, member in shape.members.items():
        if member.type_name == "structure":
            inner.append((member, f"{before}{name}."))
        elif member.type_name == "list":
            if member.member.type_name not in ("structure", "list", "map"):
                yield _singular(plain(name)), f"{before}{name}"
        elif member.type_name not in ("map", "blob"):
            yield _singular(plain(name)), f"{before}{name}"
    for member, path in inner if depth + 1 < DEPTH else ():
        yield from _members(member, path, depth + 1)


def _singular(name: str) -> str:
    return name.removesuffix("s")


def _value(mirror: Mirror, params: Any, resource: str) -> Any:
    value = params.get(mirror.path) if "." not in mirror.path else next(at(params, mirror.path), None)
    if value is None or value == []:
        return None
    if isinstance(value, list):
        if mirror.type.startswith("ArrayOf"):
            return [as_text(each) for each in value]
        fitting = [each for each in value if str(each) in resource] or (value if len(value) == 1 else [])
        return as_text(fitting[0]) if fitting else None
    if mirror.type.endswith("ARN") and not is_arn(value):
        return None
    return [as_text(value)] if mirror.type.startswith("ArrayOf") else as_text(value)
