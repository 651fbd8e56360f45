"""What callers of EC2 must be allowed where one call is about several resources (operations-to-actions section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from iamsim.kit import ApiError, Arn, Call, Required, tags_in

from .defaults import ensure_defaults
from .ids import kind_of
from .ids import named as id_arn
from .image import Image
from .instance import METADATA_OPTIONS, instance_keys
from .instance_profile import profile_of, roles_of
from .key_pair import pair_of
from .launch_devices import planned_devices
from .launch_network import launch_groups, launch_subnet
from .resource import Ec2Resource
from .route_table_management import table_of
from .security_group import group_named
from .subnet import Subnet
from .volume import volume_keys
from .vpc import default_vpc

Keys = dict[str, Any]
ATTRIBUTE_CHANGES = ("ModifyInstanceAttribute", "ModifyVpcAttribute", "ModifySubnetAttribute")
IN_A_VPC = ("route-table", "security-group", "subnet", "network-interface")


def keys_of_every_call(call: Call) -> Keys:
    return {"ec2:Region": call.region}


def named(call: Call) -> Iterator[Required]:
    """The operation on every resource that the call names, one decision each."""
    ensure_defaults(call)
    for kind, arns in call.named.items():
        for arn in arns:
            yield _on(call, kind, arn, _attribute_keys(call))


def made(call: Call) -> Iterator[Required]:
    """The operation on the resource to be made and on those that it is made from, and tagging at creation."""
    ensure_defaults(call)
    rule = call.definition.rule(call.operation.name)
    kind = str(rule.resource)
    new = call.named.get(kind) or [_any(call, kind)]
    yield Required(_action(call), str(new[0]), _new_keys(call, kind) | _request_tags(call, kind))
    for other, arns in call.named.items():
        for arn in arns:
            if other != kind:
                yield _on(call, other, arn)
    if call.operation.name == "CreateSecurityGroup" and "vpc" not in call.named:
        vpc = default_vpc(call)
        if vpc is not None:
            yield _on(call, "vpc", vpc.arn)
    if call.operation.name == "CreateImage":
        yield Required(_action(call), str(_any(call, "snapshot")), _request_tags(call, "snapshot"))
    yield from _tagging(call, new[0])


def launch(call: Call) -> Iterator[Required]:
    """RunInstances: everything that an instance is made from, then tags, then the role that is passed."""
    ensure_defaults(call)
    params = call.params
    placement = params.get("Placement", {})
    subnets, groups = _network(call)
    subnet = call.find(Subnet, subnets[0]) if subnets else None
    profile = profile_of(call, params["IamInstanceProfile"]) if params.get("IamInstanceProfile") else None
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
    action = _action(call)
    yield Required(action, str(_any(call, "instance")), common | keys | _request_tags(call, "instance"))
    for arn in call.named.get("image", []):
        yield _on(call, "image", arn, common)
    for arn in subnets:
        yield _on(call, "subnet", arn, common)
    yield from _interfaces(call, subnet, common)
    for arn in groups:
        yield _on(call, "security-group", arn, common)
    yield from _volumes(call, subnet, common)
    for arn in call.named.get("key-pair", []):
        yield _on(call, "key-pair", arn, common)
    yield from _tagging(call, None)
    for role in roles_of(profile) if profile else ():  # O-35
        yield Required("iam:PassRole", str(role), {"iam:PassedToService": "ec2.amazonaws.com"})


def tagged(call: Call) -> Iterator[Required]:
    """CreateTags and DeleteTags: one decision for each resource; ids that are none are refused by the operation."""
    ensure_defaults(call)
    tags = call.params.get("Tags", [])
    keys: Keys = {"aws:TagKeys": list(dict.fromkeys(tag["Key"] for tag in tags))} if tags else {}
    keys |= {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags if "Value" in tag}
    for identifier in call.params.get("Resources", []):
        kind = kind_of(identifier)
        if kind == "key-pair":
            pair = pair_of(call, identifier)
            yield _on(call, kind, pair.arn if pair else call.make_arn(kind, name=identifier), keys)
        elif kind is not None:
            yield _on(call, kind, id_arn(call, kind, identifier), keys)
        else:
            yield Required(_action(call), "*", keys)


def security_group(call: Call) -> Iterator[Required]:
    """The operation on the group that the call names by id, or by name in the default VPC; tagging its new rules."""
    ensure_defaults(call)
    arns = list(call.named.get("security-group", []))
    if not arns:
        vpc = default_vpc(call)
        group = group_named(call, call.params.get("GroupName", ""), vpc.id) if vpc else None
        arns = [group.arn if group else _any(call, "security-group")]
    for arn in arns:
        yield _on(call, "security-group", arn)
    for arn in call.named.get("security-group-rule", []):
        yield _on(call, "security-group-rule", arn)
    if call.params.get("TagSpecifications"):
        new = _any(call, "security-group-rule")
        yield Required(_action(call), str(new), _request_tags(call, "security-group-rule"))
        yield from _tagging(call, new)


def key_pair(call: Call) -> Iterator[Required]:
    """The operation on the pair that the call names, whichever way."""
    arns = call.named.get("key-pair", [])
    pair = pair_of(call, call.params.get("KeyPairId", ""))
    yield _on(call, "key-pair", arns[0] if arns else pair.arn if pair else _any(call, "key-pair"))


def route_table(call: Call) -> Iterator[Required]:
    """DisassociateRouteTable on the table and the subnet of the association that the call names."""
    ensure_defaults(call)
    association = call.params.get("AssociationId", "")
    table = table_of(call, association)
    yield _on(call, "route-table", table.arn if table else _any(call, "route-table"))
    subnet_id = table.subnets.get(association) if table else None
    if subnet_id is not None:
        yield _on(call, "subnet", call.make_arn("subnet", id=subnet_id))


def _on(call: Call, kind: str, arn: Arn, keys: Keys | None = None) -> Required:
    """The operation on an existing resource, with the keys that the resource has."""
    target = call.target(kind, arn)
    context: Keys = dict(keys or {})
    if isinstance(target.resource, Ec2Resource):
        context |= target.resource.condition_keys()
        context |= {f"ec2:ResourceTag/{key}": value for key, value in target.resource.tags.items()}
    if kind == "image" and isinstance(target.resource, Image):
        # Public images belong to other accounts, but what a caller may do with them is up to its own policies.
        context["aws:ResourceAccount"] = target.resource.owner
        target = replace(target, account=call.account)
    return Required(_action(call), str(arn), context, target)


def _network(call: Call) -> tuple[list[Arn], list[Arn]]:
    """The subnets and security groups of a launch. What cannot be found is left to the operation to refuse."""
    params = call.params
    subnets, groups = list(call.named.get("subnet", [])), list(call.named.get("security-group", []))
    for each in params.get("NetworkInterfaces") or [{}]:
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
            yield _on(
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
    arn = _any(call, "network-interface")
    yield Required(_action(call), str(arn), keys | _request_tags(call, "network-interface"))


def _volumes(call: Call, subnet: Subnet | None, common: Keys) -> Iterator[Required]:
    """One decision for each volume that a launch makes, and for each snapshot that one is made from."""
    arns = call.named.get("image", [])
    image = call.find(Image, arns[0]) if arns else None
    tags = _request_tags(call, "volume")
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
            yield _on(call, "snapshot", snapshot, common)
        yield Required(_action(call), str(_any(call, "volume")), common | keys | tags)


def _tagging(call: Call, new: Arn | None) -> Iterator[Required]:
    """ec2:CreateTags on each kind of new resource that gets tags. `new` is the ARN of one that has its name already."""
    for specification in call.params.get("TagSpecifications", []):
        kind = specification.get("ResourceType", "")
        if not specification.get("Tags") or kind not in call.definition.nouns:
            continue
        arn = new if new is not None and new.resource.startswith(f"{kind}/") else _any(call, kind)
        keys = _request_tags(call, kind) | {"ec2:CreateAction": call.operation.name}
        yield Required("ec2:CreateTags", str(arn), keys)


def _request_tags(call: Call, kind: str) -> Keys:
    """aws:RequestTag/* and aws:TagKeys of the resources of that kind that the call makes."""
    tags: dict[str, str] = {}
    for specification in call.params.get("TagSpecifications", []):
        if specification.get("ResourceType") == kind:
            tags |= tags_in(specification.get("Tags", []))
    keys: Keys = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return keys | ({"aws:TagKeys": list(tags)} if tags else {})


def _new_keys(call: Call, kind: str) -> Keys:
    """The condition keys of the resource that a Create operation makes."""
    params = call.params
    keys: Keys = {}
    vpc = call.named.get("vpc")
    if kind in IN_A_VPC and vpc:
        keys["ec2:Vpc"] = str(vpc[0])
    if kind == "network-interface":
        for arn in call.named.get("subnet", []):
            keys["ec2:Subnet"] = str(arn)
    if kind == "volume":
        size, iops, throughput = params.get("Size"), params.get("Iops"), params.get("Throughput")
        keys |= volume_keys(
            size, params.get("VolumeType", "gp2"), iops, throughput, encrypted=params.get("Encrypted", False)
        )
    if kind == "vpc":
        keys["ec2:Tenancy"] = params.get("InstanceTenancy", "default")
    if kind == "key-pair":
        keys["ec2:KeyPairName"] = params.get("KeyName")
        if call.operation.name == "CreateKeyPair":
            keys["ec2:KeyPairType"] = params.get("KeyType", "rsa")
    if "AvailabilityZone" in params:
        keys["ec2:AvailabilityZone"] = params["AvailabilityZone"]
    return keys


def _attribute_keys(call: Call) -> Keys:
    """ec2:Attribute and ec2:Attribute/NAME of a call that changes attributes."""
    if call.operation.name not in ATTRIBUTE_CHANGES:
        return {}
    keys: Keys = {}
    attribute = call.params.get("Attribute")
    if attribute:
        name = attribute[:1].upper() + attribute[1:]
        keys = {"ec2:Attribute": name, f"ec2:Attribute/{name}": call.params.get("Value", "")}
    for member, value in call.params.items():
        if isinstance(value, dict) and "Value" in value:
            keys["ec2:Attribute"] = member
            keys[f"ec2:Attribute/{member}"] = _text(value["Value"])
    return keys


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _any(call: Call, kind: str) -> Arn:
    """The ARN of a resource that has no id yet."""
    names = dict.fromkeys(call.definition.nouns[kind].variables, "*")
    return call.make_arn(kind, **names)


def _action(call: Call) -> str:
    return f"ec2:{call.operation.name}"
