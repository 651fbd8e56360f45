"""AWS Batch: instances get a role by way of an instance profile. Source: O section 8; AWS Batch User Guide.

A profile that goes by its bare name has a role of that name, as those have that the console makes.
"""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_roles import ROLE_ARN, pass_role
from iamsim.reference.values import is_arn


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the role of the instance profile that an ARN names, whose name only IAM knows (O-35)."""
    if any(is_arn(str(each)) and not ROLE_ARN.match(str(each)) for each in asked.at("computeResources.instanceRole")):
        yield pass_role(asked.setting.arn("iam", "role/*", region=""), "ec2")
