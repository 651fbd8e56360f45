"""An instance as it sees itself, which is what its metadata service tells.

Source: EC2 user guide, instancedata-data-categories.
"""

from __future__ import annotations

import base64
from typing import Any

from iamsim.kit import Cloud, Machine, MachineSource, dns_suffix, provides

from .instance import Instance
from .key_pair import KeyPair
from .network_interface import NetworkInterface
from .vpc import Vpc

IDENTITY_VERSION = "2017-09-30"


@provides(MachineSource)
class Machines:
    """Looks instances up by their ids, in every account and region."""

    def __init__(self, cloud: Cloud) -> None:
        self._resources = cloud.resources

    def machine(self, instance_id: str) -> Machine | None:
        """The instance as it is now; None if there is none of that id."""
        instance = next((each for each in self._resources.everywhere(Instance) if each.id == instance_id), None)
        if instance is None:
            return None
        primary = instance.primary
        return Machine(
            arn=instance.arn,
            is_running=instance.state == "running",
            options=instance.metadata_options,
            categories=self._categories(instance),
            identity=_identity(instance),
            user_data=base64.b64decode(instance.user_data) if instance.user_data else None,
            profile=instance.profile,
            profile_id=instance.profile_id,
            vpc_id=instance.subnet.vpc_id,
            private_ip=primary.private_ip if primary else "",
        )

    def instance_ids(self) -> list[str]:
        """The ids of all instances."""
        return [instance.id for instance in self._resources.everywhere(Instance)]

    def _categories(self, instance: Instance) -> dict[str, str]:
        partition, region = instance.arn.partition, instance.arn.region
        found = {
            "ami-id": instance.image_id,
            "ami-launch-index": str(instance.launch_index),
            "ami-manifest-path": "(unknown)",
            "block-device-mapping/ami": instance.root_device.removeprefix("/dev/"),
            "block-device-mapping/root": instance.root_device,
            "hibernation/configured": "false",
            "instance-action": "none",
            "instance-id": instance.id,
            "instance-life-cycle": "on-demand",
            "instance-type": instance.type,
            "placement/availability-zone": instance.zone,
            "placement/availability-zone-id": instance.subnet.zone_id,
            "placement/region": region,
            "profile": "default-hvm",
            "reservation-id": instance.reservation.id,
            "services/domain": dns_suffix(partition),
            "services/partition": partition,
        }
        others = [device for device in instance.volumes if device != instance.root_device]
        for number, device in enumerate(others, start=1):
            found[f"block-device-mapping/ebs{number}"] = device.removeprefix("/dev/")
        if instance.placement_group:
            found["placement/group-name"] = instance.placement_group
        if instance.key_name is not None:
            found |= self._public_key(instance, instance.key_name)
        if instance.primary is not None:
            found |= _addresses(instance, instance.primary)
        for interface in instance.interfaces:
            at = f"network/interfaces/macs/{interface.mac_address}/"
            found |= {at + name: value for name, value in self._interface(instance, interface).items()}
        if instance.metadata_options["InstanceMetadataTags"] == "enabled":
            found |= {f"tags/instance/{key}": value for key, value in instance.tags.items()}
        return found

    def _public_key(self, instance: Instance, name: str) -> dict[str, str]:
        pair = self._resources.find(KeyPair, instance.arn._replace(resource=f"key-pair/{name}"))
        return {f"public-keys/0={name}/openssh-key": pair.public_key if pair is not None else ""}

    def _interface(self, instance: Instance, interface: NetworkInterface) -> dict[str, str]:
        attachment = interface.attachment
        vpc = self._resources.find(Vpc, interface.subnet.arn._replace(resource=f"vpc/{interface.subnet.vpc_id}"))
        return {
            "device-number": str(attachment.device_index if attachment else 0),
            "interface-id": interface.id,
            "local-hostname": interface.private_dns_name,
            "local-ipv4s": interface.private_ip,
            "mac": interface.mac_address,
            "owner-id": interface.account,
            "security-group-ids": "\n".join(group.id for group in interface.groups),
            "security-groups": "\n".join(group.name for group in interface.groups),
            "subnet-id": interface.subnet.id,
            "subnet-ipv4-cidr-block": interface.subnet.cidr,
            "vpc-id": interface.subnet.vpc_id,
            **({"vpc-ipv4-cidr-block": vpc.cidr, "vpc-ipv4-cidr-blocks": vpc.cidr} if vpc is not None else {}),
            **_public(instance, interface, plural="s"),
        }


def _addresses(instance: Instance, primary: NetworkInterface) -> dict[str, str]:
    return {
        "hostname": primary.private_dns_name,
        "local-hostname": primary.private_dns_name,
        "local-ipv4": primary.private_ip,
        "mac": primary.mac_address,
        "security-groups": "\n".join(group.name for group in primary.groups),
        **_public(instance, primary),
    }


def _public(instance: Instance, interface: NetworkInterface, plural: str = "") -> dict[str, str]:
    """The public address, where there is one, and its name, where the VPC gives names."""
    if interface.public_ip is None:
        return {}
    name = interface.public_dns_name(has_hostnames=instance.has_hostnames)
    return {f"public-ipv4{plural}": interface.public_ip, **({"public-hostname": name} if name else {})}


def _identity(instance: Instance) -> dict[str, Any]:
    """The instance identity document. Source: EC2 user guide, instance-identity-documents."""
    return {
        "accountId": instance.account,
        "architecture": instance.architecture,
        "availabilityZone": instance.zone,
        "billingProducts": None,
        "devpayProductCodes": None,
        "marketplaceProductCodes": None,
        "imageId": instance.image_id,
        "instanceId": instance.id,
        "instanceType": instance.type,
        "kernelId": None,
        "pendingTime": instance.launched_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "privateIp": instance.primary.private_ip if instance.primary else None,
        "ramdiskId": None,
        "region": instance.arn.region,
        "version": IDENTITY_VERSION,
    }
