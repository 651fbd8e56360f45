"""Making, describing, changing and deleting subnets."""

from __future__ import annotations

from iamsim.kit import Call, Reply, error, operation

from .describing import describe
from .failures import DependencyViolation, InvalidParameterCombination, InvalidParameterValue, MissingParameter
from .filters import Described, Filters
from .ids import new_id
from .network_interface import NetworkInterface
from .region import checked_zone, zones
from .route_table import RouteTable
from .subnet import Subnet
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import BooleanValue, Vpc, checked_cidr

InvalidSubnetRange = error("InvalidSubnet.Range", status=400)
InvalidSubnetConflict = error("InvalidSubnet.Conflict", status=400)

FILTERS = {
    "availability-zone": "AvailabilityZone",
    "availabilityZone": "AvailabilityZone",
    "availability-zone-id": "AvailabilityZoneId",
    "available-ip-address-count": "AvailableIpAddressCount",
    "cidr": "CidrBlock",
    "cidr-block": "CidrBlock",
    "cidrBlock": "CidrBlock",
    "default-for-az": "DefaultForAz",
    "defaultForAz": "DefaultForAz",
    "map-public-ip-on-launch": "MapPublicIpOnLaunch",
    "owner-id": "OwnerId",
    "state": "State",
    "subnet-arn": "SubnetArn",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
}


@operation
def create_subnet(
    call: Call,
    vpc: Vpc,
    *,
    cidr_block: str | None = None,
    availability_zone: str | None = None,
    availability_zone_id: str | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """A new subnet. Raises InvalidSubnet.Range outside the VPC, InvalidSubnet.Conflict where another one is."""
    if cidr_block is None:
        raise MissingParameter("Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    block = checked_cidr(cidr_block)
    if not 16 <= block.prefixlen <= 28 or not block.subnet_of(checked_cidr(vpc.cidr)):
        raise InvalidSubnetRange(f"The CIDR '{cidr_block}' is invalid.")
    if any(block.overlaps(each.network) for each in call.all(Subnet) if each.vpc_id == vpc.id):
        raise InvalidSubnetConflict(f"The CIDR '{cidr_block}' conflicts with another subnet")
    here = zones(call.region)
    zone = _zone(call, availability_zone, availability_zone_id)
    subnet = Subnet(
        call.make_arn("subnet", id=new_id(call, "subnet")),
        tags_at_creation(tag_specifications, "subnet")["subnet"],
        vpc_id=vpc.id,
        cidr=str(block),
        zone=zone,
        zone_id=here[zone],
    )
    return {"Subnet": described(call.save(subnet))}


@operation
def describe_subnets(call: Call, *, subnet_ids: list[str] | None = None, filters: Filters | None = None) -> Reply:
    return describe(call, Subnet, subnet_ids, filters, FILTERS, described)


@operation
def delete_subnet(call: Call, subnet: Subnet) -> None:
    """Raises DependencyViolation while a network interface is in it."""
    if any(each.subnet is subnet for each in call.all(NetworkInterface)):
        raise DependencyViolation(f"The subnet '{subnet.id}' has dependencies and cannot be deleted.")
    for table in call.all(RouteTable):
        table.subnets = {association: each for association, each in table.subnets.items() if each != subnet.id}
    call.delete(subnet)


@operation
def modify_subnet_attribute(
    call: Call,
    subnet: Subnet,
    *,
    map_public_ip_on_launch: BooleanValue | None = None,
    private_dns_hostname_type_on_launch: str | None = None,
) -> None:
    """One attribute at a time. Raises InvalidParameterCombination for several."""
    if map_public_ip_on_launch is not None and private_dns_hostname_type_on_launch is not None:
        raise InvalidParameterCombination("Fields for multiple attribute types specified")
    if map_public_ip_on_launch is not None:
        subnet.maps_public_ip = map_public_ip_on_launch["Value"]
    if private_dns_hostname_type_on_launch is not None:
        subnet.hostname_type = private_dns_hostname_type_on_launch


def described(subnet: Subnet) -> Described:
    return {
        "SubnetId": subnet.id,
        "SubnetArn": str(subnet.arn),
        "OwnerId": subnet.account,
        "VpcId": subnet.vpc_id,
        "CidrBlock": subnet.cidr,
        "AvailabilityZone": subnet.zone,
        "AvailabilityZoneId": subnet.zone_id,
        "AvailableIpAddressCount": subnet.free_addresses,
        "DefaultForAz": subnet.is_default,
        "MapPublicIpOnLaunch": subnet.maps_public_ip,
        "MapCustomerOwnedIpOnLaunch": False,
        "AssignIpv6AddressOnCreation": False,
        "Ipv6CidrBlockAssociationSet": [],
        "Ipv6Native": False,
        "EnableDns64": False,
        "PrivateDnsNameOptionsOnLaunch": {
            "HostnameType": subnet.hostname_type,
            "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False,
        },
        "State": "available",
        **subnet.tags_if_any(),
    }


def _zone(call: Call, name: str | None, zone_id: str | None) -> str:
    """The zone that a caller asks for by name or id; the region's first if it does not care."""
    here = zones(call.region)
    if name is not None:
        return checked_zone(call, name)
    if zone_id is None:
        return next(iter(here))
    for zone, known in here.items():
        if known == zone_id:
            return zone
    raise InvalidParameterValue(f"Value ({zone_id}) for parameter availabilityZoneId is invalid.")
