"""When lifecycle rules let an object expire, as reads and writes tell. Source: S3 User Guide, lifecycle elements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from .bucket import Bucket
from .object_version import ObjectVersion

DAY_S = 86_400


def expiry_shown(bucket: Bucket, version: ObjectVersion) -> dict[str, str]:
    """The member Expiration: the earliest date and its rule; nothing for a version that no rule lets expire."""
    rules = bucket.configurations.get("lifecycle", {}).get("Rules", ())
    dated = [
        (_date(rule["Expiration"], version), rule["ID"])
        for rule in rules
        if rule["Status"] == "Enabled" and {"Days", "Date"} & {*rule.get("Expiration", {})} and _is_about(rule, version)
    ]
    if not dated or bucket.contents.latest(version.key) is not version:
        return {}
    date, rule_id = min(dated)
    return {"Expiration": f'expiry-date="{format_datetime(date, usegmt=True)}", rule-id="{quote(rule_id, safe="")}"'}


def _date(expiration: Mapping[str, Any], version: ObjectVersion) -> datetime:
    """The rule's date, or the midnight after so many days."""
    if "Date" in expiration:
        date: datetime = expiration["Date"]
        return date.astimezone(timezone.utc)
    days = int(version.modified_at // DAY_S) + expiration["Days"] + 1
    return datetime.fromtimestamp(days * DAY_S, tz=timezone.utc)


def _is_about(rule: Mapping[str, Any], version: ObjectVersion) -> bool:
    chosen = rule.get("Filter") or {"Prefix": rule.get("Prefix", "")}
    chosen = chosen.get("And", chosen)
    tags = [*chosen.get("Tags", ()), *([chosen["Tag"]] if "Tag" in chosen else [])]
    return (
        version.key.startswith(chosen.get("Prefix") or "")
        and all(version.tags.get(tag["Key"]) == tag["Value"] for tag in tags)
        and version.size > chosen.get("ObjectSizeGreaterThan", -1)
        and version.size < chosen.get("ObjectSizeLessThan", version.size + 1)
    )
