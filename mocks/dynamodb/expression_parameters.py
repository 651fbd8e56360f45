"""The condition, update, filter and projection of one request, from its parameters: expressions, or the legacy ones.

`params` are an operation's input or an element of a batch or transaction: the names are the same. Everything here
raises Invalid for what DynamoDB refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .condition import Condition, compile_condition, refuse_key_attributes
from .invalid import Invalid
from .key_condition import KeyCondition, compile_key_condition, key_conditions
from .keys import Keys
from .legacy_condition import expected, legacy_filter, refuse_idle_conditional_operator
from .legacy_update import legacy_update
from .parameters import refuse_idle_placeholders, refuse_mixture
from .placeholders import Placeholders
from .projection import Projection, attributes_to_get, compile_projection
from .update import Update, compile_update

Params = Mapping[str, Any]

NAMES, VALUES = "ExpressionAttributeNames", "ExpressionAttributeValues"
OF_CONDITIONS = frozenset({"ConditionExpression", "Expected", "ConditionalOperator", NAMES, VALUES})
OF_PROJECTIONS = frozenset({"ProjectionExpression", "AttributesToGet", NAMES})
MISSING_KEY_CONDITION = "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."


@dataclass(frozen=True, slots=True)
class Selection:
    """What a Query or Scan reads, and what it gives of it."""

    keys: KeyCondition | None
    filter: Condition | None
    projection: Projection | None


def condition_in(params: Params) -> Condition | None:
    """The condition of a put, a deletion or a check."""
    if params.keys().isdisjoint(OF_CONDITIONS):
        return None
    _, condition = _write(params, (), ("ConditionExpression",), ("Expected", "ConditionalOperator"))
    return condition


def update_in(params: Params, keys: Keys) -> tuple[Update | None, Condition | None]:
    """The update and its condition; without an update only the key is written."""
    return _write(
        params,
        keys.names,
        ("UpdateExpression", "ConditionExpression"),
        ("AttributeUpdates", "Expected", "ConditionalOperator"),
    )


def projection_in(params: Params) -> Projection | None:
    """The projection of a read by key."""
    if params.keys().isdisjoint(OF_PROJECTIONS):
        return None
    _refuse_mixture(params, ("AttributesToGet",), ("ProjectionExpression",))
    refuse_idle_placeholders(params.get(NAMES), None, {"ProjectionExpression": params.get("ProjectionExpression")})
    given = Placeholders(params.get(NAMES))
    projection = _projection(params, given)
    given.check_all_used(projection)
    return projection


def query_in(params: Params, keys: Keys) -> Selection:
    """What a Query looks for, by the keys of the table or index."""
    expressions = ("FilterExpression", "KeyConditionExpression")
    _refuse_mixture(
        params,
        ("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"),
        ("ProjectionExpression", *expressions),
    )
    given = _placeholders(params, expressions, params.get("ProjectionExpression"))
    if "KeyConditionExpression" in params:
        wanted = compile_key_condition(params["KeyConditionExpression"], given, keys)
    elif params.get("KeyConditions"):
        wanted = key_conditions(params["KeyConditions"], keys)
    else:
        raise Invalid(MISSING_KEY_CONDITION)
    condition = _filter(params, "QueryFilter", given)
    if condition is not None:
        told = "Filter Expression" if "FilterExpression" in params else "QueryFilter"
        refuse_key_attributes(condition, keys.names, told)
    projection = _projection(params, given)
    given.check_all_used(wanted, condition, projection)
    return Selection(wanted, condition, projection)


def scan_in(params: Params) -> Selection:
    """What a Scan filters and gives."""
    _refuse_mixture(
        params,
        ("AttributesToGet", "ScanFilter", "ConditionalOperator"),
        ("ProjectionExpression", "FilterExpression"),
    )
    given = _placeholders(params, ("FilterExpression",), params.get("ProjectionExpression"))
    condition = _filter(params, "ScanFilter", given)
    projection = _projection(params, given)
    given.check_all_used(condition, projection)
    return Selection(None, condition, projection)


def _write(
    params: Params, key_attributes: tuple[str, ...], expressions: tuple[str, ...], legacy: tuple[str, ...]
) -> tuple[Update | None, Condition | None]:
    _refuse_mixture(params, legacy, expressions)
    given = _placeholders(params, expressions, None)
    update, condition = None, None
    if "UpdateExpression" in params:
        update = compile_update(params["UpdateExpression"], given, key_attributes)
    elif params.get("AttributeUpdates"):
        update = legacy_update(params["AttributeUpdates"], key_attributes)
    if "ConditionExpression" in params:
        condition = compile_condition(params["ConditionExpression"], given)
    elif params.get("Expected"):
        condition = expected(params["Expected"], params.get("ConditionalOperator"))
    else:
        refuse_idle_conditional_operator(params.get("ConditionalOperator"))
    given.check_all_used(update, condition)
    return update, condition


def _filter(params: Params, legacy: str, given: Placeholders) -> Condition | None:
    if "FilterExpression" in params:
        return compile_condition(params["FilterExpression"], given, "FilterExpression")
    if params.get(legacy):
        return legacy_filter(params[legacy], params.get("ConditionalOperator"))
    refuse_idle_conditional_operator(params.get("ConditionalOperator"))
    return None


def _projection(params: Params, given: Placeholders) -> Projection | None:
    if "ProjectionExpression" in params:
        return compile_projection(params["ProjectionExpression"], given)
    return attributes_to_get(params["AttributesToGet"]) if "AttributesToGet" in params else None


def _placeholders(params: Params, expressions: tuple[str, ...], projection: object) -> Placeholders:
    names, values = params.get(NAMES), params.get(VALUES)
    refuse_idle_placeholders(names, values, {name: params.get(name) for name in expressions}, projection)
    return Placeholders(names, values)


def _refuse_mixture(params: Params, legacy: tuple[str, ...], expressions: tuple[str, ...]) -> None:
    refuse_mixture({name: params.get(name) for name in legacy}, {name: params.get(name) for name in expressions})
