"""What every resource of every mock has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from iamsim.arn import Arn
from iamsim.reference.definition import Noun

StrMap = dict[str, str]
Reply = dict[str, Any] | None


@dataclass
class Resource:
    """One resource. A mock's class names its noun: `class Queue(Resource, kind="queue")`."""

    arn: Arn
    tags: StrMap = field(default_factory=dict)

    kind: ClassVar[str] = ""
    noun: ClassVar[Noun]  # set when the mock is loaded

    def __init_subclass__(cls, *, kind: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if kind:
            cls.kind = kind

    @property
    def account(self) -> str:
        """The account that owns it. Overridden where the ARN has none."""
        return self.arn.account

    @property
    def policy(self) -> str | None:
        """Its resource policy, a JSON document, if it has one."""
        return None

    @property
    def restricts_public_access(self) -> bool:
        """Whether S3's RestrictPublicBuckets holds for it (R-134)."""
        return False
