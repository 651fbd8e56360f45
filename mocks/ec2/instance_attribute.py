"""Attributes of an instance that can be read and changed one by one."""

from __future__ import annotations

import base64
from typing import Any

from iamsim.kit import Call, NotMocked, Reply, error, operation

from .describing import find_all
from .failures import IncorrectInstanceState, InvalidParameterCombination, InvalidParameterValue
from .instance import Instance, described_devices
from .instance_type import checked_type
from .network_interface import described_groups
from .security_group import SecurityGroup

InvalidInstanceAttributeValue = error("InvalidInstanceAttributeValue", status=400)

Value = dict[str, Any]  # {"Value": ...}
READABLE = {
    "blockDeviceMapping",
    "disableApiStop",
    "disableApiTermination",
    "ebsOptimized",
    "enaSupport",
    "enclaveOptions",
    "groupSet",
    "instanceInitiatedShutdownBehavior",
    "instanceType",
    "kernel",
    "productCodes",
    "ramdisk",
    "rootDeviceName",
    "sourceDestCheck",
    "sriovNetSupport",
    "userData",
}
BY_NAME = {  # as Attribute and Value write them -> the member that says the same
    "instanceType": "instance_type",
    "userData": "user_data",
    "disableApiTermination": "disable_api_termination",
    "disableApiStop": "disable_api_stop",
    "instanceInitiatedShutdownBehavior": "instance_initiated_shutdown_behavior",
    "ebsOptimized": "ebs_optimized",
    "sourceDestCheck": "source_dest_check",
}
FLAGS = {"disable_api_termination", "disable_api_stop", "ebs_optimized", "source_dest_check"}


@operation
def describe_instance_attribute(call: Call, instance: Instance, *, attribute: str) -> Reply:
    if attribute not in READABLE:
        raise InvalidParameterValue(f"Value ({attribute}) for parameter attribute is invalid. Unknown attribute.")
    primary = instance.primary
    values: dict[str, Any] = {
        "blockDeviceMapping": {"BlockDeviceMappings": described_devices(instance)},
        "disableApiStop": {"DisableApiStop": {"Value": instance.disable_api_stop}},
        "disableApiTermination": {"DisableApiTermination": {"Value": instance.disable_api_termination}},
        "ebsOptimized": {"EbsOptimized": {"Value": instance.ebs_optimized}},
        "enaSupport": {"EnaSupport": {"Value": True}},
        "enclaveOptions": {"EnclaveOptions": {"Enabled": False}},
        "groupSet": {"Groups": described_groups(primary.groups) if primary else []},
        "instanceInitiatedShutdownBehavior": {
            "InstanceInitiatedShutdownBehavior": {"Value": instance.shutdown_behavior}
        },
        "instanceType": {"InstanceType": {"Value": instance.type}},
        "kernel": {"KernelId": {}},
        "productCodes": {"ProductCodes": []},
        "ramdisk": {"RamdiskId": {}},
        "rootDeviceName": {"RootDeviceName": {"Value": instance.root_device}},
        "sourceDestCheck": {"SourceDestCheck": {"Value": primary.source_dest_check if primary else True}},
        "sriovNetSupport": {"SriovNetSupport": {"Value": "simple"}},
        "userData": {"UserData": {"Value": instance.user_data} if instance.user_data else {}},
    }
    return {"InstanceId": instance.id, **values[attribute]}


@operation
def modify_instance_attribute(
    call: Call,
    instance: Instance,
    *,
    attribute: str | None = None,
    value: str | None = None,
    instance_type: Value | None = None,
    user_data: Value | None = None,
    disable_api_termination: Value | None = None,
    disable_api_stop: Value | None = None,
    instance_initiated_shutdown_behavior: Value | None = None,
    ebs_optimized: Value | None = None,
    source_dest_check: Value | None = None,
    groups: list[str] | None = None,
) -> None:
    """One attribute at a time. Raises IncorrectInstanceState for what only a stopped instance lets be changed."""
    given: dict[str, Any] = {
        "instance_type": instance_type,
        "user_data": user_data,
        "disable_api_termination": disable_api_termination,
        "disable_api_stop": disable_api_stop,
        "instance_initiated_shutdown_behavior": instance_initiated_shutdown_behavior,
        "ebs_optimized": ebs_optimized,
        "source_dest_check": source_dest_check,
        "groups": groups,
    }
    wanted = {name: each for name, each in given.items() if each is not None}
    if attribute is not None and value is not None:
        if attribute not in BY_NAME:
            raise InvalidParameterValue(f"Value ({attribute}) for parameter attribute is invalid. Unknown attribute.")
        name = BY_NAME[attribute]
        wanted[name] = {"Value": value.lower() == "true" if name in FLAGS else value}
    if not wanted and call.params.keys() - {"InstanceId", "DryRun", "Attribute", "Value"}:
        raise NotMocked("iamsim does not change these attributes of instances yet")
    if not wanted:
        raise InvalidParameterCombination("No attributes specified.")
    if len(wanted) > 1:
        raise InvalidParameterCombination("Fields for multiple attribute types specified")
    name, new = wanted.popitem()
    _set(call, instance, name, new if isinstance(new, list) else new.get("Value"))


def _set(call: Call, instance: Instance, name: str, value: Any) -> None:
    if name in ("instance_type", "user_data", "ebs_optimized") and instance.state != "stopped":
        raise IncorrectInstanceState(f"The instance '{instance.id}' is not in the 'stopped' state.")
    if name == "instance_type":
        instance.type = checked_type(call, value)
    elif name == "user_data":  # botocore has decoded what the caller gave; Attribute and Value carry base64 themselves
        instance.user_data = base64.b64encode(value).decode() if isinstance(value, bytes) else value
    elif name == "disable_api_termination":
        instance.disable_api_termination = value
    elif name == "disable_api_stop":
        instance.disable_api_stop = value
    elif name == "ebs_optimized":
        instance.ebs_optimized = value
    elif name == "instance_initiated_shutdown_behavior":
        if value not in ("stop", "terminate"):
            raise InvalidInstanceAttributeValue(
                f"Value ({value}) for parameter instanceInitiatedShutdownBehavior is invalid."
            )
        instance.shutdown_behavior = value
    elif name == "source_dest_check":
        for interface in instance.interfaces:
            interface.source_dest_check = value
    elif name == "groups":
        found = find_all(call, SecurityGroup, value)
        if instance.primary is not None:
            instance.primary.groups = found
