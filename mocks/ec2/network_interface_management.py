"""Making, describing and deleting network interfaces. Attaching one happens in RunInstances only."""

from __future__ import annotations

from iamsim.kit import Call, Reply, error, operation

from .client_token import made_before, remember
from .describing import describe, find_all
from .filters import Described, Filters
from .ids import new_id
from .network_interface import NetworkInterface, described, new_mac_address
from .security_group import DEFAULT, SecurityGroup, group_named
from .subnet import Subnet
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import Vpc

InvalidNetworkInterfaceInUse = error("InvalidNetworkInterface.InUse", status=400)

FILTERS = {
    "addresses.association.public-ip": "PrivateIpAddresses.Association.PublicIp",
    "addresses.primary": "PrivateIpAddresses.Primary",
    "addresses.private-ip-address": "PrivateIpAddresses.PrivateIpAddress",
    "association.public-ip": "Association.PublicIp",
    "attachment.attach-time": "Attachment.AttachTime",
    "attachment.attachment-id": "Attachment.AttachmentId",
    "attachment.delete-on-termination": "Attachment.DeleteOnTermination",
    "attachment.device-index": "Attachment.DeviceIndex",
    "attachment.instance-id": "Attachment.InstanceId",
    "attachment.status": "Attachment.Status",
    "availability-zone": "AvailabilityZone",
    "availability-zone-id": "AvailabilityZoneId",
    "description": "Description",
    "group-id": "Groups.GroupId",
    "group-name": "Groups.GroupName",
    "interface-type": "InterfaceType",
    "mac-address": "MacAddress",
    "network-interface-id": "NetworkInterfaceId",
    "owner-id": "OwnerId",
    "private-dns-name": "PrivateDnsName",
    "private-ip-address": "PrivateIpAddress",
    "requester-managed": "RequesterManaged",
    "source-dest-check": "SourceDestCheck",
    "status": "Status",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
}


@operation
def create_network_interface(
    call: Call,
    subnet: Subnet,
    *,
    description: str = "",
    groups: list[str] | None = None,
    private_ip_address: str | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """A new interface, in the VPC's default group unless `groups` names others."""
    earlier = made_before(call)
    if earlier:
        return {"NetworkInterface": _described(call, call.get(NetworkInterface, id=earlier[0]))}
    tags = tags_at_creation(tag_specifications, "network-interface")["network-interface"]
    default = group_named(call, DEFAULT, subnet.vpc_id)
    interface = NetworkInterface(
        call.make_arn("network-interface", id=new_id(call, "network-interface")),
        tags,
        subnet=subnet,
        groups=find_all(call, SecurityGroup, groups) if groups else [default] if default else [],
        description=description,
        private_ip=subnet.take(private_ip_address),
        mac_address=new_mac_address(call),
    )
    remember(call, call.save(interface).id)
    return {"NetworkInterface": _described(call, interface)}


@operation
def describe_network_interfaces(
    call: Call, *, network_interface_ids: list[str] | None = None, filters: Filters | None = None
) -> Reply:
    return describe(
        call, NetworkInterface, network_interface_ids, filters, FILTERS, lambda each: _described(call, each)
    )


@operation
def delete_network_interface(call: Call, interface: NetworkInterface) -> None:
    """Raises InvalidNetworkInterface.InUse while an instance has it."""
    if interface.attachment is not None:
        raise InvalidNetworkInterfaceInUse(f"Network interface '{interface.id}' is currently in use.")
    interface.delete(call)


def _described(call: Call, interface: NetworkInterface) -> Described:
    vpc = call.find(Vpc, id=interface.subnet.vpc_id)
    return described(interface, has_hostnames=vpc is not None and vpc.dns_hostnames)
