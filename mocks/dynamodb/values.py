"""Attribute values in wire form, `{"S": "a"}`: what is a valid one, when two are equal, which comes first.

`B` and the members of `BS` are `bytes`: the protocol layer has decoded them. Values are normalised once, when they come
in (`normalise`, `normalise_item`), and never changed in place afterwards; everything else relies on both.

Invariant: in a normalised value every number is canonical text, so equality of numbers is equality of strings.
Source: Amazon DynamoDB Developer Guide, "Supported data types and naming rules".
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from . import number
from .invalid import Invalid, invalid_parameter

AttributeValue: TypeAlias = dict[str, Any]
Item: TypeAlias = dict[str, AttributeValue]

SCALARS = frozenset({"S", "N", "B"})  # the types that have an order, and may be keys
SETS = frozenset({"SS", "NS", "BS"})
TYPES = SCALARS | SETS | {"BOOL", "NULL", "L", "M"}

MAX_LEVELS = 31  # lists and maps around a scalar; with the attribute itself, DynamoDB's 32 levels

TOO_DEEP = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
)
_NO_TYPE = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
_TWO_TYPES = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
)


def type_of(value: AttributeValue) -> str:
    """The type descriptor of a value: `S`, `N`, `B`, `BOOL`, `NULL`, `L`, `M`, `SS`, `NS` or `BS`."""
    return next(iter(value))


def normalise_item(item: Mapping[str, AttributeValue]) -> Item:
    """The item as DynamoDB keeps it. Raises Invalid for the first value that it would refuse."""
    return {name: normalise(value) for name, value in item.items()}


def normalise(value: AttributeValue, levels: int = 0) -> AttributeValue:
    """The value as DynamoDB keeps it: canonical numbers. `levels` is how many lists and maps are around it.

    Raises Invalid for no or several types, NULL false, empty or repeating sets, bad numbers, too deep nesting.
    """
    if len(value) != 1:
        raise Invalid(_TWO_TYPES if value else _NO_TYPE)
    ((kind, data),) = value.items()
    if kind in ("S", "B", "BOOL"):
        return value
    if kind == "N":
        return {"N": number.canonical(data)}
    if kind in ("L", "M"):
        if levels >= MAX_LEVELS:
            raise Invalid(TOO_DEEP)
        if kind == "L":
            return {"L": [normalise(element, levels + 1) for element in data]}
        return {"M": {name: normalise(member, levels + 1) for name, member in data.items()}}
    if kind in SETS:
        return {kind: _set_members(kind, data)}
    if kind != "NULL":
        raise Invalid(_NO_TYPE)
    if data is not True:
        raise invalid_parameter("Null attribute value types must have the value of true")
    return value


def _set_members(kind: str, members: list[Any]) -> list[Any]:
    if not members:
        raise invalid_parameter(
            {
                "SS": "An string set  may not be empty",
                "NS": "An number set  may not be empty",
                "BS": "Binary sets should not be empty",
            }[kind]
        )
    kept = [number.canonical(member) for member in members] if kind == "NS" else list(members)
    if len(set(kept)) != len(kept):
        if kind == "NS":
            raise Invalid("Input collection contains duplicates")
        shown = [base64.b64encode(m).decode() for m in members] if kind == "BS" else members
        listed = f"Input collection [{', '.join(shown)}]"
        raise invalid_parameter(
            f"{listed}of type BS contains duplicates." if kind == "BS" else f"{listed} contains duplicates."
        )
    return kept


def levels_in(value: AttributeValue) -> int:
    """How many lists and maps there are from this value down to its deepest scalar."""
    children: Iterable[AttributeValue]
    if "L" in value:
        children = value["L"]
    elif "M" in value:
        children = value["M"].values()
    else:
        return 0
    return 1 + max(map(levels_in, children), default=0)


def equal(left: AttributeValue, right: AttributeValue) -> bool:
    """True if both are of one type and hold the same; the order of a set's members does not count."""
    if left == right:
        return True
    kind = type_of(left)
    if kind not in right:
        return False
    ours, theirs = left[kind], right[kind]
    if kind in SETS:
        return set(ours) == set(theirs)
    if kind == "L":
        return len(ours) == len(theirs) and all(map(equal, ours, theirs))
    if kind == "M":
        return ours.keys() == theirs.keys() and all(equal(value, theirs[name]) for name, value in ours.items())
    return False


def position(value: AttributeValue) -> str | bytes | Decimal | None:
    """Where a string, number or binary stands among others of its type, as something that sorts; None for other types.

    DynamoDB orders strings by their UTF-8 bytes, which is the order of their code points, which is Python's.
    """
    if "N" in value:
        return number.decimal(value["N"])
    placed: str | bytes | None = value.get("S")
    return value.get("B") if placed is None else placed
