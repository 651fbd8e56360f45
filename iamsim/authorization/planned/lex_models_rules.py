"""Amazon Lex, version 1: bots, intents and slot types go by name and version. Source: SAR of Lex."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned import lexv2_models_rules

LATEST = "$LATEST"  # what Put writes, and what a version is made of


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The name and version, which the input has as `name` and `version` whatever they are of."""
    kept = lexv2_models_rules.refine(asked, checks)
    if asked.get("name"):
        is_latest = asked.operation.startswith(("Put", "Create"))
        version = LATEST if is_latest else asked.get("version") or asked.get("versionOrAlias") or "*"
        for check in kept:
            check.resource = check.resource.replace(":*:*", f":{asked.get('name')}:{version}")
    return kept


def get_bot(asked: Asked) -> Iterator[Check]:
    """The version, or the alias."""
    yield asked.check(asked.arn(f"bot:{asked.get('name', '*')}:{asked.get('versionOrAlias', '*')}"))
