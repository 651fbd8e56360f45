"""The naive reading of patterns, variables and conditions."""

from __future__ import annotations

import base64
import ipaddress
from datetime import datetime
from typing import Any

Context = dict[str, Any]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# --- patterns: a pattern is a list of characters, of which ANY and ONE are no characters

ANY, ONE = object(), object()


def fits_action(pattern: str, action: str) -> bool:
    return fits([ANY if c == "*" else ONE if c == "?" else c for c in pattern.lower()], action.lower())


def fits_resource(pattern: str, resource: str, context: Context, new: bool) -> bool:
    if pattern == "*":
        return True
    return fits_arn(substitute(pattern, context, new), resource)


def fits_arn(pattern: list[Any] | None, arn: str) -> bool:
    parts = arn.split(":", 5)
    if pattern is None or len(parts) < 6:
        return False
    for part in parts[:-1]:
        if ":" not in pattern:
            return False
        if not fits(pattern[: pattern.index(":")], part):
            return False
        pattern = pattern[pattern.index(":") + 1 :]
    return fits(pattern, parts[5])


def fits(pattern: list[Any], text: str) -> bool:
    """Row by row: which beginnings of the text fit the beginning of the pattern that was looked at."""
    row = [True] + [False] * len(text)
    for wanted in pattern:
        if wanted is ANY:
            row = [any(row[: end + 1]) for end in range(len(text) + 1)]
        else:
            row = [False] + [row[end] and (wanted is ONE or wanted == text[end]) for end in range(len(text))]
    return row[-1]


def substitute(text: str, context: Context, new: bool, wildcards: bool = True) -> list[Any] | None:
    """The pattern that `text` is for this request; None if a variable has no value."""
    pattern: list[Any] = []
    while text:
        if new and text.startswith("${") and "}" in text:
            name, text = text[2 : text.index("}")], text[text.index("}") + 1 :]
            name, _, default = name.partition(", '")
            value = name if name in ("*", "?", "$") else context.get(name.lower(), default[:-1] if default else None)
            if not isinstance(value, str):
                return None
            pattern += list(value)
        else:
            pattern.append({"*": ANY, "?": ONE}.get(text[0], text[0]) if wildcards else text[0])
            text = text[1:]
    return pattern


# --- conditions


def holds(operator: str, key: str, wanted: list[Any], context: Context, new: bool) -> bool:
    value = context.get(key.lower())
    if operator == "Null":
        return ("true" if value is None else "false") in [str(one).lower() for one in wanted]
    several, _, name = operator.rpartition(":")
    optional = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = "Not" in name
    if value is None:
        return optional or several == "ForAllValues" or (negated and not several)
    if not several and not isinstance(value, str):
        return False
    texts = [str(one).lower() if isinstance(one, bool) else str(one) for one in wanted]
    name = name.replace("Not", "")
    results = [any(compare(name, v, text, context, new) for text in texts) is not negated for v in listed(value)]
    return any(results) if several == "ForAnyValue" else all(results)


def compare(name: str, value: str, wanted: str, context: Context, new: bool) -> bool:
    if name in ("StringEquals", "StringEqualsIgnoreCase", "Bool"):
        fold = name != "StringEquals"
        characters = substitute(wanted, context, new, wildcards=False)
        text = None if characters is None else "".join(characters)
        if name == "Bool" and value.lower() not in ("true", "false"):
            return False
        return text is not None and (text.lower() == value.lower() if fold else text == value)
    if name == "StringLike":
        pattern = substitute(wanted, context, new)
        return pattern is not None and fits(pattern, value)
    if name in ("ArnEquals", "ArnLike"):
        return wanted == "*" or fits_arn(substitute(wanted, context, new), value)
    try:
        if name == "IpAddress":
            return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
        if name == "BinaryEquals":
            return base64.b64decode(value, validate=True) == base64.b64decode(wanted, validate=True)
        read = float if name.startswith("Numeric") else lambda text: datetime.fromisoformat(text.replace("Z", "+00:00"))
        left, right = read(value), read(wanted)
    except ValueError:
        return False
    order = name.removeprefix("Numeric").removeprefix("Date")
    outcomes = {"Equals": left == right, "LessThan": left < right, "GreaterThan": left > right}
    return outcomes[order] if order in outcomes else outcomes[order.removesuffix("Equals")] or left == right
