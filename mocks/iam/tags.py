"""Tags of IAM's entities. Keys that differ only in case are one key. Source: IAM User Guide, id_tags."""

from __future__ import annotations

from iamsim.kit import Call, Reply, StrMap, tags_in

from .account import Entity
from .failures import InvalidInput, LimitExceeded

TagList = list[dict[str, str]]

MAX_TAGS = 50
PAGE_SIZE = 100


def checked(tags: TagList | None) -> StrMap:
    """The tags of a request. Raises InvalidInput for a key that stands twice, or that AWS keeps for itself."""
    found = tags_in(tags or [])
    keys = [pair["Key"].lower() for pair in tags or []]
    if len(set(keys)) != len(keys):
        raise InvalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    for key in keys:
        if key.startswith("aws:"):
            raise InvalidInput("Tag keys beginning with aws: are reserved for AWS use.")
    return found


def tag(entity: Entity, tags: TagList) -> None:
    """Add the tags; one with the same key in whatever case is replaced. Raises LimitExceeded beyond 50."""
    wanted = checked(tags)
    replaced = {key.lower() for key in wanted}
    merged = {key: value for key, value in entity.tags.items() if key.lower() not in replaced} | wanted
    if len(merged) > MAX_TAGS:
        raise LimitExceeded("The number of tags has reached the maximum limit.")
    entity.tags = merged


def untag(entity: Entity, tag_keys: list[str]) -> None:
    """Take tags away; keys that the entity does not have do no harm."""
    gone = {key.lower() for key in tag_keys}
    entity.tags = {key: value for key, value in entity.tags.items() if key.lower() not in gone}


def listed(call: Call, entity: Entity) -> Reply:
    """A page of the tags, by key."""
    return call.page(sorted(entity.tag_list(), key=lambda pair: pair["Key"]), limit=PAGE_SIZE)
