"""Amazon Polly: speech is made with lexicons, or without any. Source: SAR of Polly."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """`*` where the call names nothing that it could."""
    for check in checks:
        if check.resource.endswith(("lexicon/*", "terminology/*", "parallel-data/*")):
            check.resource = "*"
    return checks[:1] if all(check.resource == "*" for check in checks) else checks
