"""DescribeContinuousBackups, UpdateContinuousBackups: the backups are always on, point-in-time recovery if asked."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error

from .failures import operation
from .table import Table

TableNotFoundException = error("TableNotFoundException")

DEFAULT_DAYS = 35
LATEST_S = 300  # the latest moment that a table can be restored to is five minutes ago
DAY_S = 24 * 3600


@operation
def describe_continuous_backups(call: Call, table: Table | None) -> Reply:
    return _description(call, _existing(call, table))


@operation
def update_continuous_backups(
    call: Call, table: Table | None, *, point_in_time_recovery_specification: dict[str, Any]
) -> Reply:
    table = _existing(call, table)
    if point_in_time_recovery_specification["PointInTimeRecoveryEnabled"]:
        table.recovery_since = table.recovery_since or call.clock.now()
        table.recovery_days = point_in_time_recovery_specification.get("RecoveryPeriodInDays", DEFAULT_DAYS)
    else:
        table.recovery_since = None
    return _description(call, table)


def _existing(call: Call, table: Table | None) -> Table:
    if table is None:
        raise TableNotFoundException(f"Table not found: {call.arn.resource.removeprefix('table/')}")
    return table


def _description(call: Call, table: Table) -> Reply:
    recovery: dict[str, Any] = {"PointInTimeRecoveryStatus": "DISABLED"}
    if table.recovery_since is not None:
        now = call.clock.now()
        recovery = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": table.recovery_days,
            "EarliestRestorableDateTime": max(table.recovery_since, now - table.recovery_days * DAY_S),
            "LatestRestorableDateTime": max(table.recovery_since, now - LATEST_S),
        }
    return {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": recovery,
        }
    }
