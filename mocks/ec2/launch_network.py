"""Where RunInstances puts an instance: subnet, addresses and security groups of its network interfaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call, StrMap, error

from .describing import find_all
from .failures import InvalidGroupNotFound, InvalidParameter, InvalidParameterCombination, InvalidParameterValue
from .ids import new_id
from .instance import Instance
from .network_interface import InterfaceAttachment, NetworkInterface, new_mac_address, new_public_ip
from .region import checked_zone
from .security_group import DEFAULT, SecurityGroup, group_named
from .subnet import InsufficientFreeAddressesInSubnet, Subnet, default_subnet
from .vpc import default_vpc

MissingInput = error("MissingInput", status=400)
InvalidNetworkInterfaceInUse = error("InvalidNetworkInterface.InUse", status=400)
VPCIdNotSpecified = error("VPCIdNotSpecified", status=400)

Interface = dict[str, Any]  # one of NetworkInterfaces
ACTED_ON = {
    "AssociatePublicIpAddress",
    "DeleteOnTermination",
    "Description",
    "DeviceIndex",
    "Groups",
    "NetworkInterfaceId",
    "PrivateIpAddress",
    "SubnetId",
}


@dataclass
class PlannedInterface:
    """One network interface that each instance gets: a new one, or `existing`."""

    device_index: int
    subnet: Subnet
    groups: list[SecurityGroup]
    existing: NetworkInterface | None = None
    private_ip: str | None = None
    wants_public_ip: bool = False
    description: str = ""
    delete_on_termination: bool = True


@dataclass
class LaunchNetwork:
    """The interfaces of each instance; the first one's subnet is the instance's."""

    interfaces: list[PlannedInterface] = field(default_factory=list)

    @property
    def subnet(self) -> Subnet:
        return self.interfaces[0].subnet

    def check_room(self, count: int) -> None:
        """Raises an error if `count` instances cannot have these interfaces."""
        for each in self.interfaces:
            if count > 1 and (each.private_ip or each.existing):
                raise InvalidParameterCombination(
                    "You may not specify a private IP address or a network interface when launching more than one "
                    "instance"
                )
            if each.existing is None and each.subnet.free_addresses < count:
                raise InsufficientFreeAddressesInSubnet(
                    f"There are not enough free addresses in subnet '{each.subnet.id}' to satisfy the requested number "
                    "of instances."
                )


def launch_network(
    call: Call,
    subnet_id: str | None,
    group_ids: list[str] | None,
    group_names: list[str] | None,
    private_ip: str | None,
    interfaces: list[Interface] | None,
    placement: dict[str, Any],
) -> LaunchNetwork:
    """What the parameters of RunInstances say. Raises the errors for what does not exist or does not go together."""
    if subnet_id and group_names:
        raise InvalidParameterCombination("The parameter groupName cannot be used with the parameter subnet")
    if not interfaces:
        subnet = launch_subnet(call, subnet_id, placement)
        groups = launch_groups(call, subnet, group_ids, group_names)
        return LaunchNetwork(
            [PlannedInterface(0, subnet, groups, private_ip=private_ip, wants_public_ip=subnet.maps_public_ip)]
        )
    if subnet_id or group_ids or group_names or private_ip:
        raise InvalidParameterCombination(
            "Network interfaces and an instance-level subnet ID may not be specified on the same request"
            if subnet_id
            else "Network interfaces and an instance-level security groups may not be specified on the same request"
        )
    planned = [_planned(call, each, placement) for each in interfaces]
    indexes = sorted(each.device_index for each in planned)
    if indexes[0] != 0 or len(set(indexes)) < len(indexes):
        raise InvalidParameter("Each network interface requires a unique device index, the first one 0.")
    return LaunchNetwork(sorted(planned, key=lambda each: each.device_index))


def launch_subnet(call: Call, subnet_id: str | None, placement: dict[str, Any]) -> Subnet:
    """The subnet named, or the default one of the zone that the placement asks for."""
    zone = placement.get("AvailabilityZone")
    if zone is not None:
        checked_zone(call, zone)
    if subnet_id is None:
        subnet = default_subnet(call, zone)
        vpc = default_vpc(call)
        if vpc is None:
            raise VPCIdNotSpecified("No default VPC for this user")
        if subnet is None:
            raise MissingInput(
                f"No subnets found for the default VPC '{vpc.id}'. Please specify a subnet."
                if zone is None
                else f"No default subnet for availability zone: '{zone}'."
            )
        return subnet
    subnet = call.get(Subnet, id=subnet_id)
    if zone not in (None, subnet.zone):
        raise InvalidParameterValue(
            f"The availability zone '{zone}' does not match the zone of the subnet '{subnet.id}'."
        )
    return subnet


def launch_groups(
    call: Call, subnet: Subnet, group_ids: list[str] | None, group_names: list[str] | None
) -> list[SecurityGroup]:
    """The groups named by id or by name; without any, the default group of the subnet's VPC."""
    found = find_all(call, SecurityGroup, group_ids or [])
    for name in group_names or ():
        group = group_named(call, name, subnet.vpc_id)
        if group is None:
            raise InvalidGroupNotFound(f"The security group '{name}' does not exist in VPC '{subnet.vpc_id}'")
        found.append(group)
    for group in found:
        if group.vpc_id != subnet.vpc_id:
            raise InvalidParameter(f"Security group {group.id} and subnet {subnet.id} belong to different networks.")
    default = group_named(call, DEFAULT, subnet.vpc_id)
    return found or ([default] if default else [])


def attach_interfaces(call: Call, instance: Instance, network: LaunchNetwork, tags: StrMap) -> None:
    """Give `instance` its network interfaces."""
    for planned in network.interfaces:
        interface = planned.existing or call.save(
            NetworkInterface(
                call.make_arn("network-interface", id=new_id(call, "network-interface")),
                dict(tags),
                subnet=planned.subnet,
                groups=list(planned.groups),
                description=planned.description,
                private_ip=planned.subnet.take(planned.private_ip),
                mac_address=new_mac_address(call),
                wants_public_ip=planned.wants_public_ip,
                public_ip=new_public_ip(call) if planned.wants_public_ip else None,
            )
        )
        interface.attachment = InterfaceAttachment(
            id=f"eni-attach-{call.clock.new_token(17)}",
            instance_id=instance.id,
            device_index=planned.device_index,
            attached_at=instance.launched_at,
            delete_on_termination=planned.delete_on_termination,
        )
        instance.interfaces.append(interface)


def _planned(call: Call, given: Interface, placement: dict[str, Any]) -> PlannedInterface:
    call.ignores(*(f"NetworkInterfaces.{name}" for name in given if name not in ACTED_ON))
    index = given.get("DeviceIndex", 0)
    if "NetworkInterfaceId" in given:
        existing = call.get(NetworkInterface, id=given["NetworkInterfaceId"])
        if existing.attachment is not None:
            raise InvalidNetworkInterfaceInUse(f"Interface: [{existing.id}] in use.")
        return PlannedInterface(index, existing.subnet, existing.groups, existing=existing, delete_on_termination=False)
    subnet = launch_subnet(call, given.get("SubnetId"), placement)
    return PlannedInterface(
        index,
        subnet,
        launch_groups(call, subnet, given.get("Groups"), None),
        private_ip=given.get("PrivateIpAddress"),
        wants_public_ip=given.get("AssociatePublicIpAddress", subnet.maps_public_ip),
        description=given.get("Description", ""),
        delete_on_termination=given.get("DeleteOnTermination", True),
    )
