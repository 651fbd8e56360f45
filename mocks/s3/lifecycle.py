"""Lifecycle rules: what S3 accepts, in the form in which it gives them back. Source: S3 API reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.kit import Call

from .bucket import Bucket
from .failures import InvalidArgument, InvalidRequest, malformed_xml

MAX_RULES, MAX_ID = 1_000, 255
MIN_DAYS_OF_CLASS = {"STANDARD_IA": 30, "ONEZONE_IA": 30}
ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)
FILTERS = ("Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And")
DEFAULT_MINIMUM_SIZE = "all_storage_classes_128K"


def check_lifecycle(call: Call, bucket: Bucket, document: dict[str, Any]) -> dict[str, Any]:
    """The rules, each with an id, and the smallest object that is moved."""
    rules = document.get("Rules") or []
    if not 1 <= len(rules) <= MAX_RULES:
        raise malformed_xml()
    kept = [_checked(call, rule) for rule in rules]
    ids = [rule["ID"] for rule in kept]
    if len(set(ids)) < len(ids):
        raise InvalidArgument("Rule ID must be unique. Found same ID for more than one rule")
    smallest = call.params.get("TransitionDefaultMinimumObjectSize", DEFAULT_MINIMUM_SIZE)
    return {"Rules": kept, "TransitionDefaultMinimumObjectSize": smallest}


def _checked(call: Call, rule: Mapping[str, Any]) -> dict[str, Any]:
    if rule.get("Status") not in ("Enabled", "Disabled"):
        raise malformed_xml()
    if "Filter" not in rule and "Prefix" not in rule:
        raise malformed_xml()
    if "Filter" in rule and "Prefix" in rule:
        raise malformed_xml()
    if not any(action in rule for action in ACTIONS):
        raise InvalidRequest("At least one action needs to be specified in a rule")
    if len(rule.get("ID", "")) > MAX_ID:
        raise InvalidArgument("ID length should not exceed allowed limit of 255")
    if "Filter" in rule:
        _check_filter(rule["Filter"] or {})
    _check_expiration(rule)
    days = 0
    for transition in rule.get("Transitions", ()):
        days = _check_transition(transition, days)
    expires = rule.get("Expiration", {}).get("Days")
    if expires is not None and expires <= days:
        raise InvalidArgument("'Days' in the Expiration action must be greater than 'Days' in the Transition action")
    for name in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        number = next(
            (rule[name][key] for key in ("NoncurrentDays", "DaysAfterInitiation") if key in rule.get(name, {})), 1
        )
        if number <= 0:
            raise InvalidArgument(f"'Days' for {name} action must be a positive integer")
    return {**rule, "ID": rule.get("ID") or call.clock.new_id()}


def _check_filter(chosen: Mapping[str, Any]) -> None:
    """A filter has one condition; several stand in `And`."""
    given = [name for name in FILTERS if name in chosen]
    if len(given) > 1:
        raise malformed_xml()
    both = chosen.get("And")
    if both is not None and len(both) + len(both.get("Tags", [])) - ("Tags" in both) < 2:
        raise malformed_xml()


def _check_expiration(rule: Mapping[str, Any]) -> None:
    expiration = rule.get("Expiration")
    if expiration is None:
        return
    if len([name for name in ("Days", "Date", "ExpiredObjectDeleteMarker") if name in expiration]) != 1:
        raise malformed_xml()
    if "Days" in expiration and expiration["Days"] <= 0:
        raise InvalidArgument("'Days' for Expiration action must be a positive integer")
    if "Date" in expiration:
        _check_midnight(expiration["Date"])
    with_tag = "Tag" in rule.get("Filter", {}) or "Tags" in rule.get("Filter", {}).get("And", {})
    if "ExpiredObjectDeleteMarker" in expiration and with_tag:
        raise InvalidRequest("ExpiredObjectDeleteMarker cannot be specified with Tags.")


def _check_transition(transition: Mapping[str, Any], earlier_days: int) -> int:
    """The days after which objects are moved. Raises InvalidArgument, MalformedXML."""
    if ("Days" in transition) == ("Date" in transition) or "StorageClass" not in transition:
        raise malformed_xml()
    if "Date" in transition:
        _check_midnight(transition["Date"])
        return earlier_days
    days: int = transition["Days"]
    least = MIN_DAYS_OF_CLASS.get(transition["StorageClass"], 0)
    if days < 0:
        raise InvalidArgument("'Days' in Transition action must be nonnegative")
    if days < least:
        raise InvalidArgument(
            f"'Days' in Transition action must be greater than or equal to {least} for storageClass "
            f"'{transition['StorageClass']}'"
        )
    return max(days, earlier_days)


def _check_midnight(moment: Any) -> None:
    if (moment.hour, moment.minute, moment.second) != (0, 0, 0):
        raise InvalidArgument("'Date' must be at midnight GMT")
