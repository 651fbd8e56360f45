"""What RunInstances must be allowed: one decision for each thing that an instance is made from."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.kit import ApiError, Arn, Call, Required

from .decisions import Keys, action_of, on_resource, request_tags, tagging, unnamed
from .defaults import with_defaults
from .image import Image
from .instance import METADATA_OPTIONS, instance_keys
from .instance_profile import profile_of, roles_of
from .launch_devices import planned_devices
from .launch_network import launch_groups, launch_subnet
from .network_interface import NetworkInterface
from .subnet import Subnet
from .volume import volume_keys


def launch_decisions(call: Call) -> Iterator[Required]:
    """RunInstances: everything that an instance is made from, then tags, then the role that is passed."""
    profile = profile_of(call, call.params["IamInstanceProfile"]) if call.params.get("IamInstanceProfile") else None
    call = with_defaults(call)
    params = call.params
    placement = params.get("Placement", {})
    subnets, groups = _network(call)
    subnet = call.find(Subnet, subnets[0]) if subnets else None
    keys = instance_keys(
        kind=params.get("InstanceType", "m1.small"),
        tenancy=placement.get("Tenancy", "default"),
        zone=subnet.zone if subnet else placement.get("AvailabilityZone"),
        zone_id=subnet.zone_id if subnet else None,
        ebs_optimized=params.get("EbsOptimized", False),
        profile=str(profile.arn) if profile else None,
        metadata=METADATA_OPTIONS | params.get("MetadataOptions", {}),
    )
    common: Keys = {"ec2:IsLaunchTemplateResource": "false"}
    action = action_of(call)
    yield Required(action, str(unnamed(call, "instance")), common | keys | request_tags(call, "instance"))
    for arn in call.named.get("image", []):
        yield on_resource(call, "image", arn, common)
    for arn in subnets:
        yield on_resource(call, "subnet", arn, common)
    yield from _interfaces(call, subnet, common)
    for arn in groups:
        yield on_resource(call, "security-group", arn, common)
    yield from _volumes(call, subnet, common)
    for arn in call.named.get("key-pair", []):
        yield on_resource(call, "key-pair", arn, common)
    yield from tagging(call, None)
    passed_to = {
        "iam:PassedToService": "ec2.amazonaws.com",
        "iam:AssociatedResourceArn": str(unnamed(call, "instance")),
    }
    for role in roles_of(profile) if profile else ():  # O-35
        yield Required("iam:PassRole", str(role), passed_to)


def _network(call: Call) -> tuple[list[Arn], list[Arn]]:
    """The subnets and security groups of a launch. What cannot be found is left to the operation to refuse."""
    params = call.params
    subnets, groups = list(call.named.get("subnet", [])), list(call.named.get("security-group", []))
    for each in params.get("NetworkInterfaces") or [{}]:
        if "NetworkInterfaceId" in each:
            existing = call.find(NetworkInterface, id=each["NetworkInterfaceId"])
            subnets += [existing.subnet.arn] if existing else []
            groups += [group.arn for group in existing.groups] if existing else []
            continue
        subnet_id = params.get("SubnetId") or each.get("SubnetId")
        group_ids = params.get("SecurityGroupIds") or each.get("Groups")
        try:
            subnet = launch_subnet(call, subnet_id, params.get("Placement", {}))
            subnets.append(subnet.arn)
            found = launch_groups(call, subnet, group_ids, params.get("SecurityGroups"))
            groups += [group.arn for group in found]
        except ApiError:
            subnets += [call.make_arn("subnet", id=subnet_id)] if subnet_id else []
            groups += [call.make_arn("security-group", id=each) for each in group_ids or ()]
    return list(dict.fromkeys(subnets)), list(dict.fromkeys(groups))


def _interfaces(call: Call, subnet: Subnet | None, common: Keys) -> Iterator[Required]:
    """One decision for each existing network interface, one for all that are new."""
    given = call.params.get("NetworkInterfaces") or [{}]
    for each in given:
        if "NetworkInterfaceId" in each:
            yield on_resource(
                call, "network-interface", call.make_arn("network-interface", id=each["NetworkInterfaceId"]), common
            )
    new = [each for each in given if "NetworkInterfaceId" not in each]
    if not new:
        return
    keys = dict(common)
    if subnet is not None:
        keys |= {"ec2:Subnet": str(subnet.arn), "ec2:AvailabilityZone": subnet.zone}
        keys["ec2:Vpc"] = subnet.condition_keys()["ec2:Vpc"]
    public = next((each["AssociatePublicIpAddress"] for each in new if "AssociatePublicIpAddress" in each), None)
    if public is not None:
        keys["ec2:AssociatePublicIpAddress"] = "true" if public else "false"
    arn = unnamed(call, "network-interface")
    yield Required(action_of(call), str(arn), keys | request_tags(call, "network-interface"))


def _volumes(call: Call, subnet: Subnet | None, common: Keys) -> Iterator[Required]:
    """One decision for each volume that a launch makes, and for each snapshot that one is made from."""
    arns = call.named.get("image", [])
    image = call.find(Image, arns[0]) if arns else None
    tags = request_tags(call, "volume")
    for ebs in planned_devices(image, call.params.get("BlockDeviceMappings", [])).values():
        keys = volume_keys(
            ebs.get("VolumeSize"),
            ebs.get("VolumeType", "gp2"),
            ebs.get("Iops"),
            ebs.get("Throughput"),
            encrypted=ebs.get("Encrypted", False),
        )
        if subnet is not None:
            keys["ec2:AvailabilityZone"] = subnet.zone
        if "SnapshotId" in ebs:
            snapshot = call.make_arn("snapshot", id=ebs["SnapshotId"])
            keys["ec2:ParentSnapshot"] = str(snapshot)
            yield on_resource(call, "snapshot", snapshot, common)
        yield Required(action_of(call), str(unnamed(call, "volume")), common | keys | tags)
