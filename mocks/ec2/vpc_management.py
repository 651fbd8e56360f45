"""Making, describing, changing and deleting VPCs."""

from __future__ import annotations

from iamsim.kit import Call, Reply, error, operation

from .describing import describe
from .failures import DependencyViolation, InvalidParameterCombination, InvalidParameterValue, MissingParameter
from .filters import Described, Filters
from .ids import new_id, settled_id
from .internet_gateway import gateway_of
from .network_interface import NetworkInterface
from .route_table import RouteTable, make_main_table
from .security_group import SecurityGroup, make_default_group
from .subnet import Subnet
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import BooleanValue, Vpc, checked_cidr

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


@operation
def create_vpc(
    call: Call,
    *,
    cidr_block: str | None = None,
    instance_tenancy: str = "default",
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """A new VPC with its default security group and main route table. Raises InvalidVpc.Range outside /16 to /28."""
    if cidr_block is None:
        raise MissingParameter("Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    block = checked_cidr(cidr_block)
    if not 16 <= block.prefixlen <= 28:
        raise InvalidVpcRange(f"The CIDR '{cidr_block}' is invalid.")
    tags = tags_at_creation(tag_specifications, "vpc")["vpc"]
    arn = call.make_arn("vpc", id=new_id(call, "vpc"))
    vpc = call.save(Vpc(arn, tags, cidr=str(block), tenancy=instance_tenancy))
    make_default_group(call, vpc.id, new_id(call, "security-group"))
    make_main_table(call, vpc.id, vpc.cidr, new_id(call, "route-table"))
    return {"Vpc": described(vpc)}


@operation
def describe_vpcs(call: Call, *, vpc_ids: list[str] | None = None, filters: Filters | None = None) -> Reply:
    return describe(call, Vpc, vpc_ids, filters, FILTERS, described)


@operation
def delete_vpc(call: Call, vpc: Vpc) -> None:
    """Raises DependencyViolation while it has more than its default security group and main route table."""
    groups = [group for group in call.all(SecurityGroup) if group.vpc_id == vpc.id]
    tables = [table for table in call.all(RouteTable) if table.vpc_id == vpc.id]
    is_used = (
        any(subnet.vpc_id == vpc.id for subnet in call.all(Subnet))
        or any(each.subnet.vpc_id == vpc.id for each in call.all(NetworkInterface))
        or any(not group.is_default for group in groups)
        or any(not table.main_association for table in tables)
        or gateway_of(call, vpc.id) is not None
    )
    if is_used:
        raise DependencyViolation(f"The vpc '{vpc.id}' has dependencies and cannot be deleted.")
    for group in groups:
        group.delete(call)
    for table in tables:
        call.delete(table)
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
