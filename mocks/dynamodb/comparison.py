"""What the comparators and functions of conditions say of two values. A missing attribute is None.

Two values of different types are never equal and have no order. Source: Amazon DynamoDB Developer Guide, "Condition and
filter expressions, operators, and functions"; Amazon DynamoDB API Reference, `Condition`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

from .values import SCALARS, SETS, AttributeValue, equal, position, type_of

Operand: TypeAlias = "AttributeValue | None"

ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def same(left: Operand, right: Operand) -> bool:
    """`=`: both are there and equal."""
    return left is not None and right is not None and equal(left, right)


def ordered(comparator: str, left: Operand, right: Operand) -> bool:
    """`<`, `<=`, `>`, `>=`: both are strings, numbers or binaries of one type, in this order."""
    if left is None or right is None:
        return False
    kind = type_of(left)
    if kind not in SCALARS or kind not in right:
        return False
    return ORDERED[comparator](position(left), position(right))


def between(value: Operand, low: Operand, high: Operand) -> bool:
    """`BETWEEN`: both ends count as between."""
    return ordered(">=", value, low) and ordered("<=", value, high)


def begins_with(value: Operand, prefix: Operand) -> bool:
    """A string that begins with a string, or a binary with a binary."""
    if value is None or prefix is None:
        return False
    kind = type_of(value)
    return kind in ("S", "B") and kind in prefix and bool(value[kind].startswith(prefix[kind]))


def contains(whole: Operand, part: Operand) -> bool:
    """A part of a string or binary, a member of a set, or an element of a list."""
    if whole is None or part is None:
        return False
    kind = type_of(whole)
    held = whole[kind]
    if kind in ("S", "B"):
        return kind in part and part[kind] in held
    if kind in SETS:
        return kind[0] in part and part[kind[0]] in held
    return kind == "L" and any(equal(element, part) for element in held)


def size(value: Operand) -> Operand:
    """`size()` as a number; None for what has no size: a number, a boolean, null, or nothing at all."""
    if value is None or type_of(value) in ("N", "BOOL", "NULL"):
        return None
    return {"N": str(len(value[type_of(value)]))}
