"""RDS Performance Insights: ARNs have the service in small letters. Source: RDS User Guide, Performance Insights."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """`metrics/rds/db-...` for the service type `RDS`."""
    kind = str(asked.get("ServiceType") or "")
    for check in checks if kind else ():
        check.resource = check.resource.replace(f"/{kind}/", f"/{kind.lower()}/", 1)
    return checks
