"""What an identity provider says of somebody: the common form of web identity tokens and SAML assertions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Principal, PrincipalKind, StrMap


@dataclass(frozen=True)
class Claims:
    """Claims and what they mean for the session."""

    provider: str  # the ARN of the provider, or the name of one that AWS has built in
    subject: str
    audience: str
    issuer: str
    keys: Mapping[str, Any] = field(default_factory=dict)  # condition keys of the trust evaluation
    lasting_keys: StrMap = field(default_factory=dict)  # those that stay with the session
    tags: StrMap = field(default_factory=dict)
    transitive_tag_keys: tuple[str, ...] = ()
    source_identity: str | None = None

    @property
    def principal(self) -> Principal:
        """Who is asked about in the trust evaluation (R-113)."""
        return Principal(PrincipalKind.IDENTITY_PROVIDER, "", self.provider, "anonymous")

    def context(self) -> dict[str, Any]:
        """The condition keys of the trust evaluation."""
        found: dict[str, Any] = dict(self.keys)
        if self.tags:
            found |= {f"aws:RequestTag/{key}": value for key, value in self.tags.items()}
            found["aws:TagKeys"] = list(self.tags)
        if self.transitive_tag_keys:
            found["sts:TransitiveTagKeys"] = list(self.transitive_tag_keys)
        if self.source_identity is not None:
            found["sts:SourceIdentity"] = self.source_identity
        return found
