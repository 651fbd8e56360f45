"""The legacy AttributeUpdates, as an `update.Update`.

    legacy_update({"n": {"Action": "ADD", "Value": {"N": "1"}}}, key_attributes=("pk",)).apply(item)

Source: Amazon DynamoDB Developer Guide, "AttributeUpdates (legacy)"; API Reference, `AttributeValueUpdate`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from . import syntax
from .invalid import invalid_parameter
from .placeholders import Placeholders, Scope
from .syntax import Expression
from .update import Update, bind
from .values import SETS, AttributeValue, normalise, type_of

WRONG_TYPE = "Type mismatch for attribute to update"

_ADDABLE = SETS | {"N", "L"}
_EMPTY_LIST = ":empty"


def legacy_update(updates: Mapping[str, Mapping[str, Any]], key_attributes: Collection[str] = ()) -> Update:
    """The update that a legacy AttributeUpdates states. Raises Invalid for one that DynamoDB would refuse."""
    names: dict[str, str] = {}
    values: dict[str, AttributeValue] = {_EMPTY_LIST: {"L": []}}
    sections: dict[str, list[syntax.Action]] = {}
    for place, (name, update) in enumerate(updates.items()):
        names[f"#{place}"] = name
        value = None if update.get("Value") is None else normalise(update["Value"])
        if value is not None:
            values[f":{place}"] = value
        section, action = _action(update.get("Action") or "PUT", place, value)
        sections.setdefault(section, []).append(action)
    tree = syntax.Update(tuple(syntax.Clause(section, tuple(actions)) for section, actions in sections.items()))
    scope = Scope("UpdateExpression", Placeholders(names or None, values))
    bound = bind(Expression.of(tree), scope, key_attributes, wrong_type=WRONG_TYPE)
    return Update(bound.paths, bound.effects, bound.tree, bound.attributes, frozenset())


def _action(action: str, place: int, value: AttributeValue | None) -> tuple[str, syntax.Action]:
    path, operand = syntax.Path((f"#{place}",)), syntax.Value(f":{place}")
    if value is None:
        if action != "DELETE":
            raise invalid_parameter("Only DELETE action is allowed when no attribute value is specified")
        return "REMOVE", syntax.Remove(path)
    kind = type_of(value)
    if action == "PUT":
        return "SET", syntax.Assign(path, operand)
    if action == "DELETE":
        if kind not in SETS:
            raise invalid_parameter(f"DELETE action with value is not supported for the type {kind}")
        return "DELETE", syntax.Change(path, operand)
    if kind not in _ADDABLE:
        raise invalid_parameter(f"ADD action is not supported for the type {kind}")
    if kind == "L":  # a list is appended to a list
        held = syntax.Call("if_not_exists", (path, syntax.Value(_EMPTY_LIST)))
        return "SET", syntax.Assign(path, syntax.Call("list_append", (held, operand)))
    return "ADD", syntax.Change(path, operand)
