"""Amazon EFS: the type of a tagged resource follows from its id. Source: SAR of Elastic File System."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def tag_resource(asked: Asked) -> Iterator[Check]:
    """The file system or the access point."""
    name = str(asked.get("ResourceId", "*"))
    yield asked.check(asked.named(name, "access-point/" if name.startswith("fsap-") else "file-system/"))


untag_resource = list_tags_for_resource = tag_resource
