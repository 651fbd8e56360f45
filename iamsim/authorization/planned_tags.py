"""The tags that a call gives or takes, and the condition keys that they make (K-33, K-34)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_keys import has_key
from iamsim.reference.tags import tags_in

READS = ("Describe", "Get", "List", "Search", "Query", "Scan", "BatchGet", "Lookup")
GIVE_OUT = ("GetFederationToken", "GetWebIdentityToken")
NAMES = frozenset(
    {"tags", "taglist", "tagset", "tagging", "resourcetags", "addtags", "tagstoadd", "newtags", "tagspecifications"}
)
TAKEN = frozenset({"tagkeys", "tagkeylist", "tagnames", "tagstoremove", "removetags", "tagkeystoremove", "keys"})
UNTAGS = ("Untag", "RemoveTags", "DeleteTags")


def tags_of(asked: Asked) -> dict[str, str]:
    """The tags that the call puts on something."""
    tags: dict[str, str] = {}
    if asked.operation.startswith(READS) and asked.operation not in GIVE_OUT:
        return tags
    for member, value in asked.params.items():
        name = member.lower()
        if name == "tagspecifications" and isinstance(value, list):
            for specification in value:
                tags |= tags_in(specification.get("Tags") or specification.get("tags") or [])
        elif name in NAMES and isinstance(value, list | dict):
            tags |= tags_in(value)
        elif isinstance(value, dict) and isinstance(value.get("Tags"), list | dict):
            tags |= tags_in(value["Tags"])
    return tags


def request_tags(asked: Asked) -> dict[str, Any]:
    """aws:RequestTag/* and aws:TagKeys."""
    if asked.operation.startswith(UNTAGS):
        for member, value in asked.params.items():
            if member.lower() in TAKEN or (member.lower() in NAMES and isinstance(value, list)):
                names = [each if isinstance(each, str) else next(iter(tags_in([each])), "") for each in value]
                return {"aws:TagKeys": names} if names else {}
    tags = tags_of(asked)
    keys: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    if tags:
        keys["aws:TagKeys"] = list(tags)
    return keys


def tagging(asked: Asked, resource: str, action: str = "TagResource") -> Iterator[Check]:
    """To tag `resource` by the service's own action, if the call that makes it gives tags (O section 7)."""
    if tags_of(asked):
        name, key = f"{asked.prefix}:{action}", f"{asked.prefix}:CreateAction"
        yield Check(name, resource, {key: asked.operation} if has_key(name, key) else {})
