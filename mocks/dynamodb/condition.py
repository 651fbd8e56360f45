"""Condition and filter expressions: compiled once for a request, then asked of items.

    given = Placeholders({"#s": "status"}, {":new": {"S": "new"}})
    condition = compile_condition("#s = :new AND size(tags) > :n", given, "FilterExpression")
    condition.matches(item)       # -> bool
    condition.attributes          # -> frozenset({"status", "tags"}), for the key dynamodb:Attributes
    condition.placeholders        # -> frozenset({"#s", ":new", ":n"}), for Placeholders.check_all_used

Invariant: an attribute that is not there fails every comparison, except that it is `<>` everything.
Source: Amazon DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from . import comparison, syntax
from .invalid import Invalid
from .parse import parse
from .paths import Path, find, shown
from .placeholders import Placeholders, Scope
from .syntax import Expression, Node
from .values import SCALARS, AttributeValue, type_of

Test: TypeAlias = Callable[[Mapping[str, AttributeValue]], bool]
Read: TypeAlias = Callable[[Mapping[str, AttributeValue]], "AttributeValue | None"]

TYPE_NAMES = ("B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M")  # in the order of DynamoDB's message

_ARITY = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
}
_OF_UPDATES = ("if_not_exists", "list_append")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one item."""

    matches: Test
    attributes: frozenset[str]
    placeholders: frozenset[str]


def compile_condition(expression: str, given: Placeholders, kind: str = "ConditionExpression") -> Condition:
    """The condition that an expression states. Raises Invalid for one that DynamoDB would refuse."""
    return bind(parse(expression, kind), Scope(kind, given))


def bind(expression: Expression, scope: Scope) -> Condition:
    """The condition that a tree states, its names and values taken from the scope."""
    return Condition(_test(expression.tree, scope), scope.attributes(expression), expression.placeholders)


def refuse_key_attributes(condition: Condition, keys: tuple[str, ...], told: str = "Filter Expression") -> None:
    """Raises Invalid if the filter of a Query mentions a key attribute. `told`: `QueryFilter` for the legacy one."""
    for name in keys:
        if name in condition.attributes:
            raise Invalid(f"{told} can only contain non-primary key attributes: Primary key attribute: {name}")


@dataclass(frozen=True, slots=True)
class _Operand:
    read: Read
    constant: AttributeValue | None = None
    path: Path | None = None

    def told(self) -> str:
        return shown(self.path) if self.path else ""


def _test(node: Node, scope: Scope) -> Test:
    while isinstance(node, syntax.Group):
        node = node.inner
    match node:
        case syntax.Not(inner):
            denied = _test(inner, scope)
            return lambda item: not denied(item)
        case syntax.And(conditions):
            required = [_test(condition, scope) for condition in conditions]
            return lambda item: all(test(item) for test in required)
        case syntax.Or(conditions):
            sufficient = [_test(condition, scope) for condition in conditions]
            return lambda item: any(test(item) for test in sufficient)
        case syntax.Comparison(operator, left, right):
            return _comparison(operator, _operand(left, scope), _operand(right, scope), scope)
        case syntax.Between(operand, low, high):
            return _between(_operand(operand, scope), _operand(low, scope), _operand(high, scope), scope)
        case syntax.In(operand, choices):
            return _in(_operand(operand, scope), [_operand(choice, scope) for choice in choices])
        case syntax.Call():
            return _function(node, scope)
    raise AssertionError(f"not a condition: {node}")


def _operand(node: Node, scope: Scope) -> _Operand:
    match node:
        case syntax.Group(inner):
            return _operand(inner, scope)
        case syntax.Path():
            path = scope.path(node)
            return _Operand(_reader(path), path=path)
        case syntax.Value():
            value = scope.value(node)
            return _Operand(lambda item: value, constant=value)
        case syntax.Call(function, _):
            if function != "size":
                _check_function(node, scope)
                raise _misplaced(function, scope)
            (measured,) = _operands(node, scope)
            if measured.constant is not None and comparison.size(measured.constant) is None:
                raise _wrong_type("size", measured.constant, scope)
            return _Operand(lambda item: comparison.size(measured.read(item)))
    raise AssertionError(f"not an operand: {node}")


def _reader(path: Path) -> Read:
    if len(path) == 1:
        name = str(path[0])
        return lambda item: item.get(name)
    return lambda item: find(item, path)


def _comparison(operator: str, left: _Operand, right: _Operand, scope: Scope) -> Test:
    if left.path is not None and left.path == right.path:
        raise _not_distinct(operator, left, scope)
    one, two = left.read, right.read
    if operator == "=":
        return lambda item: comparison.same(one(item), two(item))
    if operator == "<>":
        return lambda item: not comparison.same(one(item), two(item))
    for constant in (left.constant, right.constant):
        if constant is not None and type_of(constant) not in SCALARS:
            raise scope.refusal(_operand_type(f"operator: {operator}", constant))
    return lambda item: comparison.ordered(operator, one(item), two(item))


def _between(operand: _Operand, low: _Operand, high: _Operand, scope: Scope) -> Test:
    for constant in (low.constant, high.constant):
        if constant is not None and type_of(constant) not in SCALARS:
            raise scope.refusal(_operand_type("operator: BETWEEN", constant))
    if low.constant is not None and high.constant is not None:
        bounds = f"lower bound operand: {_told(low.constant)}, upper bound operand: {_told(high.constant)}"
        if type_of(low.constant) != type_of(high.constant):
            told = "The BETWEEN operator requires same data type for lower and upper bounds"
            raise scope.refusal(f"{told}; {bounds}")
        if comparison.ordered(">", low.constant, high.constant):
            told = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
            raise scope.refusal(f"{told}; {bounds}")
    value, least, most = operand.read, low.read, high.read
    return lambda item: comparison.between(value(item), least(item), most(item))


def _in(operand: _Operand, choices: list[_Operand]) -> Test:
    value, reads = operand.read, [choice.read for choice in choices]

    def test(item: Mapping[str, AttributeValue]) -> bool:
        found = value(item)
        return found is not None and any(comparison.same(found, read(item)) for read in reads)

    return test


def _function(call: syntax.Call, scope: Scope) -> Test:
    function = call.function
    _check_function(call, scope)
    if function == "size":
        raise _misplaced(function, scope)
    operands = _operands(call, scope)
    subject = operands[0].read
    if function in ("attribute_exists", "attribute_not_exists", "attribute_type") and operands[0].path is None:
        raise scope.refusal(f"Operator or function requires a document path; operator or function: {function}")
    if function == "attribute_exists":
        return lambda item: subject(item) is not None
    if function == "attribute_not_exists":
        return lambda item: subject(item) is None
    if function == "attribute_type":
        kind = _type_name(operands[1], scope)
        return lambda item: (value := subject(item)) is not None and kind in value
    if operands[0].path is not None and operands[0].path == operands[1].path:
        raise _not_distinct(function, operands[0], scope)
    argument = operands[1].read
    if function == "contains":
        return lambda item: comparison.contains(subject(item), argument(item))
    for operand in operands:
        if operand.constant is not None and type_of(operand.constant) not in ("S", "B"):
            raise _wrong_type(function, operand.constant, scope)
    return lambda item: comparison.begins_with(subject(item), argument(item))


def _operands(call: syntax.Call, scope: Scope) -> list[_Operand]:
    if len(call.operands) != _ARITY[call.function]:
        raise scope.refusal(
            "Incorrect number of operands for operator or function; "
            f"operator or function: {call.function}, number of operands: {len(call.operands)}"
        )
    return [_operand(operand, scope) for operand in call.operands]


def _check_function(call: syntax.Call, scope: Scope) -> None:
    if call.function in _OF_UPDATES:
        raise scope.refusal(f"The function is not allowed in a condition expression; function: {call.function}")
    if call.function not in _ARITY:
        raise scope.refusal(f"Invalid function name; function: {call.function}")


def _type_name(operand: _Operand, scope: Scope) -> str:
    if operand.constant is None:
        raise scope.refusal(
            "Incorrect operand type for operator or function; "
            f"operator or function: attribute_type, operand type: {{{','.join(TYPE_NAMES)}}}"
        )
    if "S" not in operand.constant:
        raise _wrong_type("attribute_type", operand.constant, scope)
    name: str = operand.constant["S"]
    if name not in TYPE_NAMES:
        raise scope.refusal(f"Invalid attribute type name found; type: {name}, valid types: {{{','.join(TYPE_NAMES)}}}")
    return name


def _misplaced(function: str, scope: Scope) -> Invalid:
    return scope.refusal(f"The function is not allowed to be used this way in an expression; function: {function}")


def _not_distinct(operator: str, operand: _Operand, scope: Scope) -> Invalid:
    return scope.refusal(
        "The first operand must be distinct from the remaining operands for this operator or function; "
        f"operator: {operator}, first operand: {operand.told()}"
    )


def _wrong_type(function: str, value: AttributeValue, scope: Scope) -> Invalid:
    return scope.refusal(_operand_type(f"operator or function: {function}", value))


def _operand_type(operator: str, value: AttributeValue) -> str:
    return f"Incorrect operand type for operator or function; {operator}, operand type: {type_of(value)}"


def _told(value: AttributeValue) -> str:
    ((kind, data),) = value.items()
    return f"AttributeValue: {{{kind}:{data}}}"
