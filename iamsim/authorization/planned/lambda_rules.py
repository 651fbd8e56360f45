"""AWS Lambda: qualifiers, and what a function is made of. Source: O sections 4, 5 and 9; context-keys section 13."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import has_key
from iamsim.reference.values import in_template, is_arn

OF_THE_NETWORK = ("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs")
FUNCTION = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """With a qualifier, the function's ARN ends in it; and with a version, the layer's."""
    qualifier, version = asked.get("Qualifier"), asked.get("VersionNumber")
    for check in checks:
        if qualifier and ":function:" in check.resource:
            check.resource = f"{':'.join(check.resource.split(':')[:7])}:{qualifier}"
        if version is not None and ":layer:" in check.resource:
            layer = str(asked.get("LayerName", "*"))
            check.resource = f"{layer if is_arn(layer) else asked.arn(f'layer:{layer}')}:{version}"
    return checks


def keys(asked: Asked) -> dict[str, Any]:
    """The function of an event source mapping or a URL, and who may call the URL."""
    found: dict[str, Any] = {}
    action = f"lambda:{asked.operation}"
    if asked.get("FunctionName") and has_key(action, "lambda:FunctionArn"):
        found["lambda:FunctionArn"] = function_arn(asked)
    if asked.get("AuthType") and has_key(action, "lambda:FunctionUrlAuthType"):
        found["lambda:FunctionUrlAuthType"] = asked.get("AuthType")
    return found


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


def encryption_context(asked: Asked) -> dict[str, str | None]:
    """The function (K-61)."""
    return {"aws:lambda:FunctionArn": function_arn(asked)}


def function_arn(asked: Asked) -> str:
    """The ARN of the function that the call names by name, partial or whole ARN, with its qualifier."""
    name = str(asked.get("FunctionName"))
    arn = in_template(name, FUNCTION, asked.setting) or asked.arn(f"function:{name}")
    return f"{arn}:{asked.get('Qualifier')}" if asked.get("Qualifier") and arn.count(":") == 6 else arn
