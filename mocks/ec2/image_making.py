"""RegisterImage, CreateImage and DeregisterImage."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .failures import IncorrectInstanceState
from .ids import new_id
from .image import Image
from .instance import Instance
from .tag_specifications import TagSpecifications, tags_at_creation

AuthFailure = error("AuthFailure", status=400)
InvalidAMINameDuplicate = error("InvalidAMIName.Duplicate", status=400)
InvalidAMINameMalformed = error("InvalidAMIName.Malformed", status=400)
ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()[] ./-'@_")


@operation
def register_image(
    call: Call,
    *,
    name: str,
    description: str = "",
    architecture: str = "i386",
    root_device_name: str = "/dev/xvda",
    block_device_mappings: list[dict[str, Any]] | None = None,
    boot_mode: str | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """The id of a new image of the caller. Snapshots that it names are not looked up."""
    return _make(
        call,
        name,
        tag_specifications,
        description=description,
        architecture=architecture,
        root_device=root_device_name,
        devices=list(block_device_mappings or []),
        boot_mode=boot_mode,
    )


@operation
def create_image(
    call: Call,
    instance: Instance,
    *,
    name: str,
    description: str = "",
    block_device_mappings: list[dict[str, Any]] | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """The id of a new image with the instance's volumes; it is available at once and has no snapshots."""
    if instance.state not in ("running", "stopped"):
        raise IncorrectInstanceState(f"The instance '{instance.id}' is not in the 'running' or 'stopped' state.")
    devices = {
        device: {
            "DeviceName": device,
            "Ebs": {
                "VolumeSize": volume.size_gib,
                "VolumeType": volume.type,
                "Encrypted": volume.encrypted,
                "DeleteOnTermination": volume.attachment is not None and volume.attachment.delete_on_termination,
            },
        }
        for device, volume in instance.volumes.items()
    }
    for mapping in block_device_mappings or ():
        if "NoDevice" in mapping:
            devices.pop(mapping["DeviceName"], None)
        else:
            devices[mapping["DeviceName"]] = mapping
    return _make(
        call,
        name,
        tag_specifications,
        description=description,
        architecture=instance.architecture,
        platform=instance.platform,
        root_device=instance.root_device,
        devices=list(devices.values()),
        source_instance=instance.id,
    )


@operation
def deregister_image(call: Call, image: Image) -> Reply:
    if image.owner != call.account:
        raise AuthFailure(f"Not authorized for image:{image.id}")
    call.delete(image)
    return {"Return": True}


def _make(call: Call, name: str, tags: TagSpecifications | None, **facts: Any) -> Reply:
    if not 3 <= len(name) <= 128 or not ALLOWED.issuperset(name):
        raise InvalidAMINameMalformed(
            "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, "
            "'(', ')', '.', '-', '/' and '_'"
        )
    for image in call.all(Image):
        if image.name == name:
            raise InvalidAMINameDuplicate(f"AMI name {name} is already in use by AMI {image.id}")
    image = Image(
        call.make_arn("image", id=new_id(call, "image")),
        tags_at_creation(tags, "image", "snapshot")["image"],
        owner=call.account,
        name=name,
        created=call.clock.today().strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        **facts,
    )
    return {"ImageId": call.save(image).id}
