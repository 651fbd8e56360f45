"""Which region a call goes to: services without regions, such as IAM, are in one of each partition (K section 5)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from iamsim.reference.partitions import partition_of
from iamsim.reference.service_model import loader


def called_region(model: Any, region: str) -> str:
    """The region of the endpoint that a client for `region` calls, as aws:RequestedRegion has it.

    `model` is a botocore.model.ServiceModel.
    """
    return _only_region(model.endpoint_prefix, partition_of(region)) or region


@lru_cache(maxsize=1024)
def _only_region(endpoint_prefix: str, partition: str) -> str | None:
    """Where the service is in the partition if it has no regions there; None if it has."""
    partitions = loader().load_data("endpoints")["partitions"]
    services: dict[str, Any] = next((each["services"] for each in partitions if each["partition"] == partition), {})
    found = services.get(endpoint_prefix, {})
    if found.get("isRegionalized", True):
        return None
    endpoint = found["endpoints"].get(found.get("partitionEndpoint"), {})
    region = endpoint.get("credentialScope", {}).get("region")
    return str(region) if region else None
