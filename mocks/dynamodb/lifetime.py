"""UpdateTimeToLive and DescribeTimeToLive; what becomes of the items is in `time_to_live`."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply

from .failures import operation
from .invalid import Invalid
from .table import Table


@operation
def update_time_to_live(call: Call, table: Table, *, time_to_live_specification: dict[str, Any]) -> Reply:
    """Raises ValidationException if nothing would change, or another attribute is in use."""
    attribute, enabled = time_to_live_specification["AttributeName"], time_to_live_specification["Enabled"]
    now = call.clock.now()
    table.sweep(now)
    current = table.time_to_live
    if enabled and current is not None:
        if current.attribute == attribute:
            raise Invalid("TimeToLive is already enabled")
        raise Invalid(
            f"TimeToLive is active on a different AttributeName: current AttributeName is {current.attribute}"
        )
    if not enabled:
        if current is None:
            raise Invalid("TimeToLive is already disabled")
        if current.attribute != attribute:
            raise Invalid(
                f"TimeToLive is active on a different AttributeName: current AttributeName is {current.attribute}"
            )
        table.time_to_live = None
    else:
        table.watch_expiry(attribute, now)
    return {"TimeToLiveSpecification": time_to_live_specification}


@operation
def describe_time_to_live(call: Call, table: Table) -> Reply:
    if table.time_to_live is None:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    shown = {"TimeToLiveStatus": "ENABLED", "AttributeName": table.time_to_live.attribute}
    return {"TimeToLiveDescription": shown}
