"""A multipart upload while it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

from .object_version import ObjectVersion, Part


@dataclass
class Upload:
    """One multipart upload. `draft` is the object that it will be, without a body."""

    id: str
    draft: ObjectVersion
    initiated_at: float  # seconds since the epoch
    initiator_arn: str
    initiator_account: str
    checksum_algorithm: str | None = None
    checksum_type: str | None = None
    parts: dict[int, Part] = field(default_factory=dict)
    bodies: dict[int, bytes] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key of the object that it will be."""
        return self.draft.key
