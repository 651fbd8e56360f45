"""Instances, and how EC2 describes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iamsim.kit import Arn, StrMap

from .filters import Described
from .instance_type import cpu_options
from .network_interface import NetworkInterface, described_groups
from .network_interface import described as described_interface
from .resource import Ec2Resource
from .subnet import Subnet
from .volume import Volume

STATES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
METADATA_OPTIONS = {
    "State": "applied",
    "HttpTokens": "optional",
    "HttpPutResponseHopLimit": 1,
    "HttpEndpoint": "enabled",
    "HttpProtocolIpv6": "disabled",
    "InstanceMetadataTags": "disabled",
}


@dataclass
class Reservation:
    """One RunInstances: what its instances share."""

    id: str
    account: str
    client_token: str


@dataclass
class Instance(Ec2Resource, kind="instance"):
    """One instance. It is `running` as soon as the call that started it has been answered.

    Invariant: a terminated instance has no interfaces and no volumes.
    """

    reservation: Reservation = field(kw_only=True)
    subnet: Subnet = field(kw_only=True)
    launched_at: datetime = field(kw_only=True)
    image_id: str = ""
    type: str = "m1.small"
    state: str = "running"
    state_reason: StrMap = field(default_factory=dict)
    transition_reason: str = ""
    launch_index: int = 0
    key_name: str | None = None
    architecture: str = "x86_64"
    platform: str | None = None
    boot_mode: str | None = None
    root_device: str = "/dev/xvda"
    interfaces: list[NetworkInterface] = field(default_factory=list)  # by device index
    volumes: dict[str, Volume] = field(default_factory=dict)  # by device name
    profile: Arn | None = None
    profile_id: str = ""
    user_data: str | None = None  # base64
    tenancy: str = "default"
    placement_group: str = ""
    ebs_optimized: bool = False
    is_monitored: bool = False
    disable_api_termination: bool = False
    disable_api_stop: bool = False
    shutdown_behavior: str = "stop"
    metadata_options: dict[str, Any] = field(default_factory=lambda: dict(METADATA_OPTIONS))
    has_hostnames: bool = False

    @property
    def zone(self) -> str:
        return self.subnet.zone

    @property
    def primary(self) -> NetworkInterface | None:
        """The interface at device index 0."""
        return self.interfaces[0] if self.interfaces else None

    def condition_keys(self) -> dict[str, Any]:
        keys = {"ec2:InstanceID": self.id, "ec2:PlacementGroup": self.placement_group or None}
        described = instance_keys(
            kind=self.type,
            tenancy=self.tenancy,
            zone=self.zone,
            zone_id=self.subnet.zone_id,
            ebs_optimized=self.ebs_optimized,
            profile=str(self.profile) if self.profile else None,
            metadata=self.metadata_options,
        )
        return {name: value for name, value in keys.items() if value is not None} | described


def instance_keys(
    *,
    kind: str,
    tenancy: str,
    zone: str | None,
    zone_id: str | None,
    ebs_optimized: bool,
    profile: str | None,
    metadata: dict[str, Any],
) -> dict[str, Any]:
    """The condition keys of an instance that is there or will be."""
    keys = {
        "ec2:InstanceType": kind,
        "ec2:Tenancy": tenancy,
        "ec2:AvailabilityZone": zone,
        "ec2:AvailabilityZoneId": zone_id,
        "ec2:EbsOptimized": "true" if ebs_optimized else "false",
        "ec2:RootDeviceType": "ebs",
        "ec2:InstanceProfile": profile,
        "ec2:InstanceMarketType": "on-demand",
        "ec2:InstanceMetadataTags": metadata.get("InstanceMetadataTags"),
        "ec2:MetadataHttpEndpoint": metadata.get("HttpEndpoint"),
        "ec2:MetadataHttpTokens": metadata.get("HttpTokens"),
    }
    hops = metadata.get("HttpPutResponseHopLimit")
    if hops is not None:
        keys["ec2:MetadataHttpPutResponseHopLimit"] = str(hops)
    return {name: value for name, value in keys.items() if value is not None}


# What AWS sends with every instance, for features that launches do not ask for here.
FIXED: Described = {
    "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
    "EnclaveOptions": {"Enabled": False},
    "HibernationOptions": {"Configured": False},
    "MaintenanceOptions": {"AutoRecovery": "default", "RebootMigration": "default"},
    "NetworkPerformanceOptions": {"BandwidthWeighting": "default"},
    "Operator": {"Managed": False},
}


def described_state(name: str) -> Described:
    return {"Code": STATES[name], "Name": name}


def described(instance: Instance) -> Described:
    """The instance as DescribeInstances gives it."""
    primary = instance.primary
    windows = instance.platform == "windows"
    reply: Described = {
        "InstanceId": instance.id,
        "ImageId": instance.image_id,
        "InstanceType": instance.type,
        "State": described_state(instance.state),
        "StateTransitionReason": instance.transition_reason,
        "StateReason": instance.state_reason or None,
        "LaunchTime": instance.launched_at,
        "AmiLaunchIndex": instance.launch_index,
        "ClientToken": instance.reservation.client_token,
        "KeyName": instance.key_name,
        "Placement": {
            "AvailabilityZone": instance.zone,
            "AvailabilityZoneId": instance.subnet.zone_id,
            "GroupName": instance.placement_group,
            "Tenancy": instance.tenancy,
        },
        "Architecture": instance.architecture,
        "Platform": "windows" if windows else None,
        "PlatformDetails": "Windows" if windows else "Linux/UNIX",
        "UsageOperation": "RunInstances:0002" if windows else "RunInstances",
        "UsageOperationUpdateTime": instance.launched_at,
        "BootMode": instance.boot_mode,
        "CurrentInstanceBootMode": "uefi" if (instance.boot_mode or "").startswith("uefi") else "legacy-bios",
        "RootDeviceName": instance.root_device,
        "RootDeviceType": "ebs",
        "VirtualizationType": "hvm",
        "Hypervisor": "xen",
        "EnaSupport": True,
        "EbsOptimized": instance.ebs_optimized,
        "Monitoring": {"State": "enabled" if instance.is_monitored else "disabled"},
        "MetadataOptions": instance.metadata_options,
        "CpuOptions": cpu_options(instance.type),
        "ProductCodes": [],
        **FIXED,
        "PrivateDnsName": primary.private_dns_name if primary else "",
        "PublicDnsName": primary.public_dns_name(has_hostnames=instance.has_hostnames) if primary else "",
        "SecurityGroups": described_groups(primary.groups) if primary else [],
        "NetworkInterfaces": [_interface(each, has_hostnames=instance.has_hostnames) for each in instance.interfaces],
        "BlockDeviceMappings": described_devices(instance),
        **instance.tags_if_any(),
    }
    if primary is not None:
        reply |= {
            "SubnetId": instance.subnet.id,
            "VpcId": instance.subnet.vpc_id,
            "PrivateIpAddress": primary.private_ip,
            "PublicIpAddress": primary.public_ip,
            "SourceDestCheck": primary.source_dest_check,
            "PrivateDnsNameOptions": {
                "HostnameType": instance.subnet.hostname_type,
                "EnableResourceNameDnsARecord": False,
                "EnableResourceNameDnsAAAARecord": False,
            },
        }
    if instance.profile is not None:
        reply["IamInstanceProfile"] = {"Arn": str(instance.profile), "Id": instance.profile_id}
    return {name: value for name, value in reply.items() if value is not None}


def described_devices(instance: Instance) -> list[Described]:
    """The instance's `BlockDeviceMappings`."""
    return [
        {
            "DeviceName": device,
            "Ebs": {
                "VolumeId": volume.id,
                "Status": "attached",
                "AttachTime": volume.attachment.attached_at,
                "DeleteOnTermination": volume.attachment.delete_on_termination,
            },
        }
        for device, volume in instance.volumes.items()
        if volume.attachment is not None
    ]


def _interface(interface: NetworkInterface, *, has_hostnames: bool) -> Described:
    """The interface as a description of its instance gives it: fewer members than by itself."""
    reply = described_interface(interface, has_hostnames=has_hostnames)
    for member in ("AvailabilityZone", "AvailabilityZoneId", "RequesterManaged", "TagSet"):
        reply.pop(member)
    reply["Attachment"].pop("InstanceId")
    reply["Attachment"].pop("InstanceOwnerId")
    return reply
