"""Regions and their availability zones."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .data import table
from .failures import InvalidParameterValue
from .filters import Described, Filters, matching

REGION_FILTERS = {"region-name": "RegionName", "endpoint": "Endpoint", "opt-in-status": "OptInStatus"}
ZONE_FILTERS = {
    "zone-name": "ZoneName",
    "zone-id": "ZoneId",
    "state": "State",
    "region-name": "RegionName",
    "group-name": "GroupName",
    "opt-in-status": "OptInStatus",
    "zone-type": "ZoneType",
}

InvalidRegion = error("InvalidRegion", status=400)


def zones(region: str) -> dict[str, str]:
    """The region's availability zones: name to id, as in `us-east-1a` to `use1-az1`."""
    facts = table("regions").get(region, {"zones": "abc", "id": region})  # which may be newer than the table
    numbers = facts.get("numbers") or [ord(letter) - ord("a") + 1 for letter in facts["zones"]]
    return {f"{region}{letter}": f"{facts['id']}-az{n}" for letter, n in zip(facts["zones"], numbers, strict=True)}


def checked_zone(call: Call, zone: str) -> str:
    """`zone`, if the call's region has it. Raises InvalidParameterValue."""
    if zone not in zones(call.region):
        raise InvalidParameterValue(f"Invalid availability zone: [{zone}]")
    return zone


@operation
def describe_regions(
    call: Call,
    *,
    region_names: list[str] | None = None,
    all_regions: bool = False,
    filters: Filters | None = None,
) -> Reply:
    """The regions of the caller's partition; those that nobody opted in to only with `all_regions` or by name."""
    partition = call.operation.partition
    here = {n: each for n, each in table("regions").items() if each.get("partition", "aws") == partition}
    for name in region_names or ():
        if name not in here:
            raise InvalidParameterValue(f"Invalid region names: [{name}]")
    shown = region_names or [name for name, each in here.items() if all_regions or "opt_in" not in each]
    return {"Regions": matching(call, [_region(call, name, here[name]) for name in shown], filters, REGION_FILTERS)}


@operation
def describe_availability_zones(
    call: Call,
    *,
    zone_names: list[str] | None = None,
    zone_ids: list[str] | None = None,
    filters: Filters | None = None,
) -> Reply:
    """The availability zones of the call's region; local zones are not simulated."""
    here = zones(call.region)
    for name in zone_names or ():
        checked_zone(call, name)
    for zone_id in zone_ids or ():
        if zone_id not in here.values():
            raise InvalidParameterValue(f"Invalid availability zone-id: [{zone_id}]")
    shown = [
        _zone(call, name, zone_id)
        for name, zone_id in here.items()
        if (not zone_names or name in zone_names) and (not zone_ids or zone_id in zone_ids)
    ]
    return {"AvailabilityZones": matching(call, shown, filters, ZONE_FILTERS)}


def _region(call: Call, name: str, facts: dict[str, Any]) -> Described:
    domain = "amazonaws.com.cn" if call.operation.partition == "aws-cn" else "amazonaws.com"
    status = "not-opted-in" if "opt_in" in facts else "opt-in-not-required"
    return {"RegionName": name, "Endpoint": f"ec2.{name}.{domain}", "OptInStatus": status}


def _zone(call: Call, name: str, zone_id: str) -> Described:
    return {
        "ZoneName": name,
        "ZoneId": zone_id,
        "RegionName": call.region,
        "GroupName": f"{call.region}-zg-1",
        "NetworkBorderGroup": call.region,
        "ZoneType": "availability-zone",
        "State": "available",
        "OptInStatus": "opt-in-not-required",
        "Messages": [],
    }
