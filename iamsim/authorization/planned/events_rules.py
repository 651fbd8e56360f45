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
DETAILS = ("detail.service", "detail.eventTypeCode", "detail.userIdentity.principalId")


def put_rule(asked: Asked) -> Iterator[Check]:
    """The rule, on the bus that is named and in the account that the bus is of."""
    bus = asked.named(asked.get("EventBusName") or "default", "event-bus/")
    before, _, bus_name = bus.partition(":event-bus/")
    name = asked.get("Name") or asked.get("Rule") or "*"
    yield asked.check(f"{before}:rule/{name}" if bus_name == "default" else f"{before}:rule/{bus_name}/{name}")


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


def start_replay(asked: Asked) -> Iterator[Check]:
    """The archive, the bus that its events go to again, and the replay."""
    yield asked.check(asked.named(asked.get("EventSourceArn"), "archive/"))
    yield asked.check(asked.named(next(asked.at("Destination.Arn"), None), "event-bus/"))
    yield asked.check(asked.named(asked.get("ReplayName"), "replay/"))


def describe_api_destination(asked: Asked) -> Iterator[Check]:
    """The destination; its connection is only named when it is set (O-5)."""
    yield asked.check(asked.named(asked.get("Name"), "api-destination/"))
    if asked.get("ConnectionArn"):
        yield asked.check(asked.get("ConnectionArn"))


update_api_destination = delete_api_destination = describe_api_destination


def describe_event_bus(asked: Asked) -> Iterator[Check]:
    """The bus that is named, else the default one."""
    yield asked.check(asked.named(asked.get("Name") or "default", "event-bus/"))


def put_permission(asked: Asked) -> Iterator[Check]:
    """The bus that is named, else the default one."""
    yield asked.check(asked.named(asked.get("EventBusName") or "default", "event-bus/"))


remove_permission = put_permission


def keys(asked: Asked) -> dict[str, Any]:
    """What a rule's pattern says literally, and the ARNs of targets and of an endpoint's buses."""
    found: dict[str, Any] = {}
    buses = list(asked.at("EventBuses[].EventBusArn"))
    if buses:
        found["events:EventBusArn"] = buses
    targets = [each["Arn"] for each in asked.get("Targets") or () if each.get("Arn")]
    if asked.operation == "PutTargets" and targets:
        found["events:TargetArn"] = targets
    if asked.operation == "PutRule":
        pattern = _pattern(asked.get("EventPattern"))
        for name, key in PATTERNS.items():
            values = [each for each in pattern.get(name) or () if isinstance(each, str)]
            if values:
                found[key] = values
        for path in DETAILS:
            literal = _inner(pattern, path)
            if isinstance(literal, list) and literal and isinstance(literal[0], str):
                found[f"events:{path}"] = literal[0]
    return found


def _inner(pattern: Any, path: str) -> Any:
    for name in path.split("."):
        pattern = pattern.get(name) if isinstance(pattern, dict) else None
    return pattern


def _pattern(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
