"""The tags that a call gives or takes, and the condition keys that they make (K-33, K-34; context-keys section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import action, actions_of, has_key
from iamsim.reference.member_names import plain
from iamsim.reference.service_model import service_model
from iamsim.reference.tag_keys import tag_keys
from iamsim.reference.tags import PAIRS, tags_in
from iamsim.reference.values import reader

READS = ("Describe", "Get", "List", "Search", "Query", "Scan", "BatchGet", "Lookup")
GIVE_OUT = ("GetFederationToken", "GetWebIdentityToken")
NAMES = frozenset(
    {
        *("tags", "taglist", "tagslist", "tagset", "tagging", "resourcetags", "tagspecifications", "tagsmodel"),
        *("addtags", "newtags", "tagstoadd", "tagstoupdate"),
    }
)
TAKEN = frozenset(
    {
        *("keys", "tagkeys", "tagkeylist", "tagnames", "resourcetagkeys"),
        *("removetags", "tagkeystoremove", "tagstoremove", "tagstodelete"),
    }
)
NOT_GIVEN = ("remove", "exclude", "include", "filter", "delete")  # beginnings of names such as `ExcludeTags`
UNTAGS = ("Untag", "RemoveTags", "DeleteTags")
REQUEST_TAG = "aws:RequestTag/"
MAKES = (
    "Create",
    "Put",
    "Register",
    "Import",
    "Allocate",
    "Start",
    "Run",
    "Request",
    "Copy",
    "Restore",
    "Purchase",
    "Upload",
)


def tags_of(asked: Asked) -> dict[str, str]:
    """The tags that the call puts on something."""
    return {key: value for _, tags in given_tags(asked) for key, value in tags.items()}


def given_tags(asked: Asked) -> Iterator[tuple[str | None, dict[str, str]]]:
    """The tags that the call puts on something, with the resource type that they are for where the call says one."""
    for member in (*tag_members(asked.service, asked.operation), *asked.tag_members):
        value = asked.params.get(member)
        if isinstance(value, dict) and member.lower() not in NAMES:
            inner = value.get("Tags")
            value = inner if isinstance(inner, list | dict) else value if _is_name(member.lower()) else None
        if not isinstance(value, list | dict):
            continue
        if member.lower() == "tagspecifications" and isinstance(value, list):
            for each in value:
                yield each.get("ResourceType"), tags_in(each.get("Tags") or each.get("tags") or [])
        else:
            yield None, tags_in(value)


def taken_tags(asked: Asked) -> dict[str, str | None]:
    """The tags that an operation which untags takes away, with the values that it names."""
    for member, value in asked.params.items():
        if member.lower() in TAKEN or (member.lower() in NAMES and isinstance(value, list)):
            return {each: None for each in value if isinstance(each, str)} or {
                key: text if "Value" in each else None for each in value for key, text in tags_in([each]).items()
            }
    return {}


def request_tags(asked: Asked) -> dict[str, Any]:
    """aws:RequestTag/* and aws:TagKeys of all the tags that the call gives or takes."""
    if asked.operation.startswith(UNTAGS):
        return _keys_of(taken_tags(asked))
    return _keys_of(tags_of(asked))


def add_tag_keys(asked: Asked, checks: list[Check], untags: bool) -> None:
    """Add to the checks of the service's own actions the keys of the tags that the call gives or takes.

    A resource that the call makes has the tags already, as aws:ResourceTag/* (context-keys section 4).
    """
    given = [] if untags else [each for each in given_tags(asked) if each[1]]
    taken = taken_tags(asked) if untags else {}
    if not given and not taken:
        return
    own = [check for check in checks if check.action.startswith(f"{asked.prefix}:")]
    new = {check.resource for check in own if _has_tags_when_made(asked.operation, check)} if given else set()
    for check in own:
        tags: dict[str, Any] = dict(taken)
        for kind, of_kind in given:
            if kind is None or f":{kind}/" in check.resource or check.resource == "*":
                tags |= of_kind
        families = tag_keys(check.action, check.resource)
        for before in families.of_request or _unsaid(asked.prefix):
            for key, value in tags.items():
                if value is not None:
                    check.context.setdefault(before + key, value)
            if before == REQUEST_TAG and tags:
                check.context.setdefault("aws:TagKeys", list(tags))
        for before in families.of_new if check.resource in new else ():
            for key, value in tags.items():
                check.context.setdefault(before + key, value)


@lru_cache(maxsize=512)
def _unsaid(prefix: str) -> tuple[str, ...]:
    """aws:RequestTag for a service whose actions have it nowhere in AWS's reference, although its calls carry tags."""
    return () if any(tag_keys(str(each), "*").of_request for each in actions_of(prefix)) else (REQUEST_TAG,)


def _has_tags_when_made(operation: str, check: Check) -> bool:
    """Whether the operation makes the resource that the check is about, and AWS counts its tags then already.

    EC2's creations do not (context-keys section 11).
    """
    return bool(tag_keys(check.action, check.resource).of_new) and _is_new(operation, check)


def _is_new(operation: str, check: Check) -> bool:
    verb, found = next((verb for verb in MAKES if operation.startswith(verb)), None), action(check.action)
    if verb is None or found is None or found.access_level == "Tagging":
        return False
    if check.target is not None:
        return check.target.resource is None
    noun = plain(operation.removeprefix(verb))
    return any(
        plain(row.name) == noun and reader(template).fullmatch(check.resource)
        for row in found.resource_types
        for template in row.type.templates
    )


def _keys_of(tags: Mapping[str, str | None]) -> dict[str, Any]:
    keys: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items() if value is not None}
    if tags:
        keys["aws:TagKeys"] = list(tags)
    return keys


def tagging(asked: Asked, resource: str, verb: str = "TagResource") -> Iterator[Check]:
    """To tag `resource` by the service's own action, if the call that makes it gives tags (O section 7)."""
    if tags_of(asked):
        name, key = f"{asked.prefix}:{verb}", f"{asked.prefix}:CreateAction"
        yield Check(name, resource, {key: asked.operation} if has_key(name, key) else {})


@lru_cache(maxsize=8192)
def tag_members(service: str, operation: str) -> tuple[str, ...]:
    """The members of the operation's input that carry tags to put on something."""
    shape = service_model(service).operation_model(operation).input_shape
    if shape is None or (operation.startswith(READS) and operation not in GIVE_OUT):
        return ()
    return tuple(name for name, member in shape.members.items() if _carries_tags(name.lower(), member))


def _is_name(name: str) -> bool:
    """Whether a member of that name, in lower case, is the tags themselves, and not something that has some."""
    return name in NAMES or (name.endswith("tags") and not name.startswith(NOT_GIVEN))


def _carries_tags(name: str, shape: Any) -> bool:
    if name in NAMES:
        return shape.type_name in ("list", "map", "structure")
    if shape.type_name == "structure":
        return "Tags" in shape.members and shape.members["Tags"].type_name in ("list", "map", "structure")
    if not _is_name(name):
        return False
    if shape.type_name == "map":
        return bool(shape.value.type_name == "string")
    members = shape.member.members if shape.type_name == "list" and shape.member.type_name == "structure" else {}
    return any(key in members and value in members for key, value in PAIRS)
