"""One version of an object, or a delete marker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from iamsim.kit import StrMap

from .acl import Acl

VERSION_ID_LENGTH = 32
STORED_ASIDE = frozenset({"GLACIER", "DEEP_ARCHIVE"})  # storage classes that are read only after a restore


@dataclass
class Part:
    """One part of an upload, or of the object made of them."""

    number: int
    size: int
    etag: str
    modified_at: float = 0.0
    checksums: StrMap = field(default_factory=dict)


@dataclass
class ObjectVersion:
    """One version. `etag` has its quotes; `checksums` go by their member names, such as `ChecksumCRC32`.

    `headers` are the members that a read gives back as they were written (ContentType, CacheControl, ...), `encryption`
    those that say how it is encrypted.
    """

    key: str
    owner: str  # the account, "" for an upload without credentials
    acl: Acl
    version_id: str = "null"
    modified_at: float = 0.0  # seconds since the epoch, whole ones
    body: bytes = b""
    etag: str = ""
    headers: dict[str, Any] = field(default_factory=dict)
    metadata: StrMap = field(default_factory=dict)
    storage_class: str = "STANDARD"
    encryption: dict[str, Any] = field(default_factory=dict)
    tags: StrMap = field(default_factory=dict)
    checksums: StrMap = field(default_factory=dict)
    checksum_type: str = "FULL_OBJECT"
    parts: list[Part] = field(default_factory=list)
    retention: dict[str, Any] = field(default_factory=dict)  # Mode, RetainUntilDate
    legal_hold: str | None = None
    restored_until: float | None = None
    is_delete_marker: bool = False

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.body)

    @property
    def last_modified(self) -> datetime:
        """When it was written, to the second."""
        return datetime.fromtimestamp(int(self.modified_at), tz=timezone.utc)

    def is_readable(self, now: float) -> bool:
        """Whether its storage class lets it be read."""
        if self.storage_class not in STORED_ASIDE:
            return True
        return self.restored_until is not None and self.restored_until > now

    def is_retained(self, now: float) -> bool:
        """Whether a retention period is not over."""
        until = self.retention.get("RetainUntilDate")
        return until is not None and bool(until.timestamp() > now)


def is_version_id(text: str) -> bool:
    """Whether S3 may have given that version id."""
    return text == "null" or len(text) == VERSION_ID_LENGTH
