"""Tags as a caller gives them: what EC2 accepts, and which go to which of the resources that an operation makes."""

from __future__ import annotations

from typing import Any

from iamsim.kit import StrMap, error, tags_in

from .failures import InvalidParameterValue

TagLimitExceeded = error("TagLimitExceeded", status=400)

TagSpecifications = list[dict[str, Any]]
MAX_TAGS = 50


def tags_at_creation(specifications: TagSpecifications | None, *created: str) -> dict[str, StrMap]:
    """The tags for each kind of resource that the operation makes. Raises InvalidParameterValue for any other kind."""
    tags: dict[str, StrMap] = {kind: {} for kind in created}
    for each in specifications or ():
        kind = each.get("ResourceType", "")
        if kind not in tags:
            raise InvalidParameterValue(f"'{kind}' is not a valid taggable resource type for this operation.")
        tags[kind] |= checked(each.get("Tags", []))
    return tags


def checked(pairs: list[dict[str, str]]) -> StrMap:
    """The tags of `pairs`. Raises InvalidParameterValue for what EC2 refuses."""
    tags = tags_in(pairs)
    for position, pair in enumerate(pairs):
        if any(pair.get("Key") == other.get("Key") for other in pairs[:position]):
            raise InvalidParameterValue(f"Duplicate tag key '{pair.get('Key')}' specified.")
    for key, value in tags.items():
        if not key:
            raise InvalidParameterValue(
                "Tag key cannot be null or empty. Tag keys must be between 1-128 characters in length."
            )
        if key.lower().startswith("aws:"):
            raise InvalidParameterValue("Tag keys starting with 'aws:' are reserved for internal use")
        if len(key) > 128:
            raise InvalidParameterValue(f"Tag key exceeds the maximum length of 128 characters: {key}")
        if len(value) > 256:
            raise InvalidParameterValue(f"Tag value exceeds the maximum length of 256 characters: {value}")
    if len(tags) > MAX_TAGS:
        raise TagLimitExceeded("The maximum number of Tags for a resource has been reached.")
    return tags
