"""Virtual private clouds."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .describing import describe
from .failures import DependencyViolation, InvalidParameterCombination, InvalidParameterValue, MissingParameter
from .filters import Described, Filters
from .ids import new_id, settled_id
from .network_interface import NetworkInterface
from .resource import Ec2Resource
from .security_group import SecurityGroup, make_default_group
from .subnet import Subnet
from .tag_specifications import TagSpecifications, tags_at_creation

InvalidVpcRange = error("InvalidVpc.Range", status=400)

FILTERS = {
    "cidr": "CidrBlock",
    "cidr-block-association.association-id": "CidrBlockAssociationSet.AssociationId",
    "cidr-block-association.cidr-block": "CidrBlockAssociationSet.CidrBlock",
    "cidr-block-association.state": "CidrBlockAssociationSet.CidrBlockState.State",
    "dhcp-options-id": "DhcpOptionsId",
    "is-default": "IsDefault",
    "owner-id": "OwnerId",
    "state": "State",
    "vpc-id": "VpcId",
}
ATTRIBUTES = {
    "enableDnsSupport": "EnableDnsSupport",
    "enableDnsHostnames": "EnableDnsHostnames",
    "enableNetworkAddressUsageMetrics": "EnableNetworkAddressUsageMetrics",
}
BooleanValue = dict[str, bool]  # {"Value": True}


@dataclass
class Vpc(Ec2Resource, kind="vpc"):
    """One VPC; `is_default` is the one that every account has in every region."""

    cidr: str = ""
    tenancy: str = "default"
    is_default: bool = False
    dns_support: bool = True
    dns_hostnames: bool = False
    address_metrics: bool = False

    def condition_keys(self) -> dict[str, Any]:
        return {"ec2:VpcID": self.id, "ec2:Tenancy": self.tenancy}


def default_vpc(call: Call) -> Vpc | None:
    """The caller's default VPC in the call's region; None if it has been deleted."""
    return next((vpc for vpc in call.all(Vpc) if vpc.is_default), None)


def checked_cidr(text: str) -> ipaddress.IPv4Network:
    """The block that `text` writes, host bits cut off. Raises InvalidParameterValue."""
    try:
        if "/" in text:
            return ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        pass
    raise InvalidParameterValue(f"Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.")


@operation
def create_vpc(
    call: Call,
    *,
    cidr_block: str | None = None,
    instance_tenancy: str = "default",
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """A new VPC with its default security group. Raises InvalidVpc.Range for a block outside /16 to /28."""
    if cidr_block is None:
        raise MissingParameter("Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    block = checked_cidr(cidr_block)
    if not 16 <= block.prefixlen <= 28:
        raise InvalidVpcRange(f"The CIDR '{cidr_block}' is invalid.")
    tags = tags_at_creation(tag_specifications, "vpc")["vpc"]
    arn = call.make_arn("vpc", id=new_id(call, "vpc"))
    vpc = call.save(Vpc(arn, tags, cidr=str(block), tenancy=instance_tenancy))
    make_default_group(call, vpc.id, new_id(call, "security-group"))
    return {"Vpc": described(vpc)}


@operation
def describe_vpcs(call: Call, *, vpc_ids: list[str] | None = None, filters: Filters | None = None) -> Reply:
    return describe(call, Vpc, vpc_ids, filters, FILTERS, described)


@operation
def delete_vpc(call: Call, vpc: Vpc) -> None:
    """Raises DependencyViolation while it has more than its default security group."""
    groups = [group for group in call.all(SecurityGroup) if group.vpc_id == vpc.id]
    is_used = (
        any(subnet.vpc_id == vpc.id for subnet in call.all(Subnet))
        or any(each.subnet.vpc_id == vpc.id for each in call.all(NetworkInterface))
        or any(not group.is_default for group in groups)
    )
    if is_used:
        raise DependencyViolation(f"The vpc '{vpc.id}' has dependencies and cannot be deleted.")
    for group in groups:
        group.delete(call)
    call.delete(vpc)


@operation
def modify_vpc_attribute(
    call: Call,
    vpc: Vpc,
    *,
    enable_dns_support: BooleanValue | None = None,
    enable_dns_hostnames: BooleanValue | None = None,
    enable_network_address_usage_metrics: BooleanValue | None = None,
) -> None:
    """One attribute at a time. Raises InvalidParameterCombination for several."""
    given = [enable_dns_support, enable_dns_hostnames, enable_network_address_usage_metrics]
    if sum(each is not None for each in given) > 1:
        raise InvalidParameterCombination("Fields for multiple attribute types specified")
    if enable_dns_support is not None:
        vpc.dns_support = enable_dns_support["Value"]
    if enable_dns_hostnames is not None:
        vpc.dns_hostnames = enable_dns_hostnames["Value"]
    if enable_network_address_usage_metrics is not None:
        vpc.address_metrics = enable_network_address_usage_metrics["Value"]


@operation
def describe_vpc_attribute(call: Call, vpc: Vpc, *, attribute: str) -> Reply:
    if attribute not in ATTRIBUTES:
        raise InvalidParameterValue(f"Value ({attribute}) for parameter attribute is invalid. Unknown attribute.")
    values = {
        "enableDnsSupport": vpc.dns_support,
        "enableDnsHostnames": vpc.dns_hostnames,
        "enableNetworkAddressUsageMetrics": vpc.address_metrics,
    }
    return {"VpcId": vpc.id, ATTRIBUTES[attribute]: {"Value": values[attribute]}}


def described(vpc: Vpc) -> Described:
    association = settled_id("vpc", vpc.id, vpc.cidr).replace("vpc-", "vpc-cidr-assoc-")
    return {
        "VpcId": vpc.id,
        "OwnerId": vpc.account,
        "CidrBlock": vpc.cidr,
        "CidrBlockAssociationSet": [
            {"AssociationId": association, "CidrBlock": vpc.cidr, "CidrBlockState": {"State": "associated"}}
        ],
        "Ipv6CidrBlockAssociationSet": [],
        "DhcpOptionsId": "default",
        "InstanceTenancy": vpc.tenancy,
        "IsDefault": vpc.is_default,
        "State": "available",
        **vpc.tags_if_any(),
    }
