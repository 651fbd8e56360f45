"""AWS STS: what a token carries along. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_tags import request_tags


def forwarded(asked: Asked) -> Iterator[Check]:
    """To tag the token."""
    if asked.operation == "GetWebIdentityToken" and asked.get("Tags"):
        yield Check("sts:TagGetWebIdentityToken", "*", request_tags(asked))
