"""The comparison operators of the legacy parameters, `EQ` to `BETWEEN`, and the values that each takes.

Source: Amazon DynamoDB API Reference, `Condition`; Developer Guide, "Writing conditions with legacy parameters".
"""

from __future__ import annotations

from collections.abc import Sequence

from . import comparison
from .invalid import Invalid, invalid_parameter
from .values import SCALARS, SETS, TYPES, AttributeValue, normalise, type_of

_COUNTS = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2}  # all others but IN: one
_TYPES = {
    "EQ": TYPES,
    "NE": TYPES,
    "LE": SCALARS,
    "LT": SCALARS,
    "GE": SCALARS,
    "GT": SCALARS,
    "BETWEEN": SCALARS,
    "IN": SCALARS,
    "BEGINS_WITH": frozenset({"S", "B"}),
    "CONTAINS": TYPES - SETS - {"L", "M"},
    "NOT_CONTAINS": TYPES - SETS - {"L", "M"},
    "NULL": TYPES,
    "NOT_NULL": TYPES,
}
OPERATORS = frozenset(_TYPES)


def checked_operator(
    operator: str | None, values: Sequence[AttributeValue] | None
) -> tuple[str, tuple[AttributeValue, ...]]:
    """The operator and its values, normalised. Raises Invalid if they do not go together."""
    if operator is None or operator not in OPERATORS:
        raise invalid_parameter(f"Unknown ComparisonOperator: {operator}")
    checked = tuple(normalise(value) for value in values or ())
    if not (len(checked) >= 1 if operator == "IN" else len(checked) == _COUNTS.get(operator, 1)):
        raise invalid_parameter(f"Invalid number of argument(s) for the {operator} ComparisonOperator")
    for value in checked:
        if type_of(value) not in _TYPES[operator]:
            raise invalid_parameter(
                f"ComparisonOperator {operator} is not valid for {type_of(value)} AttributeValue type"
            )
    if len({type_of(value) for value in checked}) > 1:
        raise invalid_parameter("AttributeValues inside AttributeValueList must be of same type")
    if operator == "BETWEEN" and comparison.ordered(">", *checked):
        raise Invalid(
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
        )
    return operator, checked
