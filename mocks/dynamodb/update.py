"""Update expressions: compiled once for a request, then applied to the item.

    given = Placeholders({"#n": "count"}, {":one": {"N": "1"}})
    update = compile_update("SET #n = if_not_exists(#n, :one) REMOVE old", given, key_attributes=("pk", "sk"))
    updated = update.apply(item)            # the item, or its key alone if there was none
    updated.item                            # the new item; the old one is as it was
    updated.updated_old, updated.updated_new  # what ReturnValues of these names gives
    update.attributes, update.placeholders  # as of a condition; update.paths: what it touches

Every operand is read from the item as it was before the update.
Source: Amazon DynamoDB Developer Guide, "Using update expressions".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from . import number, syntax
from .edit import Outcome, Result, edit
from .invalid import Invalid, invalid_parameter
from .parse import parse
from .paths import Path, PathTree, find, pick, tree_of
from .placeholders import Placeholders, Scope
from .syntax import Expression, Node
from .values import MAX_LEVELS, SETS, TOO_DEEP, AttributeValue, Item, levels_in, type_of

KIND = "UpdateExpression"
WRONG_TYPE = "An operand in the update expression has an incorrect data type"
NO_ATTRIBUTE = "The provided expression refers to an attribute that does not exist in the item"

Compute: TypeAlias = Callable[[Mapping[str, AttributeValue]], AttributeValue]
Effect: TypeAlias = Callable[[Mapping[str, AttributeValue]], Result]

_LONG_NAMES = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "BOOL": "BOOLEAN",
    "NULL": "NULL",
    "L": "LIST",
    "M": "MAP",
    "SS": "STRING_SET",
    "NS": "NUMBER_SET",
    "BS": "BINARY_SET",
}
_OF_CONDITIONS = (
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "begins_with",
    "contains",
    "size",
)


@dataclass(frozen=True, slots=True)
class Updated:
    """An item after an update, and the touched parts before and after."""

    item: Item
    updated_old: Item
    updated_new: Item


@dataclass(frozen=True, slots=True)
class Update:
    """A change to one item: `paths` are what it touches, `effects` what becomes of each."""

    paths: tuple[Path, ...]
    effects: tuple[Effect, ...]
    tree: PathTree
    attributes: frozenset[str]
    placeholders: frozenset[str]

    def apply(self, item: Mapping[str, AttributeValue]) -> Updated:
        """The item after the update. Raises Invalid if it cannot be applied to this item; the item stays as it is."""
        results = [effect(item) for effect in self.effects]
        for path, result in zip(self.paths, results, strict=True):
            if len(path) > 1 and isinstance(result, dict) and len(path) - 1 + levels_in(result) > MAX_LEVELS:
                raise Invalid(TOO_DEEP)
        new, written = edit(item, self.tree, results)
        return Updated(new, pick(item, self.tree), written)


def compile_update(expression: str, given: Placeholders, key_attributes: Collection[str] = ()) -> Update:
    """The update that an expression states. Raises Invalid for one that DynamoDB would refuse.

    `key_attributes` are those of the table, which no update may touch.
    """
    return bind(parse(expression, KIND), Scope(KIND, given), key_attributes)


def bind(
    expression: Expression, scope: Scope, key_attributes: Collection[str] = (), *, wrong_type: str = WRONG_TYPE
) -> Update:
    """The update that a tree states. `wrong_type` is said of an attribute whose type does not fit the action."""
    assert isinstance(expression.tree, syntax.Update)  # noqa: S101  nothing else is an update
    paths: list[Path] = []
    effects: list[Effect] = []
    for clause in expression.tree.clauses:
        for action in clause.actions:
            path = scope.path(action.path)
            paths.append(path)
            effects.append(_effect(clause.section, action, path, scope, wrong_type))
    attributes = scope.attributes(expression)
    tree = tree_of(paths, scope.refusal)
    for name in tree:
        if name in key_attributes:
            raise invalid_parameter(f"Cannot update attribute {name}. This attribute is part of the key")
    return Update(tuple(paths), tuple(effects), tree, attributes, expression.placeholders)


def _effect(section: str, action: syntax.Action, path: Path, scope: Scope, wrong_type: str) -> Effect:
    match action:
        case syntax.Assign(_, term):
            return _term(term, scope)
        case syntax.Remove():
            return lambda item: Outcome.REMOVED
        case syntax.Change(_, value):
            operand = scope.value(value)
            kind = type_of(operand)
            if kind not in SETS and (section == "DELETE" or kind != "N"):
                raise scope.refusal(
                    f"Incorrect operand type for operator or function; operator: {section}, "
                    f"operand type: {_LONG_NAMES[kind]}, typeSet: ALLOWED_FOR_{section}_OPERAND"
                )
            changed = _added if section == "ADD" else _deleted

            def effect(item: Mapping[str, AttributeValue]) -> Result:
                old = find(item, path)
                if old is not None and kind not in old:
                    raise Invalid(wrong_type)
                return changed(old, operand, kind)

            return effect


def _added(old: AttributeValue | None, operand: AttributeValue, kind: str) -> Result:
    if old is None:
        return operand
    if kind == "N":
        return {"N": number.add(old["N"], operand["N"])}
    return {kind: old[kind] + [member for member in operand[kind] if member not in old[kind]]}


def _deleted(old: AttributeValue | None, operand: AttributeValue, kind: str) -> Result:
    if old is None:
        return Outcome.KEPT
    left = [member for member in old[kind] if member not in operand[kind]]
    return {kind: left} if left else Outcome.REMOVED  # a set is never empty


def _term(node: Node, scope: Scope) -> Compute:
    match node:
        case syntax.Path():
            path = scope.path(node)

            def read(item: Mapping[str, AttributeValue]) -> AttributeValue:
                value = find(item, path)
                if value is None:
                    raise Invalid(NO_ATTRIBUTE)
                return value

            return read
        case syntax.Value():
            constant = scope.value(node)
            return lambda item: constant
        case syntax.Arithmetic(sign, left, right):
            combine = number.add if sign == "+" else number.subtract
            one, two = _typed(left, "N", sign, scope), _typed(right, "N", sign, scope)
            return lambda item: {"N": combine(one(item)["N"], two(item)["N"])}
        case syntax.Call("if_not_exists"):
            subject, fallback = _two_operands(node, scope)
            if not isinstance(subject, syntax.Path):
                told = "Operator or function requires a document path; operator or function: if_not_exists"
                raise scope.refusal(told)
            kept, instead = scope.path(subject), _term(fallback, scope)
            return lambda item: instead(item) if (value := find(item, kept)) is None else value
        case syntax.Call("list_append"):
            head, tail = _two_operands(node, scope)
            first, second = _typed(head, "L", "list_append", scope), _typed(tail, "L", "list_append", scope)
            return lambda item: {"L": first(item)["L"] + second(item)["L"]}
        case syntax.Call(function):
            if function in _OF_CONDITIONS:
                raise scope.refusal(f"The function is not allowed in an update expression; function: {function}")
            raise scope.refusal(f"Invalid function name; function: {function}")
    raise AssertionError(f"not a term: {node}")


def _two_operands(call: syntax.Call, scope: Scope) -> tuple[Node, Node]:
    if len(call.operands) != 2:
        raise scope.refusal(
            "Incorrect number of operands for operator or function; "
            f"operator or function: {call.function}, number of operands: {len(call.operands)}"
        )
    return call.operands[0], call.operands[1]


def _typed(node: Node, kind: str, operator: str, scope: Scope) -> Compute:
    """The term, refused if it is not of this type: at once if it is a constant, else when it is computed."""
    if isinstance(node, syntax.Value) and kind not in scope.value(node):
        raise scope.refusal(
            "Incorrect operand type for operator or function; "
            f"operator or function: {operator}, operand type: {type_of(scope.value(node))}"
        )
    compute = _term(node, scope)

    def checked(item: Mapping[str, AttributeValue]) -> AttributeValue:
        value = compute(item)
        if kind not in value:
            raise Invalid(WRONG_TYPE)
        return value

    return checked
