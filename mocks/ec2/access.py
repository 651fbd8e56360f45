"""What callers of EC2 must be allowed where one call is about several resources (operations-to-actions section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from iamsim.kit import Call, Required

from .decisions import Keys, action_of, on_resource, request_tags, tagging, unnamed
from .defaults import with_defaults
from .ids import kind_of
from .key_pair import pair_of
from .launch_decisions import launch_decisions
from .route_table_management import table_of
from .security_group import group_named
from .subnet import Subnet
from .volume import volume_keys
from .vpc import default_vpc

ATTRIBUTE_CHANGES = ("ModifyInstanceAttribute", "ModifyVpcAttribute", "ModifySubnetAttribute")
IN_A_VPC = ("route-table", "security-group", "subnet", "network-interface")


def keys_of_every_call(call: Call) -> Keys:
    return {"ec2:Region": call.region}


def named(call: Call) -> Iterator[Required]:
    """The operation on every resource that the call names, one decision each."""
    call = with_defaults(call)
    for kind, arns in call.named.items():
        for arn in arns:
            yield on_resource(call, kind, arn, _attribute_keys(call))


def launch(call: Call) -> Iterator[Required]:
    """RunInstances: everything that an instance is made from, then tags, then the role that is passed."""
    return launch_decisions(call)


def made(call: Call) -> Iterator[Required]:
    """The operation on the resource to be made and on those that it is made from, and tagging at creation."""
    call = with_defaults(call)
    rule = call.definition.rule(call.operation.name)
    kind = str(rule.resource)
    new = call.named.get(kind) or [unnamed(call, kind)]
    yield Required(action_of(call), str(new[0]), _new_keys(call, kind) | request_tags(call, kind))
    for other, arns in call.named.items():
        for arn in arns:
            if other != kind:
                yield on_resource(call, other, arn)
    if call.operation.name == "CreateSecurityGroup" and "vpc" not in call.named:
        vpc = default_vpc(call)
        if vpc is not None:
            yield on_resource(call, "vpc", vpc.arn)
    if call.operation.name == "CreateImage":
        yield Required(action_of(call), str(unnamed(call, "snapshot")), request_tags(call, "snapshot"))
    yield from tagging(call, new[0])


def tagged(call: Call, below: Callable[[], list[Required]]) -> Iterator[Required]:
    """CreateTags and DeleteTags: one decision for each resource, with the keys of those that are kept here."""
    call = with_defaults(call)
    others = {check.resource.rpartition("/")[2]: check for check in below()}
    for identifier in call.params.get("Resources", []):
        kind = kind_of(identifier)
        if kind == "key-pair":
            pair = pair_of(call, identifier)
            yield on_resource(call, kind, pair.arn if pair else call.make_arn(kind, name=identifier))
        elif kind is not None:
            yield on_resource(call, kind, call.make_arn(kind, id=identifier))
        else:
            yield others.get(identifier) or Required(action_of(call))


def security_group(call: Call) -> Iterator[Required]:
    """The operation on the group that the call names by id, or by name in the default VPC; tagging its new rules."""
    call = with_defaults(call)
    arns = list(call.named.get("security-group", []))
    if not arns:
        vpc = default_vpc(call)
        group = group_named(call, call.params.get("GroupName", ""), vpc.id) if vpc else None
        arns = [group.arn if group else unnamed(call, "security-group")]
    for arn in arns:
        yield on_resource(call, "security-group", arn)
    for arn in call.named.get("security-group-rule", []):
        yield on_resource(call, "security-group-rule", arn)
    if call.params.get("TagSpecifications"):
        new = unnamed(call, "security-group-rule")
        yield Required(action_of(call), str(new), request_tags(call, "security-group-rule"))
        yield from tagging(call, new)


def key_pair(call: Call) -> Iterator[Required]:
    """The operation on the pair that the call names, whichever way."""
    arns = call.named.get("key-pair", [])
    pair = pair_of(call, call.params.get("KeyPairId", ""))
    yield on_resource(call, "key-pair", arns[0] if arns else pair.arn if pair else unnamed(call, "key-pair"))


def route_table(call: Call) -> Iterator[Required]:
    """DisassociateRouteTable on the table and the subnet of the association that the call names."""
    call = with_defaults(call)
    association = call.params.get("AssociationId", "")
    table = table_of(call, association)
    yield on_resource(call, "route-table", table.arn if table else unnamed(call, "route-table"))
    subnet_id = table.subnets.get(association) if table else None
    if subnet_id is not None:
        yield on_resource(call, "subnet", call.make_arn("subnet", id=subnet_id))


def _new_keys(call: Call, kind: str) -> Keys:
    """The condition keys of the resource that a Create operation makes."""
    params = call.params
    keys: Keys = {}
    vpc = call.named.get("vpc")
    if kind in IN_A_VPC and vpc:
        keys["ec2:Vpc"] = str(vpc[0])
    if kind == "network-interface":
        for arn in call.named.get("subnet", []):
            subnet = call.find(Subnet, arn)
            keys |= subnet.condition_keys() if subnet is not None else {}
            keys.pop("ec2:SubnetID", None)
            keys["ec2:Subnet"] = str(arn)
    if kind == "volume":
        size, iops, throughput = params.get("Size"), params.get("Iops"), params.get("Throughput")
        keys |= volume_keys(
            size, params.get("VolumeType", "gp2"), iops, throughput, encrypted=params.get("Encrypted", False)
        )
        for arn in call.named.get("snapshot", []):
            keys["ec2:ParentSnapshot"] = str(arn)
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
