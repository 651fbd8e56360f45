"""EC2 Image Builder: instances get a role by way of an instance profile. Source: SAR of EC2 Image Builder (O-35)."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_roles import pass_role


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the role of the instance profile, of which only IAM knows the name."""
    if asked.get("instanceProfileName"):
        yield pass_role(asked.setting.arn("iam", "role/*", region=""), "ec2")
