"""The legacy conditions, as `condition.Condition` values: Expected, QueryFilter, ScanFilter and ConditionalOperator.

    expected({"id": {"Exists": False}}).matches(item)
    legacy_filter({"age": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "5"}]}}, "OR").matches(item)

Source: Amazon DynamoDB Developer Guide, "Legacy conditional parameters"; API Reference, `ExpectedAttributeValue`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import syntax
from .condition import Condition, bind
from .invalid import Invalid, invalid_parameter
from .legacy_operators import checked_operator
from .placeholders import Placeholders, Scope
from .syntax import Expression, Node
from .values import AttributeValue, normalise

_COMPARATORS = {"EQ": "=", "NE": "<>", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}


def expected(conditions: Mapping[str, Mapping[str, Any]], conditional_operator: str | None = None) -> Condition:
    """The condition that a legacy Expected states. Raises Invalid for one that DynamoDB would refuse."""
    return _compiled(
        [(name, *_expected_operator(name, condition)) for name, condition in conditions.items()], conditional_operator
    )


def legacy_filter(conditions: Mapping[str, Mapping[str, Any]], conditional_operator: str | None = None) -> Condition:
    """The condition that a legacy QueryFilter or ScanFilter states. Raises Invalid as `expected` does."""
    return _compiled(
        [
            (name, *checked_operator(condition.get("ComparisonOperator"), condition.get("AttributeValueList")))
            for name, condition in conditions.items()
        ],
        conditional_operator,
    )


def refuse_idle_conditional_operator(conditional_operator: str | None) -> None:
    """Raises Invalid for a ConditionalOperator in a request that has neither a legacy filter nor Expected."""
    if conditional_operator is not None:
        raise Invalid("ConditionalOperator cannot be used without Filter or Expected")


def _expected_operator(name: str, condition: Mapping[str, Any]) -> tuple[str, tuple[AttributeValue, ...]]:
    operator, listed = condition.get("ComparisonOperator"), condition.get("AttributeValueList")
    value, exists = condition.get("Value"), condition.get("Exists")
    if operator is not None:
        if exists is not None:
            raise invalid_parameter(f"Exists and ComparisonOperator cannot be used together for Attribute: {name}")
        if value is not None and listed is not None:
            raise invalid_parameter(f"Value and AttributeValueList cannot be used together for Attribute: {name}")
        return checked_operator(operator, listed if value is None else [value])
    if listed is not None:
        raise invalid_parameter(f"AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}")
    if exists is False:
        if value is not None:
            raise invalid_parameter(f"Value cannot be used when Exists is false for Attribute: {name}")
        return "NULL", ()
    if value is None:
        told = "null" if exists is None else "true"
        raise invalid_parameter(f"Value must be provided when Exists is {told} for Attribute: {name}")
    return "EQ", (normalise(value),)


def _compiled(
    tests: Sequence[tuple[str, str, tuple[AttributeValue, ...]]], conditional_operator: str | None
) -> Condition:
    if conditional_operator is not None and len(tests) < 2:
        raise Invalid("ConditionalOperator can only be used when Filter or Expected has two or more elements")
    names: dict[str, str] = {}
    constants: dict[str, AttributeValue] = {}
    nodes: list[Node] = []
    for place, (name, operator, values) in enumerate(tests):
        names[f"#{place}"] = name
        tokens = [f":{place}_{index}" for index in range(len(values))]
        constants.update(zip(tokens, values, strict=True))
        operands = tuple(syntax.Value(token) for token in tokens)
        nodes.append(_node(operator, syntax.Path((f"#{place}",)), operands))
    tree: Node = syntax.Or(tuple(nodes)) if conditional_operator == "OR" else syntax.And(tuple(nodes))
    scope = Scope("ConditionExpression", Placeholders(names or None, constants or None))
    bound = bind(Expression.of(tree), scope)
    return Condition(bound.matches, bound.attributes, frozenset())


def _node(operator: str, path: syntax.Path, operands: tuple[syntax.Value, ...]) -> Node:
    there = syntax.Call("attribute_exists", (path,))
    match operator:
        case "NULL":
            return syntax.Call("attribute_not_exists", (path,))
        case "NOT_NULL":
            return there
        case "IN":
            return syntax.In(path, operands)
        case "BETWEEN":
            return syntax.Between(path, *operands)
        case "BEGINS_WITH":
            return syntax.Call("begins_with", (path, *operands))
        case "CONTAINS":
            return syntax.Call("contains", (path, *operands))
        case "NOT_CONTAINS":  # says nothing of an attribute that is not there
            return syntax.And((there, syntax.Not(syntax.Call("contains", (path, *operands)))))
    return syntax.Comparison(_COMPARATORS[operator], path, *operands)
