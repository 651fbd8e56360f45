"""Application Auto Scaling: a scalable target has an id of its own, which is not the resource's.

Source: Application Auto Scaling User Guide, how it works with IAM.
"""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """`*` for the id, unless the call has the target's ARN."""
    for check in checks:
        head, separator, _ = check.resource.partition(":scalable-target/")
        if separator and asked.get("ResourceId"):
            check.resource = f"{head}:scalable-target/*"
    return checks
