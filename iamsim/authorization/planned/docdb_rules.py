"""Amazon DocumentDB: its condition keys are those of Amazon RDS, whose prefix it has; it has no option groups."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned.rds_rules import keys

__all__ = ["keys", "refine"]


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Without the option group that Amazon RDS asks for."""
    return [check for check in checks if not check.resource.endswith(":og:*")]
