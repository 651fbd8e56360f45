"""Making, describing and deleting security groups."""

from __future__ import annotations

from iamsim.kit import Call, Reply, error, operation

from .describing import find_all, page
from .failures import DependencyViolation, InvalidGroupNotFound, InvalidParameterValue
from .filters import Described, Filters, matching
from .ids import new_id
from .network_interface import NetworkInterface
from .permissions import described_permissions
from .security_group import DEFAULT, EVERYWHERE, SecurityGroup, Traffic, chosen_group, group_named
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import Vpc, default_vpc

CannotDelete = error("CannotDelete", status=400)
InvalidGroupDuplicate = error("InvalidGroup.Duplicate", status=400)
VPCIdNotSpecified = error("VPCIdNotSpecified", status=400)

MAX_LENGTH = 255
FILTERS = {
    "description": "Description",
    "group-id": "GroupId",
    "group-name": "GroupName",
    "owner-id": "OwnerId",
    "vpc-id": "VpcId",
} | {
    f"{direction}ip-permission.{name}": f"{member}.{path}"
    for direction, member in (("", "IpPermissions"), ("egress.", "IpPermissionsEgress"))
    for name, path in {
        "cidr": "IpRanges.CidrIp",
        "from-port": "FromPort",
        "group-id": "UserIdGroupPairs.GroupId",
        "ipv6-cidr": "Ipv6Ranges.CidrIpv6",
        "prefix-list-id": "PrefixListIds.PrefixListId",
        "protocol": "IpProtocol",
        "to-port": "ToPort",
        "user-id": "UserIdGroupPairs.UserId",
    }.items()
}


@operation
def create_security_group(
    call: Call,
    *,
    group_name: str,
    description: str,
    vpc_id: str | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """A new group that lets everything out. Raises InvalidGroup.Duplicate for a name that its VPC has already."""
    vpc = call.get(Vpc) if vpc_id else default_vpc(call)
    if vpc is None:
        raise VPCIdNotSpecified("No default VPC for this user")
    if group_name == DEFAULT:
        raise InvalidParameterValue(f"Cannot use reserved security group name: {DEFAULT}")
    if group_name.startswith("sg-"):
        raise InvalidParameterValue(
            f"Value ({group_name}) for parameter GroupName is invalid. Group names may not be in the format sg-*."
        )
    for name, text in (("GroupName", group_name), ("GroupDescription", description)):
        if len(text) > MAX_LENGTH:
            raise InvalidParameterValue(
                f"Value ({text}) for parameter {name} is invalid. Character limit {MAX_LENGTH} exceeded."
            )
    if group_named(call, group_name, vpc.id) is not None:
        raise InvalidGroupDuplicate(f"The security group '{group_name}' already exists for VPC '{vpc.id}'")
    group = SecurityGroup(
        call.make_arn("security-group", id=new_id(call, "security-group")),
        tags_at_creation(tag_specifications, "security-group")["security-group"],
        name=group_name,
        description=description,
        vpc_id=vpc.id,
    )
    call.save(group).add(call, Traffic("-1", None, None, "ipv4", EVERYWHERE), is_egress=True)
    return {"GroupId": group.id, "SecurityGroupArn": str(group.arn), "Tags": group.tag_set()}


@operation
def describe_security_groups(
    call: Call,
    *,
    group_ids: list[str] | None = None,
    group_names: list[str] | None = None,
    filters: Filters | None = None,
) -> Reply:
    """Groups by id, or by their names in the default VPC. Raises InvalidGroup.NotFound."""
    found = find_all(call, SecurityGroup, group_ids or [])
    vpc = default_vpc(call)
    for name in group_names or ():
        group = group_named(call, name, vpc.id) if vpc else None
        if group is None:
            where = vpc.id if vpc else None
            raise InvalidGroupNotFound(f"The security group '{name}' does not exist in default VPC '{where}'")
        found += [group] if group not in found else []
    if not group_ids and not group_names:
        found = call.all(SecurityGroup)
    return page(call, matching(call, [described(group) for group in found], filters, FILTERS))


@operation
def delete_security_group(call: Call, *, group_id: str | None = None, group_name: str | None = None) -> Reply:
    """Raises DependencyViolation while a network interface has the group or a rule names it."""
    vpc = default_vpc(call)
    group = chosen_group(call, group_id, group_name, vpc.id if vpc else None)
    if group.is_default:
        raise CannotDelete(f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user')
    is_used = any(group in interface.groups for interface in call.all(NetworkInterface)) or any(
        rule.traffic.peer == group.id for other in call.all(SecurityGroup) if other is not group for rule in other.rules
    )
    if is_used:
        raise DependencyViolation(f"resource {group.id} has a dependent object")
    group.delete(call)
    return {"Return": True, "GroupId": group.id}


def described(group: SecurityGroup) -> Described:
    return {
        "GroupId": group.id,
        "GroupName": group.name,
        "Description": group.description,
        "VpcId": group.vpc_id,
        "OwnerId": group.account,
        "SecurityGroupArn": str(group.arn),
        "IpPermissions": described_permissions(rule for rule in group.rules if not rule.is_egress),
        "IpPermissionsEgress": described_permissions(rule for rule in group.rules if rule.is_egress),
        **group.tags_if_any(),
    }
