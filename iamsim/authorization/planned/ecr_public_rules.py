"""Amazon ECR Public: its tokens are made by STS. Source: Amazon ECR Public user guide, registry authentication."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def forwarded(asked: Asked) -> Iterator[Check]:
    """The token, which is one of STS."""
    if asked.operation == "GetAuthorizationToken":
        yield Check("sts:GetServiceBearerToken")
