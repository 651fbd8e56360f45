"""AWS Elastic Beanstalk: roles stand among an environment's options. Source: Elastic Beanstalk Developer Guide."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_roles import ROLE_ARN, pass_role


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the service role, and on the role of the instance profile, of which only IAM knows the name."""
    for option in asked.get("OptionSettings") or ():
        name, value = option.get("OptionName"), str(option.get("Value") or "")
        if name == "ServiceRole" and value:
            arn = value if ROLE_ARN.match(value) else asked.setting.arn("iam", f"role/{value}", region="")
            yield pass_role(arn, "elasticbeanstalk")
        elif name == "IamInstanceProfile" and value:
            yield pass_role(asked.setting.arn("iam", "role/*", region=""), "ec2")
