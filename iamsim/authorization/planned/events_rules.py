"""Amazon EventBridge: rules of the default bus have no bus in their ARN. Source: O section 5; context-keys 14."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check

PATTERNS = {
    "source": "events:source",
    "detail-type": "events:detail-type",
}


def put_rule(asked: Asked) -> Iterator[Check]:
    """The rule, on the bus that is named."""
    bus = str(asked.get("EventBusName") or "default").rpartition("/")[2]
    name = asked.get("Name") or asked.get("Rule") or "*"
    yield asked.check(asked.arn(f"rule/{name}" if bus == "default" else f"rule/{bus}/{name}"))


delete_rule = describe_rule = enable_rule = disable_rule = put_rule
put_targets = remove_targets = list_targets_by_rule = put_rule


def put_events(asked: Asked) -> Iterator[Check]:
    """The bus of each entry, with the entry's source and type."""
    seen = []
    for entry in asked.get("Entries") or ():
        bus = asked.named(entry.get("EventBusName") or "default", "event-bus/")
        context: dict[str, Any] = {}
        if entry.get("Source"):
            context["events:source"] = [entry["Source"]]
        if entry.get("DetailType"):
            context["events:detail-type"] = [entry["DetailType"]]
        if (bus, context) not in seen:
            seen.append((bus, context))
            yield Check("events:PutEvents", bus, dict(context))


def create_archive(asked: Asked) -> Iterator[Check]:
    """The archive, and the bus whose events it keeps."""
    yield asked.check(asked.named(asked.get("ArchiveName"), "archive/"))
    yield asked.check(asked.named(asked.get("EventSourceArn"), "event-bus/"))


def describe_event_bus(asked: Asked) -> Iterator[Check]:
    """The bus that is named, else the default one."""
    yield asked.check(asked.named(asked.get("Name") or "default", "event-bus/"))


def put_permission(asked: Asked) -> Iterator[Check]:
    """The bus that is named, else the default one."""
    yield asked.check(asked.named(asked.get("EventBusName") or "default", "event-bus/"))


remove_permission = put_permission


def keys(asked: Asked) -> dict[str, Any]:
    """What a rule's pattern says literally, and the ARNs of targets."""
    found: dict[str, Any] = {}
    targets = [each["Arn"] for each in asked.get("Targets") or () if each.get("Arn")]
    if asked.operation == "PutTargets" and targets:
        found["events:TargetArn"] = targets
    if asked.operation == "PutRule":
        pattern = _pattern(asked.get("EventPattern"))
        for name, key in PATTERNS.items():
            values = [each for each in pattern.get(name) or () if isinstance(each, str)]
            if values:
                found[key] = values
        detail = pattern.get("detail")
        for name in ("service", "eventTypeCode"):
            literal = detail.get(name) if isinstance(detail, dict) else None
            if isinstance(literal, list) and literal and isinstance(literal[0], str):
                found[f"events:detail.{name}"] = literal[0]
    return found


def _pattern(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
