"""Amazon EC2 Auto Scaling: each tag says which group it is for; what instances are launched from.

Source: CreateOrUpdateTags of the API reference; SAR, Amazon EC2 Auto Scaling.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check, as_text
from iamsim.authorization.planned_roles import pass_role

MEMBERS = {
    "MetadataOptions.HttpEndpoint": "MetadataHttpEndpoint",
    "MetadataOptions.HttpPutResponseHopLimit": "MetadataHttpPutResponseHopLimit",
    "MetadataOptions.HttpTokens": "MetadataHttpTokens",
}
TEMPLATES = ("LaunchTemplate", "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification")
TYPES = "MixedInstancesPolicy.LaunchTemplate.Overrides[].InstanceType"


def create_or_update_tags(asked: Asked) -> Iterator[Check]:
    """Each group, once."""
    for name in list(dict.fromkeys(asked.at("Tags[].ResourceId"))) or ["*"]:
        yield asked.check(asked.arn(f"autoScalingGroup:*:autoScalingGroupName/{name}"))


delete_tags = create_or_update_tags


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the role of the instance profile, of which only IAM knows the name (O-35)."""
    if asked.operation == "CreateLaunchConfiguration" and asked.get("IamInstanceProfile"):
        yield pass_role(asked.setting.arn("iam", "role/*", region=""), "ec2")


def keys(asked: Asked) -> dict[str, Any]:
    """The subnets, the instance types, the metadata service, and whether a template's version is said."""
    found: dict[str, Any] = {key: as_text(value) for path, key in MEMBERS.items() for value in asked.at(path)}
    found["VPCZoneIdentifiers"] = [
        each.strip() for each in asked.get("VPCZoneIdentifier", "").split(",") if each.strip()
    ]
    found["TrafficSourceIdentifiers"] = list(asked.at("TrafficSources[].Identifier"))
    found["InstanceTypes"] = list(dict.fromkeys(asked.at(TYPES)))
    for path in TEMPLATES:
        for template in asked.at(path):
            found["LaunchTemplateVersionSpecified"] = as_text("Version" in template)
    return asked.keys(found)
