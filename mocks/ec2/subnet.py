"""Subnets and the addresses in them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call, error

from .failures import InvalidParameterValue
from .resource import Ec2Resource

InvalidIPAddressInUse = error("InvalidIPAddress.InUse", status=400)
InsufficientFreeAddressesInSubnet = error("InsufficientFreeAddressesInSubnet", status=400)

KEPT_AT_START, KEPT_AT_END = 4, 1  # network, router, DNS, future use; broadcast


@dataclass
class Subnet(Ec2Resource, kind="subnet"):
    """One subnet. `taken` are the addresses that network interfaces have."""

    vpc_id: str = ""
    cidr: str = ""
    zone: str = ""
    zone_id: str = ""
    is_default: bool = False
    maps_public_ip: bool = False
    hostname_type: str = "ip-name"
    taken: set[str] = field(default_factory=set)

    @property
    def network(self) -> ipaddress.IPv4Network:
        return ipaddress.IPv4Network(self.cidr)

    @property
    def free_addresses(self) -> int:
        return self.network.num_addresses - KEPT_AT_START - KEPT_AT_END - len(self.taken)

    def condition_keys(self) -> dict[str, Any]:
        return {
            "ec2:SubnetID": self.id,
            "ec2:Vpc": str(self.arn._replace(resource=f"vpc/{self.vpc_id}")),
            "ec2:AvailabilityZone": self.zone,
        }

    def take(self, wanted: str | None) -> str:
        """The address `wanted`, or the lowest that is free. Raises InvalidParameterValue or InvalidIPAddress.InUse."""
        if wanted is not None:
            self._check(wanted)
        else:
            first, last = KEPT_AT_START, self.network.num_addresses - KEPT_AT_END
            free = (str(self.network[n]) for n in range(first, last) if str(self.network[n]) not in self.taken)
            wanted = next(free, None)
            if wanted is None:
                raise InsufficientFreeAddressesInSubnet(
                    f"There are not enough free addresses in subnet '{self.id}' to satisfy the requested number of "
                    "instances."
                )
        self.taken.add(wanted)
        return wanted

    def _check(self, wanted: str) -> None:
        try:
            inside = ipaddress.IPv4Address(wanted) in self.network
        except ValueError:
            raise InvalidParameterValue(
                f"Value ({wanted}) for parameter address is invalid. Invalid IPv4 address."
            ) from None
        if not inside:
            raise InvalidParameterValue(f"Address {wanted} does not fall within the subnet's address range")
        index = int(ipaddress.IPv4Address(wanted)) - int(self.network.network_address)
        if index < KEPT_AT_START or index >= self.network.num_addresses - KEPT_AT_END:
            raise InvalidParameterValue(f"Address {wanted} is in subnet's reserved address range")
        if wanted in self.taken:
            raise InvalidIPAddressInUse(f"Address {wanted} is in use.")


def default_subnet(call: Call, zone: str | None = None) -> Subnet | None:
    """The default subnet of `zone`, or of the first zone that has one."""
    return next((each for each in call.all(Subnet) if each.is_default and zone in (None, each.zone)), None)
