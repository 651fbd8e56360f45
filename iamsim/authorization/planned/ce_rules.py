"""AWS Cost Explorer: reads are through a billing view, by default the primary one. Source: SAR of Cost Explorer."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The primary view where the call names none."""
    for check in checks:
        check.resource = check.resource.replace(":billingview/*", ":billingview/primary")
    return checks
