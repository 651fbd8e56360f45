"""Resource Groups Tagging API: each service's own tagging action besides its own. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_tags import request_tags
from iamsim.reference.actions import action

TAGS = ("TagResource", "AddTagsToResource", "CreateTags", "AddTags", "TagQueue", "PutBucketTagging")
UNTAGS = ("UntagResource", "RemoveTagsFromResource", "DeleteTags", "RemoveTags", "UntagQueue", "PutBucketTagging")
OF_S3 = "PutBucketTagging"


def forwarded(asked: Asked) -> Iterator[Check]:
    """To tag or untag each resource in its own service."""
    names = {"TagResources": TAGS, "UntagResources": UNTAGS}.get(asked.operation, ())
    for arn in asked.get("ResourceARNList") or ():
        prefix = str(arn).split(":", 3)[2] if str(arn).count(":") > 2 else ""
        wanted = (OF_S3,) if prefix == "s3" else names
        found = next((each for name in wanted if names and (each := action(f"{prefix}:{name}"))), None)
        if found is not None:
            yield Check(str(found), arn, request_tags(asked))
