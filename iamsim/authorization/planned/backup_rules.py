"""AWS Backup: a recovery point has an ARN of the service that was backed up. Source: SAR of Backup."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The recovery point itself, whatever its ARN is like."""
    arn = asked.get("RecoveryPointArn")
    for check in checks:
        if arn and check.resource.startswith(f"arn:{asked.setting.partition}:*:"):
            check.resource = arn
    return checks
