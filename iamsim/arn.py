"""Amazon Resource Names. Nowhere else is an ARN cut."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Arn(NamedTuple):
    """`arn:partition:service:region:account:resource`, cut at the first five colons.

    Source: IAM User Guide, reference_identifiers.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @staticmethod
    @lru_cache(maxsize=8192)
    def parse(text: str) -> Arn:
        """The parts of `text`. Raises ValueError if it is not an ARN."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn":
            raise ValueError(f"not an ARN: `{text}`")
        return Arn(*parts[1:])

    @staticmethod
    def looks_like(text: str) -> bool:
        """Whether `text` has the six parts of an ARN."""
        return text.startswith("arn:") and text.count(":") >= 5

    @property
    def type(self) -> str:
        """What stands before the first `/` or `:` of the resource part: `user` of `user/path/alice`; else ''."""
        for index, character in enumerate(self.resource):
            if character in "/:":
                return self.resource[:index]
        return ""

    @property
    def name(self) -> str:
        """What stands after the last `/` or `:` of the resource part."""
        return self.resource.replace(":", "/").rsplit("/", 1)[-1]

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"
