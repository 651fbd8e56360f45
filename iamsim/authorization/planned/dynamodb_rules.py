"""Amazon DynamoDB: the partition key where no table says which attribute it is. Source: context-keys section 10."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked, Check

LEADING = "dynamodb:LeadingKeys"
BY_KEY = ("GetItem", "UpdateItem", "DeleteItem")


def without_state(asked: Asked, checks: list[Check]) -> None:
    """dynamodb:LeadingKeys of keys that have one attribute only, which is then the partition key."""
    if asked.operation in BY_KEY:
        _add(checks[0], [asked.get("Key") or {}])
    elif asked.operation in ("TransactGetItems", "TransactWriteItems"):
        elements = [params for each in asked.get("TransactItems") or () for params in each.values()]
        for check, params in zip(checks, elements, strict=False):
            _add(check, [params.get("Key") or {}])
    elif asked.operation == "BatchGetItem":
        for check, request in zip(checks, (asked.get("RequestItems") or {}).values(), strict=False):
            _add(check, request.get("Keys") or ())


def _add(check: Check, keys: Any) -> None:
    if keys and all(len(key) == 1 for key in keys):
        values = [_text(value) for key in keys for value in key.values()]
        check.context.setdefault(LEADING, list(dict.fromkeys(values)))


def _text(value: dict[str, Any]) -> str:
    inner = next(iter(value.values()), "")
    return inner.decode("latin-1") if isinstance(inner, bytes) else str(inner)
