"""What is in a bucket: every version of every key."""

from __future__ import annotations

from collections.abc import Iterator

from .object_version import ObjectVersion
from .sorted_keys import SortedKeys


class Contents:
    """Versions by key, each key's from oldest to newest. `current`: the keys whose newest is no delete marker."""

    def __init__(self) -> None:
        self._versions: dict[str, list[ObjectVersion]] = {}
        self.keys = SortedKeys()
        self.current = SortedKeys()

    def __bool__(self) -> bool:
        return bool(self._versions)

    def latest(self, key: str) -> ObjectVersion | None:
        """The newest version, which may be a delete marker; None if there is none."""
        versions = self._versions.get(key)
        return versions[-1] if versions else None

    def get(self, key: str) -> ObjectVersion | None:
        """The object that is there without a version id; None if there is none, or it is deleted."""
        found = self.latest(key)
        return None if found is None or found.is_delete_marker else found

    def version(self, key: str, version_id: str) -> ObjectVersion | None:
        """The version of that id, which may be a delete marker."""
        return next((each for each in self._versions.get(key, ()) if each.version_id == version_id), None)

    def versions(self, key: str) -> Iterator[ObjectVersion]:
        """The versions from newest to oldest."""
        return reversed(self._versions.get(key, []))

    def put(self, version: ObjectVersion) -> None:
        """Make `version` the newest; `null` takes the place of an earlier `null`."""
        versions = self._versions.setdefault(version.key, [])
        if version.version_id == "null":
            versions[:] = [each for each in versions if each.version_id != "null"]
        versions.append(version)
        self._index(version.key)

    def remove(self, version: ObjectVersion) -> None:
        """Forget `version`."""
        kept = [each for each in self._versions.get(version.key, ()) if each is not version]
        if kept:
            self._versions[version.key] = kept
        else:
            self._versions.pop(version.key, None)
        self._index(version.key)

    def _index(self, key: str) -> None:
        (self.keys.add if key in self._versions else self.keys.discard)(key)
        (self.current.discard if self.get(key) is None else self.current.add)(key)
