"""RunInstances, as far as its input says what is launched: templates, placements, the spot market. Source: O 6 and 8.

`ec2:IsLaunchTemplateResource` is true of what the launch template gives, and not the call.
"""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked, Check, as_text
from iamsim.authorization.planned.ec2_ids import kind_in

OF_THE_INSTANCE = {  # condition keys of the instance, and the members that give them
    "CpuOptionsAmdSevSnp": "CpuOptions.AmdSevSnp",
    "EbsOptimized": "EbsOptimized",
    "InstanceAutoRecovery": "MaintenanceOptions.AutoRecovery",
    "InstanceBandwidthWeighting": "NetworkPerformanceOptions.BandwidthWeighting",
    "InstanceMarketType": "InstanceMarketOptions.MarketType",
    "InstanceMetadataTags": "MetadataOptions.InstanceMetadataTags",
    "InstanceType": "InstanceType",
    "MetadataHttpEndpoint": "MetadataOptions.HttpEndpoint",
    "MetadataHttpPutResponseHopLimit": "MetadataOptions.HttpPutResponseHopLimit",
    "MetadataHttpTokens": "MetadataOptions.HttpTokens",
    "RootDeviceType": "",
    "Tenancy": "Placement.Tenancy",
}
SAID_BY = {  # what of a launch a call says itself, and the members that say it
    "image": ("ImageId",),
    "instance": ("InstanceType",),
    "key-pair": ("KeyName",),
    "network-interface": ("NetworkInterfaces", "SubnetId", "SecurityGroupIds", "SecurityGroups"),
    "security-group": ("NetworkInterfaces", "SecurityGroupIds", "SecurityGroups"),
    "subnet": ("NetworkInterfaces", "SubnetId"),
    "volume": ("BlockDeviceMappings",),
}


def complete_launch(asked: Asked, checks: list[Check]) -> list[Check]:
    """What RunInstances needs where the state does not say: default group, root volume, profile, template."""
    profile = asked.get("IamInstanceProfile")
    if profile:
        checks[0].context["ec2:InstanceProfile"] = profile_arn(asked, profile)
    interfaces = asked.get("NetworkInterfaces") or [{}]
    is_new = any("NetworkInterfaceId" not in each for each in interfaces)
    if is_new and not any(":security-group/" in check.resource for check in checks):
        number = max(n for n, check in enumerate(checks) if ":network-interface/" in check.resource or n == 0)
        checks.insert(number + 1, _new(asked, asked.arn("security-group/*")))
    volume = asked.arn("volume/*")
    if not any(check.resource == volume and check.action == "ec2:RunInstances" for check in checks):
        after = [number for number, check in enumerate(checks) if ":key-pair/" in check.resource]
        checks.insert(after[0] if after else _own(checks), _new(asked, volume))
    for check in checks:
        if ":image/resolve:ssm:" in check.resource:  # a parameter, in which the image's id stands
            check.resource = asked.arn("image/*", account="")
            check.context.pop("ec2:ImageID", None)
    checks[_own(checks) : _own(checks)] = [_new(asked, arn) for arn in _beside(asked)]
    _add_keys(asked, checks)
    return checks


def profile_arn(asked: Asked, profile: dict[str, str]) -> str:
    """The ARN of the instance profile, which is named by that or by its name."""
    name = profile.get("Name", "*")
    arn = profile.get("Arn") or asked.meant("iam", "instance-profile", name)
    return arn or asked.setting.arn("iam", f"instance-profile/{name}", region="")


def template_arn(asked: Asked) -> str | None:
    """The ARN of the launch template; without id if the call gives the name."""
    template = asked.get("LaunchTemplate")
    return asked.arn(f"launch-template/{template.get('LaunchTemplateId') or '*'}") if template else None


def _beside(asked: Asked) -> list[str]:
    """The resources that a launch uses beyond those that every launch has."""
    placement = asked.get("Placement") or {}
    group = placement.get("GroupName") or placement.get("GroupId")
    reserved = "CapacityReservationSpecification.CapacityReservationTarget"
    found = [
        template_arn(asked),
        asked.arn(f"placement-group/{group}") if group else None,
        *(asked.arn(f"capacity-reservation/{each}") for each in asked.at(f"{reserved}.CapacityReservationId")),
        *asked.at(f"{reserved}.CapacityReservationResourceGroupArn"),
        *asked.at("LicenseSpecifications[].LicenseConfigurationArn"),
        asked.arn("elastic-gpu/*") if asked.get("ElasticGpuSpecification") else None,
    ]
    if "spot" in asked.at("InstanceMarketOptions.MarketType"):
        found.append(asked.arn("spot-instances-request/*"))
    return [arn for arn in found if arn is not None]


def _add_keys(asked: Asked, checks: list[Check]) -> None:
    """The keys that the input gives; with a launch template none that would be the default without it."""
    template, context = template_arn(asked), checks[0].context
    for key, path in OF_THE_INSTANCE.items():
        value = next(asked.at(path), None)
        if value is not None:
            context[f"ec2:{key}"] = as_text(value)
        elif template is not None:
            context.pop(f"ec2:{key}", None)
    placement = (asked.get("Placement") or {}).get("GroupName")
    if placement:
        context["ec2:PlacementGroup"] = asked.arn(f"placement-group/{placement}")
    if template is None:
        return
    if "ImageId" not in asked.params:
        checks.insert(1, _new(asked, asked.arn("image/*", account="")))
    for check in checks[: _own(checks)]:
        said = SAID_BY.get(kind_in(check.resource))
        is_of_the_template = said is not None and not any(member in asked.params for member in said)
        check.context["ec2:IsLaunchTemplateResource"] = as_text(is_of_the_template)
        check.context["ec2:LaunchTemplate"] = template


def _own(checks: list[Check]) -> int:
    """The number of checks of the launch itself, which come first."""
    return next((n for n, check in enumerate(checks) if check.action != "ec2:RunInstances"), len(checks))


def _new(asked: Asked, arn: str) -> Check:
    context: dict[str, Any] = {"Region": asked.setting.region, "IsLaunchTemplateResource": "false"}
    return asked.check(arn, **context)
