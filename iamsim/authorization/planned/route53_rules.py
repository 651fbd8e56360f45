"""Amazon Route 53: what a change of records is about. Source: context-keys section 14."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check

PREFIX = "route53:ChangeResourceRecordSets"


def change_tags_for_resource(asked: Asked) -> Iterator[Check]:
    """The hosted zone or health check, whichever the call says."""
    kind = f"{asked.get('ResourceType', '*')}/"
    name = str(asked.get("ResourceId", "*")).lstrip("/").removeprefix(kind)
    yield asked.check(asked.arn(kind + name, region="", account=""))


list_tags_for_resource = change_tags_for_resource


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
