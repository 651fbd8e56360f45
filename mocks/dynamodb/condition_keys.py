"""What policies may test of a request: the condition keys of the service, from its parameters.

dynamodb:Attributes are the top-level attributes that the request mentions, not those that the answer holds;
dynamodb:LeadingKeys are the values of the partition key that it touches (context-keys section 10). A request that
cannot be read gives no keys: it is refused as invalid afterwards, before it reads or writes anything.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from .expression_parameters import NAMES
from .invalid import Invalid
from .key_condition import compile_key_condition, key_conditions
from .keys import Keys
from .parse import parse
from .partiql import Statement
from .partiql_where import Where
from .placeholders import Placeholders
from .syntax import Expression
from .values import AttributeValue, Item, normalise, type_of

Params = Mapping[str, Any]
Context = dict[str, Any]

EXPRESSIONS = (
    "ProjectionExpression",
    "ConditionExpression",
    "UpdateExpression",
    "FilterExpression",
    "KeyConditionExpression",
)
LEGACY_MAPS = ("Item", "Key", "Expected", "AttributeUpdates", "QueryFilter", "ScanFilter", "KeyConditions")
PARTITION_KEY_VALUES = tuple(f"dynamodb:{place}PartitionKeyValues" for place in ("First", "Second", "Third", "Fourth"))


def keys_of_item(params: Params, keys: Keys | None) -> Context:
    """The keys of a request for one item, which `Item` or `Key` names."""
    item = params.get("Item") or params.get("Key") or {}
    return leading_keys([item], keys) | attributes([params])


def keys_of_query(params: Params, keys: Keys | None) -> Context:
    """The keys of a Query of a table or index with these keys."""
    context = attributes([params])
    if keys is None:
        return context
    try:
        if "KeyConditionExpression" in params:
            given = Placeholders(params.get(NAMES), params.get("ExpressionAttributeValues"))
            wanted = compile_key_condition(params["KeyConditionExpression"], given, keys)
        else:
            wanted = key_conditions(params.get("KeyConditions") or {}, keys)
    except Invalid:
        return context
    return context | leading_keys([{term.name: term.values[0] for term in wanted.hash}], keys)


def keys_of_statement(statement: Statement, keys: Keys | None) -> Context:
    """The keys of a PartiQL statement on a table or index with these keys."""
    names = dict.fromkeys(statement.item or ())
    nodes = [*([statement.where] if statement.where is not None else []), *statement.changes]
    for node in nodes:
        for path in Expression.of(node).paths:
            names[statement.given.names.get(str(path.steps[0]), str(path.steps[0]))] = None
    names |= dict.fromkeys(str(path[0]) for path in statement.paths or ())
    context: Context = {"dynamodb:Attributes": list(names)} if names else {}
    items: list[Item] | None = [statement.item] if statement.item is not None else None
    if items is None and keys is not None:
        try:
            items = Where.of(statement).partitions(keys)
        except Invalid:
            items = None
    if statement.is_read:
        context["dynamodb:FullTableScan"] = "false" if items else "true"
        context["dynamodb:Select"] = "ALL_ATTRIBUTES" if statement.paths is None else "SPECIFIC_ATTRIBUTES"
    else:
        context["dynamodb:ReturnValues"] = statement.returning
    return context | leading_keys(items, keys) if items else context


def leading_keys(items: Iterable[Mapping[str, AttributeValue]], keys: Keys | None) -> Context:
    """dynamodb:LeadingKeys, and its newer names, of the items; nothing for a table that is not there."""
    context: Context = {}
    if keys is None:
        return context
    items = list(items)
    for name, condition_key in zip(keys.hash, PARTITION_KEY_VALUES, strict=False):
        values = [text for item in items if name in item and (text := _text(item[name])) is not None]
        context[condition_key] = list(dict.fromkeys(values))
    context["dynamodb:LeadingKeys"] = context[PARTITION_KEY_VALUES[0]]
    return context


def attributes(requests: Iterable[Params]) -> Context:
    """dynamodb:Attributes: the top-level attributes that the requests mention."""
    names: dict[str, None] = {}
    for params in requests:
        for member in LEGACY_MAPS:
            names |= dict.fromkeys(params.get(member) or ())
        names |= dict.fromkeys(params.get("AttributesToGet") or ())
        for key in params.get("Keys", ()):
            names |= dict.fromkeys(key)
        for kind in EXPRESSIONS:
            if kind in params:
                names |= dict.fromkeys(_mentioned(params[kind], kind, params.get(NAMES) or {}))
    return {"dynamodb:Attributes": list(names)} if names else {}


def select_of(params: Params) -> str:
    """dynamodb:Select: what is read, said or implied (K-50)."""
    given = params.get("Select")
    if given is not None:
        return str(given)
    if "ProjectionExpression" in params or "AttributesToGet" in params:
        return "SPECIFIC_ATTRIBUTES"
    return "ALL_PROJECTED_ATTRIBUTES" if "IndexName" in params else "ALL_ATTRIBUTES"


def capacity_of(params: Params) -> Context:
    """dynamodb:ReturnConsumedCapacity."""
    return {"dynamodb:ReturnConsumedCapacity": params.get("ReturnConsumedCapacity", "NONE")}


def _mentioned(expression: str, kind: str, names: Mapping[str, str]) -> Iterable[str]:
    try:
        paths = parse(expression, kind).paths
    except Invalid:
        return ()
    first = [str(path.steps[0]) for path in paths]
    return [names.get(step, step) for step in first]


def _text(value: AttributeValue) -> str | None:
    """A key's value as policies write it."""
    try:
        normal = normalise(value)
    except Invalid:
        return None
    kind = type_of(normal)
    if kind == "B":
        return base64.b64encode(normal["B"]).decode()
    return str(normal[kind]) if kind in ("S", "N") else None
