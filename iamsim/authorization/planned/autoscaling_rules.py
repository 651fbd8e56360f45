"""Amazon EC2 Auto Scaling: each tag says which group it is for. Source: CreateOrUpdateTags of the API reference."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def create_or_update_tags(asked: Asked) -> Iterator[Check]:
    """Each group, once."""
    for name in list(dict.fromkeys(asked.at("Tags[].ResourceId"))) or ["*"]:
        yield asked.check(asked.arn(f"autoScalingGroup:*:autoScalingGroupName/{name}"))


delete_tags = create_or_update_tags
