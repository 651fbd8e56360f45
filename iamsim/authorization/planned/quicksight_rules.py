"""Amazon QuickSight: users and groups are of a namespace. Source: SAR of QuickSight; QuickSight API, User, Arn."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check

MEMBERS = {":user/": "UserName", ":group/": "GroupName"}


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """With the namespace in the ARN."""
    for check in checks:
        for kind, member in MEMBERS.items():
            head, separator, name = check.resource.partition(kind)
            if separator and asked.get("Namespace") and "/" not in name:
                check.resource = f"{head}{kind}{asked.get('Namespace')}/{asked.get(member) or name}"
    return checks
