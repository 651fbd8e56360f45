"""What an identity provider says of somebody: the common form of web identity tokens and SAML assertions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Principal, PrincipalKind, StrMap

from .failures import InvalidIdentityToken
from .session_tags import checked_tags

SOURCE_IDENTITY = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


@dataclass(frozen=True)
class Claims:
    """Claims and what they mean for the session."""

    provider: str  # the ARN of the provider, or the name of one that AWS has built in
    subject: str
    audience: str
    issuer: str
    keys: Mapping[str, Any] = field(default_factory=dict)  # condition keys of the trust evaluation
    lasting_keys: Mapping[str, Any] = field(default_factory=dict)  # those that stay with the session
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


def tags_claimed(values: Mapping[str, Sequence[str]], transitive: Sequence[str]) -> tuple[StrMap, tuple[str, ...]]:
    """Session tags as a provider gives them, and those keys of them that are transitive, under the usual rules (A-54).

    Raises InvalidParameterValue, ValidationError or InvalidIdentityToken.
    """
    tags = checked_tags([{"Key": key, "Value": str(given[0])} for key, given in values.items() if given])
    known = {key.lower(): key for key in tags}
    if not {key.lower() for key in transitive} <= known.keys():
        raise InvalidIdentityToken("The specified transitive tag key must be included in the requested tags.")
    return tags, tuple(known[key.lower()] for key in transitive)


def source_identity_claimed(value: str | None) -> str | None:
    """The source identity as a provider gives it. Raises InvalidIdentityToken.

    Source: IAM User Guide, troubleshoot_saml.
    """
    if value is None:
        return None
    if SOURCE_IDENTITY.fullmatch(value) is None or value.lower().startswith("aws:"):
        raise InvalidIdentityToken('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"')
    return value
