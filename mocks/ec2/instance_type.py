"""Instance types: what a few of AWS's are like. An instance may be of any type that AWS has."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .data import table
from .describing import page
from .failures import InvalidParameterValue
from .filters import Described, Filters, matching

InvalidInstanceType = error("InvalidInstanceType", status=400)

FILTERS = {
    "instance-type": "InstanceType",
    "current-generation": "CurrentGeneration",
    "free-tier-eligible": "FreeTierEligible",
    "bare-metal": "BareMetal",
    "hypervisor": "Hypervisor",
    "burstable-performance-supported": "BurstablePerformanceSupported",
    "processor-info.supported-architecture": "ProcessorInfo.SupportedArchitectures",
    "vcpu-info.default-vcpus": "VCpuInfo.DefaultVCpus",
    "vcpu-info.default-cores": "VCpuInfo.DefaultCores",
    "memory-info.size-in-mib": "MemoryInfo.SizeInMiB",
    "network-info.network-performance": "NetworkInfo.NetworkPerformance",
    "supported-root-device-type": "SupportedRootDeviceTypes",
    "supported-usage-class": "SupportedUsageClasses",
    "supported-virtualization-type": "SupportedVirtualizationTypes",
}


def checked_type(call: Call, name: str) -> str:
    """`name`, if AWS has such a type. Raises InvalidParameterValue. Source of the names: botocore's model."""
    if name not in call.operation.model.service_model.shape_for("InstanceType").enum:
        raise InvalidParameterValue(f"Invalid value '{name}' for InstanceType.")
    return name


def cpu_options(name: str) -> dict[str, int] | None:
    """`CpuOptions` of an instance of that type; None for a type that is not in the table."""
    facts = table("instance_types").get(name)
    if facts is None:
        return None
    cores = int(facts["cores"])
    return {"CoreCount": cores, "ThreadsPerCore": int(facts["vcpus"]) // cores}


def architectures(name: str) -> list[str] | None:
    """The architectures of that type; None for a type that is not in the table."""
    facts = table("instance_types").get(name)
    return None if facts is None else list(facts["arch"])


@operation
def describe_instance_types(
    call: Call, *, instance_types: list[str] | None = None, filters: Filters | None = None
) -> Reply:
    """Those of the table. Raises InvalidInstanceType for any other."""
    known = table("instance_types")
    unknown = [name for name in instance_types or () if name not in known]
    if unknown:
        raise InvalidInstanceType(f"The following supplied instance types do not exist: [{', '.join(unknown)}]")
    described = [
        _described(name, facts) for name, facts in known.items() if not instance_types or name in instance_types
    ]
    return page(call, matching(call, described, filters, FILTERS))


def _described(name: str, facts: dict[str, Any]) -> Described:
    vcpus, cores = int(facts["vcpus"]), int(facts["cores"])
    return {
        "InstanceType": name,
        "CurrentGeneration": "old" not in facts,
        "FreeTierEligible": "free" in facts,
        "SupportedUsageClasses": ["on-demand", "spot"],
        "SupportedRootDeviceTypes": ["ebs"],
        "SupportedVirtualizationTypes": ["hvm"],
        "BareMetal": False,
        "Hypervisor": facts.get("hypervisor", "nitro"),
        "ProcessorInfo": {"SupportedArchitectures": list(facts["arch"])},
        "VCpuInfo": {"DefaultVCpus": vcpus, "DefaultCores": cores, "DefaultThreadsPerCore": vcpus // cores},
        "MemoryInfo": {"SizeInMiB": int(facts["mib"])},
        "InstanceStorageSupported": False,
        "NetworkInfo": {
            "NetworkPerformance": facts["network"],
            "MaximumNetworkInterfaces": int(facts["interfaces"]),
            "Ipv4AddressesPerInterface": int(facts["addresses"]),
        },
        "BurstablePerformanceSupported": name.startswith("t"),
    }
