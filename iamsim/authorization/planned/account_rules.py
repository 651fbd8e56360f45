"""AWS Account Management: the caller's own account, unless a member is named. Source: SAR of Account Management."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The account of the organisation that is named, whose management account the input does not say."""
    if asked.get("AccountId") or "AccountId" not in asked.model.input_shape.members:
        return checks
    return [asked.check(asked.arn("account", region=""))]
