"""EBS volumes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iamsim.kit import Call, StrMap

from .failures import InvalidParameterCombination, InvalidParameterValue
from .filters import Described
from .ids import new_id
from .resource import Ec2Resource

# type -> smallest and largest size in GiB, IOPS if none are asked for. Source: EBS User Guide, volume types.
TYPES = {
    "gp2": (1, 16_384, 100),
    "gp3": (1, 65_536, 3_000),
    "io1": (4, 16_384, None),
    "io2": (4, 65_536, None),
    "st1": (125, 16_384, None),
    "sc1": (125, 16_384, None),
    "standard": (1, 1_024, None),
}
GP3_THROUGHPUT_MIBPS = 125


@dataclass
class VolumeAttachment:
    """A volume on an instance."""

    instance_id: str
    device: str
    attached_at: datetime
    delete_on_termination: bool = False


@dataclass
class Volume(Ec2Resource, kind="volume"):
    """One volume; one instance at most has it."""

    zone: str = ""
    zone_id: str = ""
    size_gib: int = 8
    type: str = "gp2"
    iops: int | None = None
    throughput: int | None = None  # MiB/s
    encrypted: bool = False
    kms_key: str | None = None
    created_at: datetime = field(kw_only=True)
    attachment: VolumeAttachment | None = None

    def condition_keys(self) -> dict[str, Any]:
        keys: dict[str, Any] = {"ec2:VolumeID": self.id, "ec2:AvailabilityZone": self.zone}
        return keys | volume_keys(self.size_gib, self.type, self.iops, self.throughput, encrypted=self.encrypted)


def volume_keys(
    size_gib: int | None, kind: str, iops: int | None, throughput: int | None, *, encrypted: bool
) -> dict[str, Any]:
    """The condition keys of a volume that is there or will be."""
    numbers = {"ec2:VolumeSize": size_gib, "ec2:VolumeIops": iops, "ec2:VolumeThroughput": throughput}
    keys: dict[str, Any] = {name: str(value) for name, value in numbers.items() if value is not None}
    return keys | {"ec2:VolumeType": kind, "ec2:Encrypted": "true" if encrypted else "false"}


def make_volume(
    call: Call,
    *,
    zone: str,
    zone_id: str,
    size_gib: int,
    kind: str,
    tags: StrMap,
    iops: int | None = None,
    throughput: int | None = None,
    encrypted: bool = False,
    kms_key: str | None = None,
) -> Volume:
    """A new volume. Raises InvalidParameterValue or InvalidParameterCombination for what no volume can be."""
    if kind not in TYPES:
        raise InvalidParameterValue(f"Volume type '{kind}' is not supported.")
    smallest, largest, default_iops = TYPES[kind]
    if not smallest <= size_gib <= largest:
        raise InvalidParameterValue(
            f"Volume of {size_gib}GiB is {'smaller' if size_gib < smallest else 'larger'} than the "
            f"{'minimum' if size_gib < smallest else 'maximum'} of {smallest if size_gib < smallest else largest}GiB "
            f"for {kind} volumes."
        )
    if iops is not None and kind not in ("gp3", "io1", "io2"):
        raise InvalidParameterCombination(f"The parameter iops is not supported for {kind} volumes.")
    if iops is None and kind in ("io1", "io2"):
        raise InvalidParameterCombination(f"The parameter iops must be specified for {kind} volumes.")
    if throughput is not None and kind != "gp3":
        raise InvalidParameterCombination(f"The parameter throughput is not supported for {kind} volumes.")
    if kind == "gp2":
        default_iops = min(max(100, 3 * size_gib), 16_000)
    return call.save(
        Volume(
            call.make_arn("volume", id=new_id(call, "volume")),
            tags,
            zone=zone,
            zone_id=zone_id,
            size_gib=size_gib,
            type=kind,
            iops=default_iops if iops is None else iops,
            throughput=(throughput or GP3_THROUGHPUT_MIBPS) if kind == "gp3" else None,
            encrypted=encrypted or kms_key is not None,
            kms_key=kms_key,
            created_at=call.clock.today(),
        )
    )


def described(volume: Volume) -> Described:
    reply = {
        "VolumeId": volume.id,
        "VolumeArn": str(volume.arn),
        "OwnerId": volume.account,
        "AvailabilityZone": volume.zone,
        "AvailabilityZoneId": volume.zone_id,
        "Size": volume.size_gib,
        "VolumeType": volume.type,
        "Iops": volume.iops,
        "Throughput": volume.throughput,
        "Encrypted": volume.encrypted,
        "KmsKeyId": volume.kms_key,
        "SnapshotId": "",
        "MultiAttachEnabled": False,
        "State": "in-use" if volume.attachment else "available",
        "CreateTime": volume.created_at,
        "Attachments": [described_attachment(volume, volume.attachment, "attached")] if volume.attachment else [],
        **volume.tags_if_any(),
    }
    return {name: value for name, value in reply.items() if value is not None}


def described_attachment(volume: Volume, attachment: VolumeAttachment, state: str) -> Described:
    return {
        "VolumeId": volume.id,
        "InstanceId": attachment.instance_id,
        "Device": attachment.device,
        "State": state,
        "AttachTime": attachment.attached_at,
        "DeleteOnTermination": attachment.delete_on_termination,
    }
