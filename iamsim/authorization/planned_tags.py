"""The tags that a call gives or takes, and the condition keys that they make (K-33, K-34)."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked
from iamsim.reference.tags import tags_in

READS = ("Describe", "Get", "List", "Search", "Query", "Scan", "BatchGet", "Lookup")
GIVE_OUT = ("GetFederationToken", "GetWebIdentityToken")
NAMES = frozenset(
    {
        *("tags", "taglist", "tagslist", "tagset", "tagging", "resourcetags", "tagspecifications", "tagsmodel"),
        *("addtags", "newtags", "tagstoadd", "tagstoupdate"),
        *("backupplantags", "backupvaulttags", "bottags", "changesettags", "custommodeltags", "flowtags"),
        *("frameworktags", "identitypooltags", "importedmodeltags", "jobtags", "modeltags", "newimagetags"),
        *("recoverypointtags", "reportplantags", "targetmodeltags", "testsettags", "tieringconfigurationtags"),
        "userpooltags",
    }
)
TAKEN = frozenset(
    {
        *("keys", "tagkeys", "tagkeylist", "tagnames", "resourcetagkeys"),
        *("removetags", "tagkeystoremove", "tagstoremove", "tagstodelete"),
    }
)
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
