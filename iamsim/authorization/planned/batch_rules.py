"""AWS Batch: instances get a role by way of an instance profile. Source: O section 8; AWS Batch User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_roles import ROLE_ARN, pass_role


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the role of the instance profile, of which only IAM knows the name (O-35)."""
    if any(not ROLE_ARN.match(str(each)) for each in asked.at("computeResources.instanceRole")):
        yield pass_role(asked.setting.arn("iam", "role/*", region=""), "ec2")
