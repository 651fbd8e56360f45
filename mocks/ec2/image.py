"""Images (AMIs): the public ones that are there from the start, and those that somebody made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call, Cloud, Reply, error, operation

from .data import table
from .describing import find_all, page
from .filters import Described, Filters, matching
from .resource import Ec2Resource

InvalidAMIIDNotFound = error("InvalidAMIID.NotFound", status=400)

FILTERS = {
    "architecture": "Architecture",
    "block-device-mapping.delete-on-termination": "BlockDeviceMappings.Ebs.DeleteOnTermination",
    "block-device-mapping.device-name": "BlockDeviceMappings.DeviceName",
    "block-device-mapping.encrypted": "BlockDeviceMappings.Ebs.Encrypted",
    "block-device-mapping.volume-size": "BlockDeviceMappings.Ebs.VolumeSize",
    "block-device-mapping.volume-type": "BlockDeviceMappings.Ebs.VolumeType",
    "boot-mode": "BootMode",
    "creation-date": "CreationDate",
    "description": "Description",
    "ena-support": "EnaSupport",
    "hypervisor": "Hypervisor",
    "image-id": "ImageId",
    "image-type": "ImageType",
    "is-public": "Public",
    "name": "Name",
    "owner-alias": "ImageOwnerAlias",
    "owner-id": "OwnerId",
    "platform": "Platform",
    "root-device-name": "RootDeviceName",
    "root-device-type": "RootDeviceType",
    "source-instance-id": "SourceInstanceId",
    "sriov-net-support": "SriovNetSupport",
    "state": "State",
    "virtualization-type": "VirtualizationType",
}


@dataclass
class Image(Ec2Resource, kind="image"):
    """One image. Its ARN has no account, so its owner stands beside it."""

    owner: str = ""
    owner_alias: str | None = None
    name: str = ""
    description: str = ""
    created: str = ""  # as EC2 writes it: 2024-03-21T00:00:00.000Z
    architecture: str = "x86_64"
    platform: str | None = None
    boot_mode: str | None = None
    is_public: bool = False
    root_device: str = "/dev/xvda"
    devices: list[dict[str, Any]] = field(default_factory=list)  # BlockDeviceMappings
    source_instance: str | None = None

    @property
    def account(self) -> str:
        return self.owner

    def condition_keys(self) -> dict[str, Any]:
        return {
            "ec2:ImageID": self.id,
            "ec2:ImageType": "machine",
            "ec2:Owner": self.owner_alias or self.owner,
            "ec2:Public": "true" if self.is_public else "false",
            "ec2:RootDeviceType": "ebs",
        }

    def is_visible_to(self, account: str) -> bool:
        return self.is_public or self.owner == account


def save_public_images(call: Call) -> None:
    """Keep the public images of the call's region, if they are not there yet."""
    for each in table("images"):
        if call.find(Image, call.make_arn("image", id=each["id"])) is not None:
            return
        call.save(public_image(call, each))


def public_image(call: Call, facts: Mapping[str, Any]) -> Image:
    """A public image of Amazon's in the call's region; `facts` are in the form of images.yaml."""
    root = facts.get("root_device", "/dev/xvda")
    ebs = {
        "VolumeSize": int(facts.get("size", 8)),
        "VolumeType": facts.get("volume_type", "gp3"),
        "DeleteOnTermination": True,
        "Encrypted": False,
    }
    return Image(
        call.make_arn("image", id=facts["id"]),
        owner=facts["owner"],
        owner_alias="amazon",
        name=facts["name"],
        description=facts["description"],
        created=facts["created"],
        architecture=facts.get("architecture", "x86_64"),
        platform=facts.get("platform"),
        boot_mode=facts.get("boot_mode"),
        is_public=True,
        root_device=root,
        devices=[{"DeviceName": root, "Ebs": ebs}],
    )


@operation
def describe_images(
    call: Call,
    *,
    image_ids: list[str] | None = None,
    owners: list[str] | None = None,
    executable_users: list[str] | None = None,
    filters: Filters | None = None,
) -> Reply:
    """The caller's images and the public ones. `owners` are accounts, `self` or an alias such as `amazon`."""
    found = find_all(call, Image, image_ids) if image_ids else list(_in_region(call.cloud, call.region))
    visible = [image for image in found if image.is_visible_to(call.account)]
    if image_ids and len(visible) < len(found):
        hidden = ", ".join(image.id for image in found if image not in visible)
        raise InvalidAMIIDNotFound(f"The image id '[{hidden}]' does not exist")
    if owners:
        wanted = {call.account if owner == "self" else owner for owner in owners}
        visible = [image for image in visible if wanted & {image.owner, image.owner_alias}]
    if executable_users:
        users = set(executable_users)
        visible = [
            image
            for image in visible
            if ("all" in users and image.is_public) or ("self" in users and not image.is_public)
        ]
    return page(call, matching(call, [described(image) for image in visible], filters, FILTERS))


def described(image: Image) -> Described:
    windows = image.platform == "windows"
    reply = {
        "ImageId": image.id,
        "ImageLocation": f"{image.owner_alias or image.owner}/{image.name}",
        "ImageType": "machine",
        "ImageOwnerAlias": image.owner_alias,
        "OwnerId": image.owner,
        "Name": image.name,
        "Description": image.description,
        "CreationDate": image.created,
        "Public": image.is_public,
        "State": "available",
        "Architecture": image.architecture,
        "Platform": image.platform,
        "PlatformDetails": "Windows" if windows else "Linux/UNIX",
        "UsageOperation": "RunInstances:0002" if windows else "RunInstances",
        "BootMode": image.boot_mode,
        "BlockDeviceMappings": image.devices,
        "RootDeviceName": image.root_device,
        "RootDeviceType": "ebs",
        "VirtualizationType": "hvm",
        "Hypervisor": "xen",
        "EnaSupport": True,
        "SriovNetSupport": "simple",
        "SourceInstanceId": image.source_instance,
        **image.tags_if_any(),
    }
    return {name: value for name, value in reply.items() if value not in (None, [])}


def _in_region(cloud: Cloud, region: str) -> Iterator[Image]:
    return (image for image in cloud.resources.everywhere(Image) if image.arn.region == region)
