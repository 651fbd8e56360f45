"""RunInstances."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from iamsim.kit import Call, Reply, StrMap, error, operation

from .client_token import made_before, remember
from .data import table
from .describing import find_all
from .failures import InvalidParameterValue, MissingParameter
from .filters import Described
from .ids import new_id
from .image import Image, InvalidAMIIDNotFound, public_image
from .instance import METADATA_OPTIONS, Instance, Reservation, described, described_state
from .instance_profile import checked_profile
from .instance_type import architectures, checked_type
from .key_pair import KeyPair
from .launch_devices import attach_volumes, checked_devices
from .launch_network import Interface, attach_interfaces, launch_network
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import Vpc

InvalidUserDataMalformed = error("InvalidUserData.Malformed", status=400)

MAX_USER_DATA_BYTES = 16_384
TAGGED = ("instance", "volume", "network-interface")


@operation
def run_instances(
    call: Call,
    *,
    min_count: int,
    max_count: int,
    image_id: str | None = None,
    instance_type: str = "m1.small",
    key_name: str | None = None,
    security_groups: list[str] | None = None,
    security_group_ids: list[str] | None = None,
    subnet_id: str | None = None,
    private_ip_address: str | None = None,
    network_interfaces: list[Interface] | None = None,
    placement: dict[str, Any] | None = None,
    iam_instance_profile: StrMap | None = None,
    user_data: str | None = None,
    block_device_mappings: list[dict[str, Any]] | None = None,
    metadata_options: dict[str, Any] | None = None,
    ebs_optimized: bool = False,
    monitoring: dict[str, bool] | None = None,
    disable_api_termination: bool = False,
    disable_api_stop: bool = False,
    instance_initiated_shutdown_behavior: str = "stop",
    client_token: str = "",
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """`max_count` instances, `pending` in this reply and `running` from then on.

    The same client token gets the same instances again. Raises IdempotentParameterMismatch if the rest differs.
    """
    earlier = made_before(call)
    if earlier:
        return _reply(find_all(call, Instance, earlier))
    if not 1 <= min_count <= max_count:
        raise InvalidParameterValue(
            f"Value ({min_count}) for parameter minCount is invalid. Must be at least 1 and no more than maxCount."
        )
    image = _image(call, image_id, instance_type)
    devices = checked_devices(call, image, block_device_mappings or [])
    kind = _type(call, instance_type, image)
    if key_name is not None:
        call.get(KeyPair, name=key_name)
    profile, profile_id = checked_profile(call, iam_instance_profile) if iam_instance_profile else (None, "")
    tags = tags_at_creation(tag_specifications, *TAGGED)
    call.ignores(*(f"Monitoring.{name}" for name in monitoring or {} if name != "Enabled"))
    where = placement or {}
    call.ignores(*(f"Placement.{name}" for name in where if name not in ("AvailabilityZone", "GroupName", "Tenancy")))
    network = launch_network(
        call, subnet_id, security_group_ids, security_groups, private_ip_address, network_interfaces, where
    )
    network.check_room(max_count)
    vpc = call.find(Vpc, id=network.subnet.vpc_id)
    reservation = Reservation(f"r-{call.clock.new_token(17)}", call.account, client_token)
    data = _checked_user_data(user_data)
    made = []
    for index in range(max_count):
        instance = Instance(
            call.make_arn("instance", id=new_id(call, "instance")),
            dict(tags["instance"]),
            reservation=reservation,
            subnet=network.subnet,
            launched_at=call.clock.today(),
            image_id=image.id,
            type=kind,
            launch_index=index,
            key_name=key_name,
            architecture=image.architecture,
            platform=image.platform,
            boot_mode=image.boot_mode,
            root_device=image.root_device,
            profile=profile,
            profile_id=profile_id,
            user_data=data,
            tenancy=where.get("Tenancy", "default"),
            placement_group=where.get("GroupName", ""),
            ebs_optimized=ebs_optimized,
            is_monitored=bool((monitoring or {}).get("Enabled")),
            disable_api_termination=disable_api_termination,
            disable_api_stop=disable_api_stop,
            shutdown_behavior=instance_initiated_shutdown_behavior,
            metadata_options=METADATA_OPTIONS | (metadata_options or {}),
            has_hostnames=vpc is not None and vpc.dns_hostnames,
        )
        attach_interfaces(call, instance, network, tags["network-interface"])
        attach_volumes(call, instance, devices, tags["volume"])
        made.append(call.save(instance))
    remember(call, *(instance.id for instance in made))
    return _reply(made)


def _reply(made: list[Instance]) -> Reply:
    reservation = made[0].reservation
    return {
        "ReservationId": reservation.id,
        "OwnerId": reservation.account,
        "Groups": [],
        "Instances": [described(instance) | _on_the_way(instance) for instance in made],
    }


def _on_the_way(instance: Instance) -> Described:
    """The state that only the answer to a launch shows."""
    state = {"running": "pending", "stopped": "stopping", "terminated": "shutting-down"}[instance.state]
    reason = {"StateReason": {"Code": "pending", "Message": "pending"}} if state == "pending" else {}
    return {"State": described_state(state)} | reason


def _image(call: Call, image_id: str | None, instance_type: str) -> Image:
    if image_id is None:
        raise MissingParameter("The request must contain the parameter ImageId")
    image = call.find(Image, id=image_id) or _assumed_image(call, image_id, instance_type)
    if not image.is_visible_to(call.account):
        raise InvalidAMIIDNotFound(f"The image id '[{image_id}]' does not exist")
    return image


def _assumed_image(call: Call, image_id: str, instance_type: str) -> Image:
    """AWS has millions of public images that a simulator cannot know: this one is taken to be a plain Linux image."""
    call.assumes(f"the image `{image_id}` is not known here: it is taken to be a public Linux image")
    possible = architectures(instance_type) or ["x86_64"]
    facts = {**table("images")[0], "id": image_id, "name": image_id, "description": "", "architecture": possible[-1]}
    return call.save(public_image(call, facts))


def _type(call: Call, name: str, image: Image) -> str:
    """The type, if there is one of that name and the image can run on it."""
    kind = checked_type(call, name)
    possible = architectures(kind)
    if possible is not None and image.architecture not in possible:
        raise InvalidParameterValue(
            f"The architecture '{','.join(possible)}' of the specified instance type does not match the architecture "
            f"'{image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the "
            "architecture of the instance type or AMI."
        )
    return kind


def _checked_user_data(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        raise InvalidUserDataMalformed("Invalid BASE64 encoding of user data.") from None
    if len(data) > MAX_USER_DATA_BYTES:
        raise InvalidParameterValue(f"User data is limited to {MAX_USER_DATA_BYTES} bytes")
    return text
