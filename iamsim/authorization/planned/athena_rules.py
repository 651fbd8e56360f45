"""Amazon Athena: a query runs in a work group, which only Athena knows by the query's id."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The work group in which the query ran; any, if nobody knows."""
    query = asked.get("QueryExecutionId")
    group = asked.meant("athena", "workgroup", query) if query is not None else None
    for check in checks if group is not None else ():
        if check.resource.endswith(":workgroup/*"):
            check.resource = str(group)
    return checks
