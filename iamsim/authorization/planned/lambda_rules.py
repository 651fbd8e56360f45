"""AWS Lambda: qualifiers, and what a function is made of. Source: O sections 4, 5 and 9; context-keys section 13."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

SOURCES = ("CreateEventSourceMapping", "UpdateEventSourceMapping")
OF_THE_NETWORK = ("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs")


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """With a qualifier, the function's ARN ends in it."""
    qualifier = asked.get("Qualifier")
    if qualifier:
        for check in checks:
            if check.resource.count(":") == 6 and ":function:" in check.resource:
                check.resource += f":{qualifier}"
    version = asked.get("VersionNumber")
    for check in checks if version is not None else ():
        check.resource = (
            check.resource.removesuffix("*") + str(version) if ":layer:" in check.resource else check.resource
        )
    return checks


def keys(asked: Asked) -> dict[str, Any]:
    """lambda:FunctionArn of event source mappings."""
    name = asked.get("FunctionName")
    if asked.operation not in SOURCES or not name:
        return {}
    return {"lambda:FunctionArn": name if is_arn(name) else asked.arn(f"function:{name}")}


def forwarded(asked: Asked) -> Iterator[Check]:
    """The code in S3, the layers, and the network that a function is put into."""
    if asked.operation in ("CreateFunction", "UpdateFunctionCode", "PublishLayerVersion"):
        code = asked.get("Code") or asked.get("Content") or asked.params
        if code.get("S3Bucket") and code.get("S3Key"):
            action = "s3:GetObjectVersion" if code.get("S3ObjectVersion") else "s3:GetObject"
            object_arn = asked.setting.arn("s3", f"{code['S3Bucket']}/{code['S3Key']}", region="", account="")
            yield Check(action, object_arn)
    if asked.operation in ("CreateFunction", "UpdateFunctionConfiguration"):
        for layer in asked.get("Layers") or ():
            yield Check("lambda:GetLayerVersion", layer)
        if (asked.get("VpcConfig") or {}).get("SubnetIds"):
            for action in OF_THE_NETWORK:
                yield Check(action)
