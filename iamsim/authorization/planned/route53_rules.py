"""Amazon Route 53: what a change of records is about. Source: context-keys section 14."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked

PREFIX = "route53:ChangeResourceRecordSets"


def keys(asked: Asked) -> dict[str, Any]:
    """Names in lower case without the last dot, types and actions of the changed records."""
    changes = list(asked.at("ChangeBatch.Changes[]"))
    if not changes:
        return {}
    records = [each.get("ResourceRecordSet") or {} for each in changes]
    return {
        f"{PREFIX}NormalizedRecordNames": _unique(each.get("Name", "").lower().removesuffix(".") for each in records),
        f"{PREFIX}RecordTypes": _unique(each.get("Type", "") for each in records),
        f"{PREFIX}Actions": _unique(each.get("Action", "") for each in changes),
    }


def _unique(values: Any) -> list[str]:
    return [each for each in dict.fromkeys(values) if each]
