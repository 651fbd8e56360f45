"""The volumes that RunInstances makes: those of the image, as its block device mappings change them."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, NotMocked, StrMap, error

from .failures import MissingParameter
from .image import Image
from .instance import Instance
from .volume import VolumeAttachment, make_volume

InvalidBlockDeviceMapping = error("InvalidBlockDeviceMapping", status=400)

ACTED_ON = {"DeleteOnTermination", "Encrypted", "Iops", "KmsKeyId", "Throughput", "VolumeSize", "VolumeType"}
Ebs = dict[str, Any]


def planned_devices(image: Image | None, mappings: list[dict[str, Any]]) -> dict[str, Ebs]:
    """Device name to `Ebs` of each volume that a launch makes."""
    devices = {each["DeviceName"]: dict(each["Ebs"]) for each in (image.devices if image else []) if "Ebs" in each}
    for mapping in mappings:
        name = mapping.get("DeviceName", "")
        if "NoDevice" in mapping:
            devices.pop(name, None)
        elif "Ebs" in mapping:
            devices[name] = devices.get(name, {}) | mapping["Ebs"]
    return devices


def checked_devices(call: Call, image: Image, mappings: list[dict[str, Any]]) -> dict[str, Ebs]:
    """As `planned_devices`; warns of what has no effect. Raises InvalidBlockDeviceMapping for what is too small."""
    call.ignores(*("BlockDeviceMappings.VirtualName" for each in mappings if "VirtualName" in each))
    call.ignores(
        *(
            f"BlockDeviceMappings.Ebs.{name}"
            for each in mappings
            for name in each.get("Ebs", {})
            if name not in ACTED_ON
        )
    )
    devices = planned_devices(image, mappings)
    for each in image.devices:
        smallest = each.get("Ebs", {}).get("VolumeSize", 0)
        wanted = devices.get(each["DeviceName"], {}).get("VolumeSize", smallest)
        if wanted < smallest:
            raise InvalidBlockDeviceMapping(
                f"Volume of size {wanted}GB is smaller than snapshot of {image.id}, expect size >= {smallest}GB"
            )
    for name, ebs in devices.items():
        if "VolumeSize" not in ebs:
            if "SnapshotId" in ebs:
                raise NotMocked(f"iamsim has no snapshots yet: say the VolumeSize of {name}")
            raise MissingParameter("The request must contain the parameter size or snapshotId")
    return devices


def attach_volumes(call: Call, instance: Instance, devices: dict[str, Ebs], tags: StrMap) -> None:
    """Give `instance` its volumes."""
    for name, ebs in devices.items():
        volume = make_volume(
            call,
            zone=instance.zone,
            zone_id=instance.subnet.zone_id,
            size_gib=ebs["VolumeSize"],
            kind=ebs.get("VolumeType", "gp2"),
            iops=ebs.get("Iops"),
            throughput=ebs.get("Throughput"),
            encrypted=ebs.get("Encrypted", False),
            kms_key=ebs.get("KmsKeyId"),
            tags=dict(tags),
        )
        volume.attachment = VolumeAttachment(
            instance.id, name, instance.launched_at, delete_on_termination=ebs.get("DeleteOnTermination", True)
        )
        instance.volumes[name] = volume
