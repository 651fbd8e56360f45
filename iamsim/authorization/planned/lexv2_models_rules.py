"""Amazon Lex: bots of version 2 have ids and ARNs with slashes, those of version 1 names. Source: SAR of Lex V2."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check

OF_VERSION_1 = (":bot:", ":bot-channel:", ":slottype:", ":intent:")


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Without the resources of the other version, which has the same IAM prefix."""
    is_first = asked.service in ("lex-models", "lex-runtime")
    kept = [check for check in checks if is_first == any(kind in check.resource for kind in OF_VERSION_1)]
    return kept or checks


def create_bot(asked: Asked) -> Iterator[Check]:
    """The bot to be, and its test alias."""
    yield asked.check(asked.arn("bot/*"))
    yield asked.check(asked.arn("bot-alias/*/*"))
