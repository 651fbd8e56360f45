"""Key conditions of a Query: the one partition, and the part of it.

    given = Placeholders({}, {":p": {"S": "ann"}, ":d": {"S": "2024-"}})
    wanted = compile_key_condition("pk = :p AND begins_with(sk, :d)", given, keys)   # keys: a keys.Keys
    wanted.hash_value             # -> {"S": "ann"}; hash_identity compares with Keys.hash_identity(item)
    wanted.matches(item)          # -> bool: the item is in the partition and in the range
    wanted.in_range(item)         # -> bool: the same for an item that is known to be in the partition
    wanted.attributes, wanted.placeholders    # as of a condition

`key_conditions(params, keys)` reads the legacy parameter KeyConditions into the same value.

An index may have several partition and sort key attributes: all of the first must be given with `=`, the second from
the left, all but the last of them with `=`.
Source: Amazon DynamoDB Developer Guide, "Key condition expressions for the Query operation", "KeyConditions (legacy)".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import comparison, syntax
from .condition import bind
from .invalid import Invalid, invalid_parameter
from .keys import Keys, refuse_empty
from .legacy_operators import checked_operator
from .parse import parse
from .placeholders import Placeholders, Scope
from .syntax import Expression, Node
from .values import AttributeValue

KIND = "KeyConditionExpression"
UNSUPPORTED = "Query key condition not supported"

_FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LEGACY = {"EQ": "=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "BEGINS_WITH": "begins_with", "BETWEEN": "BETWEEN"}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on one key attribute; `operator` is a comparator, `BETWEEN` or `begins_with`."""

    name: str
    operator: str
    values: tuple[AttributeValue, ...]

    def holds(self, item: Mapping[str, AttributeValue]) -> bool:
        value = item.get(self.name)
        if self.operator == "=":
            return comparison.same(value, self.values[0])
        if self.operator == "BETWEEN":
            return comparison.between(value, *self.values)
        if self.operator == "begins_with":
            return comparison.begins_with(value, self.values[0])
        return comparison.ordered(self.operator, value, self.values[0])


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """What a Query looks for: `hash` are the conditions on the partition key, `range` those on the sort key."""

    hash: tuple[Term, ...]
    range: tuple[Term, ...]
    placeholders: frozenset[str]

    @property
    def hash_value(self) -> AttributeValue:
        """The value of the (first) partition key attribute."""
        return self.hash[0].values[0]

    @property
    def hash_identity(self) -> tuple[Any, ...]:
        """Equal to `Keys.hash_identity` of the items in the partition."""
        return tuple(next(iter(term.values[0].values())) for term in self.hash)

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset(term.name for term in self.hash + self.range)

    def matches(self, item: Mapping[str, AttributeValue]) -> bool:
        """True if the Query reads this item."""
        return all(term.holds(item) for term in self.hash) and self.in_range(item)

    def in_range(self, item: Mapping[str, AttributeValue]) -> bool:
        """True if the sort key of this item fits."""
        return all(term.holds(item) for term in self.range)


def compile_key_condition(expression: str, given: Placeholders, keys: Keys) -> KeyCondition:
    """What a KeyConditionExpression looks for. Raises Invalid for one that these keys do not allow."""
    parsed = parse(expression, KIND)
    scope = Scope(KIND, given)
    terms = [_term(node, scope) for node in _conjuncts(parsed.tree)]
    bind(parsed, scope)  # the rules of all conditions: operand types, order of bounds
    return _arranged(terms, keys, parsed.placeholders)


def key_conditions(conditions: Mapping[str, Mapping[str, Any]], keys: Keys) -> KeyCondition:
    """What a legacy KeyConditions looks for. Raises Invalid for one that these keys do not allow."""
    terms = []
    for name, condition in conditions.items():
        operator, values = checked_operator(condition.get("ComparisonOperator"), condition.get("AttributeValueList"))
        if operator not in _LEGACY:
            raise Invalid("Attempted conditional constraint is not an indexable operation")
        terms.append(Term(name, _LEGACY[operator], values))
    if not 1 <= len(terms) <= len(keys.hash) + max(len(keys.range), 1):
        raise Invalid("Conditions can be of length 1 or 2 only")
    return _arranged(terms, keys, frozenset())


def _conjuncts(node: Node) -> list[Node]:
    match node:
        case syntax.Group(inner):
            return _conjuncts(inner)
        case syntax.And(conditions):
            return [conjunct for condition in conditions for conjunct in _conjuncts(condition)]
    return [node]


def _term(node: Node, scope: Scope) -> Term:
    match node:
        case syntax.Or():
            raise _unusable("OR")
        case syntax.Not():
            raise _unusable("NOT")
        case syntax.In():
            raise _unusable("IN")
        case syntax.Comparison("<>"):
            raise _unusable("<>")
        case syntax.Comparison(operator, left, right):
            if isinstance(_bare(left), syntax.Value) and isinstance(_bare(right), syntax.Path):
                left, right, operator = right, left, _FLIPPED[operator]
            return _keyed(operator, left, (right,), scope)
        case syntax.Between(operand, low, high):
            return _keyed("BETWEEN", operand, (low, high), scope)
        case syntax.Call("begins_with", (subject, prefix)):
            return _keyed("begins_with", subject, (prefix,), scope)
        case syntax.Call("begins_with"):
            bind(Expression.of(node), scope)  # raises: the wrong number of operands
        case syntax.Call(function):
            bind(Expression.of(node), scope)  # raises for a name that is no function
            raise _unusable(function)
    raise Invalid(UNSUPPORTED)


def _keyed(operator: str, subject: Node, operands: Sequence[Node], scope: Scope) -> Term:
    subject, *others = (_bare(node) for node in (subject, *operands))
    if any(isinstance(node, syntax.Call) for node in (subject, *others)):
        raise Invalid("KeyConditionExpressions cannot contain nested operations")
    if not isinstance(subject, syntax.Path):
        if operator in ("BETWEEN", "begins_with"):
            told = f"{operator} operator must have the key attribute as its first operand"
            raise Invalid(f"Invalid condition in KeyConditionExpression: {told}")
        raise Invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
    path = scope.path(subject)
    values = []
    for node in others:
        if not isinstance(node, syntax.Value):
            told = "Multiple attribute names used in one condition"
            raise Invalid(f"Invalid condition in KeyConditionExpression: {told}")
        values.append(scope.value(node))
    if len(path) > 1:
        raise Invalid("KeyConditionExpressions cannot have conditions on nested attributes")
    return Term(str(path[0]), operator, tuple(values))


def _bare(node: Node) -> Node:
    return _bare(node.inner) if isinstance(node, syntax.Group) else node


def _unusable(operator: str) -> Invalid:
    return Invalid(f"Invalid operator used in KeyConditionExpression: {operator}")


def _arranged(terms: Sequence[Term], keys: Keys, placeholders: frozenset[str]) -> KeyCondition:
    by_name = {term.name: term for term in terms}
    if len(by_name) < len(terms):
        raise Invalid("KeyConditionExpressions must only contain one condition per key")
    for name in keys.hash:
        if name not in by_name:
            raise _missed(name)
        if by_name[name].operator != "=":
            raise Invalid(UNSUPPORTED)
    wanted = [name for name in keys.range if name in by_name]
    absent = [name for name in keys.range if name not in by_name]
    if len(keys.hash) + len(wanted) < len(terms):  # a condition on something that is no key
        raise _missed(absent[0]) if absent else Invalid(UNSUPPORTED)
    if wanted != list(keys.range[: len(wanted)]):
        raise _missed(absent[0])
    if any(by_name[name].operator != "=" for name in wanted[:-1]):
        raise Invalid(UNSUPPORTED)
    for name in (*keys.hash, *wanted):
        for value in by_name[name].values:
            if keys.types[name] not in value:
                raise invalid_parameter("Condition parameter type does not match schema type")
            refuse_empty(name, value)
    return KeyCondition(
        tuple(by_name[name] for name in keys.hash), tuple(by_name[name] for name in wanted), placeholders
    )


def _missed(name: str) -> Invalid:
    return Invalid(f"Query condition missed key schema element: {name}")
