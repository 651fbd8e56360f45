"""Tags as S3 takes them, and its limits. Source: S3 User Guide, object-tagging and CostAllocTagging."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from iamsim.kit import StrMap

from .failures import BadRequest, InvalidTag, invalid_argument

MAX_OBJECT_TAGS, MAX_BUCKET_TAGS = 10, 50
MAX_KEY, MAX_VALUE = 128, 256
ALLOWED = re.compile(r"[\w\s+\-=.:/@]*")


def checked(pairs: Sequence[Mapping[str, str]], *, of_bucket: bool = False) -> StrMap:
    """The tags of `pairs`. Raises InvalidTag, and BadRequest for too many."""
    if len(pairs) > (MAX_BUCKET_TAGS if of_bucket else MAX_OBJECT_TAGS):
        raise BadRequest(
            f"Bucket tag count cannot be greater than {MAX_BUCKET_TAGS}"
            if of_bucket
            else f"Object tags cannot be greater than {MAX_OBJECT_TAGS}"
        )
    tags: StrMap = {}
    for pair in pairs:
        key, value = pair.get("Key", ""), pair.get("Value", "")
        if not key or len(key) > MAX_KEY or not ALLOWED.fullmatch(key):
            raise InvalidTag("The TagKey you have provided is invalid", fields={"TagKey": key})
        if len(value) > MAX_VALUE or not ALLOWED.fullmatch(value):
            raise InvalidTag("The TagValue you have provided is invalid", fields={"TagKey": key, "TagValue": value})
        if key.lower().startswith("aws:"):
            raise InvalidTag("System tags cannot be added/updated by requester", fields={"TagKey": key})
        if key in tags:
            raise InvalidTag("Cannot provide multiple Tags with the same key", fields={"TagKey": key})
        tags[key] = value
    return tags


def in_header(text: str | None) -> StrMap:
    """The tags of the header x-amz-tagging: `a=b&c=d`. Raises InvalidArgument, InvalidTag, BadRequest."""
    if not text:
        return {}
    pairs = parse_qsl(text, keep_blank_values=True)
    if len({key for key, _ in pairs}) < len(pairs):
        raise invalid_argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag "
            "name duplicates.",
            "x-amz-tagging",
            text,
        )
    return checked([{"Key": key, "Value": value} for key, value in pairs])


def described(tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """As S3 answers, in the order of their keys."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
