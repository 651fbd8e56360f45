"""Network interfaces: the addresses and security groups that an instance has in a subnet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iamsim.kit import Call, dns_suffix

from .filters import Described
from .resource import Ec2Resource
from .security_group import SecurityGroup
from .subnet import Subnet


@dataclass
class InterfaceAttachment:
    """An interface on an instance."""

    id: str
    instance_id: str
    device_index: int
    attached_at: datetime
    delete_on_termination: bool = True


@dataclass
class NetworkInterface(Ec2Resource, kind="network-interface"):
    """One network interface."""

    subnet: Subnet = field(kw_only=True)
    private_ip: str = field(kw_only=True)
    mac_address: str = field(kw_only=True)
    groups: list[SecurityGroup] = field(default_factory=list)
    description: str = ""
    public_ip: str | None = None
    wants_public_ip: bool = False
    attachment: InterfaceAttachment | None = None
    source_dest_check: bool = True

    @property
    def private_dns_name(self) -> str:
        region = self.arn.region
        domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
        return f"ip-{self.private_ip.replace('.', '-')}.{domain}"

    def public_dns_name(self, *, has_hostnames: bool) -> str:
        """The name of its public address; empty where it has none, or where the VPC gives no names."""
        if self.public_ip is None or not has_hostnames:
            return ""
        region = self.arn.region
        domain = "compute-1" if region == "us-east-1" else f"{region}.compute"
        return f"ec2-{self.public_ip.replace('.', '-')}.{domain}.{dns_suffix(self.arn.partition)}"

    def condition_keys(self) -> dict[str, Any]:
        return {
            "ec2:NetworkInterfaceID": self.id,
            "ec2:Subnet": str(self.subnet.arn),
            "ec2:Vpc": self.subnet.condition_keys()["ec2:Vpc"],
            "ec2:AvailabilityZone": self.subnet.zone,
        }

    def delete(self, call: Call) -> None:
        """Take it away; its address is free again."""
        self.subnet.taken.discard(self.private_ip)
        call.delete(self)


def new_mac_address(call: Call) -> str:
    """A MAC address as EC2 gives them, such as `02:1f:...`."""
    digits = call.clock.new_token(10)
    return ":".join(["02", *(digits[n : n + 2] for n in range(0, 10, 2))])


def new_public_ip(call: Call) -> str:
    """An address of Amazon's pool."""
    digits = call.clock.new_token(6)
    return ".".join(["54", *(str(int(digits[n : n + 2], 16)) for n in range(0, 6, 2))])


def described(interface: NetworkInterface, *, has_hostnames: bool) -> Described:
    """The interface as DescribeNetworkInterfaces gives it."""
    public_name = interface.public_dns_name(has_hostnames=has_hostnames)
    reply: Described = {
        "NetworkInterfaceId": interface.id,
        "SubnetId": interface.subnet.id,
        "VpcId": interface.subnet.vpc_id,
        "AvailabilityZone": interface.subnet.zone,
        "AvailabilityZoneId": interface.subnet.zone_id,
        "OwnerId": interface.account,
        "Description": interface.description,
        "InterfaceType": "interface",
        "MacAddress": interface.mac_address,
        "PrivateIpAddress": interface.private_ip,
        "PrivateDnsName": interface.private_dns_name,
        "PrivateIpAddresses": [
            {
                "Primary": True,
                "PrivateIpAddress": interface.private_ip,
                "PrivateDnsName": interface.private_dns_name,
            }
        ],
        "Groups": described_groups(interface.groups),
        "Ipv6Addresses": [],
        "RequesterManaged": False,
        "SourceDestCheck": interface.source_dest_check,
        "Status": "in-use" if interface.attachment else "available",
        "TagSet": interface.tag_set(),
    }
    if interface.public_ip is not None:
        reply["Association"] = {
            "IpOwnerId": "amazon",
            "PublicIp": interface.public_ip,
            "PublicDnsName": public_name,
        }
        reply["PrivateIpAddresses"][0]["Association"] = reply["Association"]
    attachment = interface.attachment
    if attachment is not None:
        reply["Attachment"] = {
            "AttachmentId": attachment.id,
            "InstanceId": attachment.instance_id,
            "InstanceOwnerId": interface.account,
            "DeviceIndex": attachment.device_index,
            "NetworkCardIndex": 0,
            "AttachTime": attachment.attached_at,
            "DeleteOnTermination": attachment.delete_on_termination,
            "Status": "attached",
        }
    return reply


def described_groups(groups: list[SecurityGroup]) -> list[dict[str, str]]:
    return [{"GroupId": group.id, "GroupName": group.name} for group in groups]
