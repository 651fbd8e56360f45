"""TransactGetItems and TransactWriteItems: all or nothing.

Source: DynamoDB API Reference, TransactWriteItems; Developer Guide, "Managing complex workflows with transactions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from iamsim.kit import Call, Reply

from .cancellation import NOTHING, SAME_ITEM, Reason, check_together, invalid, raise_for, reason_of
from .capacity import READ, WRITE, Consumed, collection_metrics
from .expression_parameters import projection_in
from .failures import operation_on_whole_input
from .idempotency import remember, was_done
from .invalid import Invalid
from .table import Table, table_named
from .writing import Misfit, Write, check_of, deletion_of, key_in, modification_of, put_of

TIMES = 2  # a transaction reads or writes everything twice

PREPARED: dict[str, Callable[[Table, Mapping[str, Any]], Write]] = {
    "Put": put_of,
    "Update": modification_of,
    "Delete": deletion_of,
    "ConditionCheck": check_of,
}


@operation_on_whole_input
def transact_get_items(call: Call) -> Reply:
    """Raises TransactionCanceledException for a key that its table cannot have."""
    gets = [each["Get"] for each in call.params["TransactItems"]]
    tables = [table_named(call, each["TableName"]) for each in gets]
    responses: list[dict[str, Any]] = []
    reasons: list[Reason] = []
    read: set[object] = set()
    used: dict[str, tuple[Table, Consumed]] = {}
    for table, get in zip(tables, gets, strict=True):
        projection = projection_in(get)
        try:
            at = table.place(key_in(table, get))
        except Misfit as refusal:
            reasons.append(invalid(refusal))
            continue
        if (table.arn, at) in read:
            raise Invalid(SAME_ITEM)
        read.add((table.arn, at))
        kept = table.find(at)
        reasons.append(NOTHING)
        consumed = used.setdefault(get["TableName"], (table, Consumed()))[1]
        consumed.add_read(kept.size_bytes if kept else 0, consistent=True, times=TIMES)
        if kept is None:
            responses.append({})
        else:
            responses.append({"Item": kept.item if projection is None else projection.project(kept.item)})
    raise_for(reasons)
    return {"Responses": responses} | consumed_in(call, used, READ)


@operation_on_whole_input
def transact_write_items(call: Call) -> Reply:
    """Raises TransactionCanceledException with a reason for each item, and changes nothing then."""
    params, now = call.params, call.clock.now()
    actions = [_action(each) for each in params["TransactItems"]]
    tables = [table_named(call, action["TableName"]) for _, action in actions]
    if was_done(tables, params.get("ClientRequestToken"), params["TransactItems"], now):
        return _repeated(call, actions, tables)
    prepared = [_prepare(kind, action, table) for (kind, action), table in zip(actions, tables, strict=True)]
    writes = check_together(prepared)
    raise_for([reason_of(each, action) for each, (_, action) in zip(prepared, actions, strict=True)])
    return _do(call, actions, writes, now)


def _prepare(kind: str, action: Mapping[str, Any], table: Table) -> Write | Misfit:
    """The write, or why it cannot be one of this table."""
    if kind == "ConditionCheck" and "ConditionExpression" not in action:
        raise Invalid("The ConditionExpression is required for ConditionCheck")
    try:
        return PREPARED[kind](table, action)
    except Misfit as refusal:
        return refusal


def _do(call: Call, actions: Sequence[tuple[str, Any]], writes: Sequence[Write], now: float) -> Reply:
    params = call.params
    used: dict[str, tuple[Table, Consumed]] = {}
    metrics: dict[str, list[dict[str, Any]]] = {}
    for (_, action), write in zip(actions, writes, strict=True):
        consumed = used.setdefault(action["TableName"], (write.table, Consumed()))[1]
        consumed.add_write(write, write.run(now), TIMES)
        metric = collection_metrics(write, params.get("ReturnItemCollectionMetrics"))
        if metric is not None:
            metrics.setdefault(action["TableName"], []).append(metric)
    remember((table for table, _ in used.values()), params.get("ClientRequestToken"), params["TransactItems"], now)
    reply = consumed_in(call, used, WRITE)
    return reply | {"ItemCollectionMetrics": metrics} if metrics else reply


def _repeated(call: Call, actions: Sequence[tuple[str, Any]], tables: Sequence[Table]) -> Reply:
    """The answer to a transaction that was done before: it only reads."""
    used: dict[str, tuple[Table, Consumed]] = {}
    for (kind, action), table in zip(actions, tables, strict=True):
        kept = table.find(PREPARED[kind](table, action).at)
        consumed = used.setdefault(action["TableName"], (table, Consumed()))[1]
        consumed.add_read(kept.size_bytes if kept else 0, consistent=True, times=TIMES)
    return consumed_in(call, used, READ)


def _action(element: Mapping[str, Any]) -> tuple[str, Any]:
    """The one action of an element, and its kind."""
    if len(element) != 1:
        raise Invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    return next(iter(element.items()))


def consumed_in(call: Call, used: Mapping[str, tuple[Table, Consumed]], of: str) -> dict[str, Any]:
    """The ConsumedCapacity of a transaction, table by table, in the reply's form."""
    how = call.params.get("ReturnConsumedCapacity")
    told = [consumed.told(table, named, how, of=of) for named, (table, consumed) in used.items()]
    return {"ConsumedCapacity": told} if how in ("TOTAL", "INDEXES") else {}
