"""How many bytes an item takes, by DynamoDB's published rules, and the limit on it.

Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats". For numbers the page gives an approximation
(one byte, and one for two significant digits); a negative number takes one more.
"""

from __future__ import annotations

from collections.abc import Mapping

from .invalid import Invalid
from .number import significant_digits
from .values import AttributeValue

MAX_ITEM_BYTES = 400 * 1024


def item_bytes(item: Mapping[str, AttributeValue]) -> int:
    """The size of an item: its attribute names and values."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: AttributeValue) -> int:
    """The size of one value, without its attribute's name."""
    ((kind, data),) = value.items()
    if kind == "S":
        return len(data.encode("utf-8", "surrogatepass"))
    if kind == "N":
        return _number_bytes(data)
    if kind == "B":
        return len(data)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "L":
        return 3 + sum(1 + value_bytes(element) for element in data)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + value_bytes(member) for name, member in data.items())
    return sum(value_bytes({kind[0]: member}) for member in data)


def _number_bytes(text: str) -> int:
    return 1 + (significant_digits(text) + 1) // 2 + text.startswith("-")


def check_item_size(item: Mapping[str, AttributeValue], *, updating: bool = False) -> int:
    """The size of an item. Raises Invalid for more than 400 KB."""
    size = item_bytes(item)
    if size > MAX_ITEM_BYTES:
        raise Invalid(f"Item size {'to update ' if updating else ''}has exceeded the maximum allowed size")
    return size
