"""Making, describing, attaching and deleting volumes. A change of state is done when the call returns."""

from __future__ import annotations

from iamsim.kit import Call, Reply, error, operation

from .client_token import made_before, remember
from .describing import describe
from .failures import InvalidParameterValue, MissingParameter, OperationNotPermitted
from .filters import Filters
from .instance import Instance
from .region import checked_zone, zones
from .tag_specifications import TagSpecifications, tags_at_creation
from .volume import Volume, VolumeAttachment, described, described_attachment, make_volume

IncorrectState = error("IncorrectState", status=400)
InvalidAttachmentNotFound = error("InvalidAttachment.NotFound", status=400)
InvalidSnapshotNotFound = error("InvalidSnapshot.NotFound", status=400)
InvalidVolumeZoneMismatch = error("InvalidVolume.ZoneMismatch", status=400)
VolumeInUse = error("VolumeInUse", status=400)

FILTERS = {
    "attachment.attach-time": "Attachments.AttachTime",
    "attachment.delete-on-termination": "Attachments.DeleteOnTermination",
    "attachment.device": "Attachments.Device",
    "attachment.instance-id": "Attachments.InstanceId",
    "attachment.status": "Attachments.State",
    "availability-zone": "AvailabilityZone",
    "availability-zone-id": "AvailabilityZoneId",
    "create-time": "CreateTime",
    "encrypted": "Encrypted",
    "multi-attach-enabled": "MultiAttachEnabled",
    "size": "Size",
    "snapshot-id": "SnapshotId",
    "status": "State",
    "volume-id": "VolumeId",
    "volume-type": "VolumeType",
}


@operation
def create_volume(
    call: Call,
    *,
    availability_zone: str | None = None,
    availability_zone_id: str | None = None,
    size: int | None = None,
    snapshot_id: str | None = None,
    volume_type: str = "gp2",
    iops: int | None = None,
    throughput: int | None = None,
    encrypted: bool = False,
    kms_key_id: str | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """A new volume; the reply says `creating`, the next description `available`."""
    earlier = made_before(call)
    if earlier:
        return described(call.get(Volume, id=earlier[0]))
    here = zones(call.region)
    zone = availability_zone or next((name for name, i in here.items() if i == availability_zone_id), None)
    if zone is None:
        raise MissingParameter("The request must contain the parameter availabilityZone")
    if snapshot_id is not None:  # there are none
        raise InvalidSnapshotNotFound(f"The snapshot '{snapshot_id}' does not exist.")
    if size is None:
        raise MissingParameter("The request must contain the parameter size/snapshot")
    volume = make_volume(
        call,
        zone=checked_zone(call, zone),
        zone_id=here[zone],
        size_gib=size,
        kind=volume_type,
        iops=iops,
        throughput=throughput,
        encrypted=encrypted,
        kms_key=kms_key_id,
        tags=tags_at_creation(tag_specifications, "volume")["volume"],
    )
    remember(call, volume.id)
    reply = described(volume) | {"State": "creating"}
    del reply["Attachments"]
    return reply


@operation
def describe_volumes(call: Call, *, volume_ids: list[str] | None = None, filters: Filters | None = None) -> Reply:
    return describe(call, Volume, volume_ids, filters, FILTERS, described)


@operation
def delete_volume(call: Call, volume: Volume) -> None:
    """Raises VolumeInUse while an instance has it."""
    if volume.attachment is not None:
        raise VolumeInUse(f"Volume {volume.id} is currently attached to {volume.attachment.instance_id}")
    call.delete(volume)


@operation
def attach_volume(call: Call, volume: Volume, instance: Instance, *, device: str) -> Reply:
    """Raises IncorrectState, InvalidVolume.ZoneMismatch, or VolumeInUse."""
    if instance.state not in ("running", "stopped"):
        raise IncorrectState(f"Instance '{instance.id}' is not 'running'.")
    if volume.attachment is not None:
        raise VolumeInUse(f"{volume.id} is already attached to an instance")
    if volume.zone != instance.zone:
        raise InvalidVolumeZoneMismatch(
            f"The volume '{volume.id}' is not in the same availability zone as instance '{instance.id}'"
        )
    if device in instance.volumes:
        raise InvalidParameterValue(
            f"Invalid value '{device}' for unixDevice. Attachment point {device} is already in use"
        )
    volume.attachment = VolumeAttachment(instance.id, device, call.clock.today())
    instance.volumes[device] = volume
    return described_attachment(volume, volume.attachment, "attaching")


@operation
def detach_volume(
    call: Call, volume: Volume, *, instance_id: str | None = None, device: str | None = None, force: bool = False
) -> Reply:
    """Raises IncorrectState for a volume that no instance has, InvalidAttachment.NotFound for another one.

    `force` changes nothing: no file system here is in use.
    """
    attachment = volume.attachment
    if attachment is None:
        raise IncorrectState(f"Volume '{volume.id}' is in the 'available' state.")
    if instance_id not in (None, attachment.instance_id) or device not in (None, attachment.device):
        raise InvalidAttachmentNotFound(
            f"The volume '{volume.id}' is not attached to instance '{instance_id or attachment.instance_id}'"
            + (f" as device {device}" if device else "")
        )
    holder = call.get(Instance, id=attachment.instance_id)
    if holder.state == "running" and attachment.device == holder.root_device:
        raise OperationNotPermitted(f"Unable to detach root volume '{volume.id}' from instance '{holder.id}'")
    del holder.volumes[attachment.device]
    volume.attachment = None
    return described_attachment(volume, attachment, "detaching")
