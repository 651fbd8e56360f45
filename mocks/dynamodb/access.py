"""What calls of DynamoDB must be allowed, where it is not the operation on the table named.

Source: operations-to-actions sections 4 and 13, context-keys section 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iamsim.kit import Arn, Call, Required

from .condition_keys import (
    attributes,
    capacity_of,
    keys_of_item,
    keys_of_query,
    keys_of_statement,
    leading_keys,
    select_of,
)
from .invalid import Invalid
from .keys import Keys
from .partiql import read
from .table import Table, arn_of

Params = Mapping[str, Any]

ACTIONS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "GetItem"}


def creation(call: Call) -> Iterator[Required]:
    """CreateTable; and to tag it and to put its policy, where the call does that."""
    yield _on_table(call, "CreateTable", call.arn)
    if call.params.get("Tags"):
        yield _on_table(call, "TagResource", call.arn)
    if call.params.get("ResourcePolicy"):
        yield _on_table(call, "PutResourcePolicy", call.arn)


def one_item(call: Call) -> Iterator[Required]:
    """GetItem, PutItem, UpdateItem, DeleteItem."""
    name, params = call.operation.name, call.params
    context = keys_of_item(params, _keys(call, call.arn)) | capacity_of(params)
    if name == "GetItem":
        context["dynamodb:Select"] = select_of(params)
    else:
        context["dynamodb:ReturnValues"] = params.get("ReturnValues", "NONE")
    yield _on_table(call, name, call.arn, context)


def many_items(call: Call) -> Iterator[Required]:
    """Query and Scan: on the index if they name one, and then not on the table."""
    name, params, arn = call.operation.name, call.params, call.arn
    table = call.find(Table)
    keys = table.keys if table is not None else None
    index = params.get("IndexName")
    if index is not None and table is not None:
        keys = table.indexes[index].keys if index in table.indexes else None
    context = keys_of_query(params, keys) if name == "Query" else attributes([params])
    context |= capacity_of(params) | {"dynamodb:Select": select_of(params)}
    yield _on_table(call, name, arn, context) if index is None else _on_index(call, name, arn, index, context)


def batch(call: Call) -> Iterator[Required]:
    """BatchGetItem and BatchWriteItem: the operation on each table, with the keys of all its items."""
    shared = capacity_of(call.params)
    for named, request in call.params.get("RequestItems", {}).items():
        arn = _arn(call, named)
        if call.operation.name == "BatchGetItem":
            context = leading_keys(request.get("Keys", ()), _keys(call, arn)) | attributes([request])
            context["dynamodb:Select"] = select_of(request)
        else:
            writes = [params for each in request for params in each.values()]
            items = [params.get("Item") or params.get("Key") or {} for params in writes]
            context = leading_keys(items, _keys(call, arn)) | attributes(writes)
        yield _on_table(call, call.operation.name, arn, context | shared)


def transaction(call: Call) -> Iterator[Required]:
    """TransactGetItems and TransactWriteItems: what each of its items needs, as part of the whole."""
    shared = capacity_of(call.params) | {"dynamodb:EnclosingOperation": call.operation.name}
    for element in call.params.get("TransactItems", ()):
        for kind, params in element.items():
            arn = _arn(call, params.get("TableName", ""))
            context = keys_of_item(params, _keys(call, arn)) | shared
            if kind == "Get":
                context["dynamodb:Select"] = select_of(params)
            else:
                context["dynamodb:ReturnValues"] = params.get("ReturnValuesOnConditionCheckFailure", "NONE")
            yield _on_table(call, ACTIONS.get(kind, "ConditionCheckItem"), arn, context)


def statements(call: Call) -> Iterator[Required]:
    """PartiQL: for each statement the action of its verb, on the table or index that it names.

    A statement that cannot be read needs nothing: it is refused as invalid.
    """
    params = call.params
    shared = capacity_of(params)
    if call.operation.name == "ExecuteTransaction":
        shared["dynamodb:EnclosingOperation"] = call.operation.name
    for each in params.get("Statements") or params.get("TransactStatements") or [params]:
        try:
            statement = read(each.get("Statement", ""), each.get("Parameters") or ())
        except Invalid:
            continue
        arn = _arn(call, statement.table)
        table = call.find(Table, arn)
        keys = table.keys if table is not None else None
        if table is not None and statement.index is not None:
            keys = table.indexes[statement.index].keys if statement.index in table.indexes else None
        action = "PartiQLSelect" if statement.verb == "Exists" else f"PartiQL{statement.verb}"
        context = keys_of_statement(statement, keys) | shared
        if statement.index is None:
            yield _on_table(call, action, arn, context)
        else:
            yield _on_index(call, action, arn, statement.index, context)


def owner_only(call: Call) -> Iterator[Required]:
    """The operation on the table, which no resource policy can allow to another account (R-149)."""
    for target in call.targets:
        yield Required(f"dynamodb:{call.operation.name}", target.arn, target=replace(target, policy_holder=None))


def _on_table(call: Call, action: str, arn: Arn, context: dict[str, Any] | None = None) -> Required:
    return Required(f"dynamodb:{action}", str(arn), context or {}, target=call.target("table", arn))


def _on_index(call: Call, action: str, arn: Arn, index: str, context: dict[str, Any]) -> Required:
    target = call.target("index", arn._replace(resource=f"{arn.resource}/index/{index}"))
    target = replace(target, resource=target.policy_holder)  # an index has its table's tags
    return Required(f"dynamodb:{action}", target.arn, context, target=target)


def _arn(call: Call, named: str) -> Arn:
    try:
        return arn_of(call, named)
    except ValueError:
        return call.make_arn("table", table=named)


def _keys(call: Call, arn: Arn) -> Keys | None:
    table = call.find(Table, arn)
    return table.keys if table is not None else None
