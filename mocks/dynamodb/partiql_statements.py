"""ExecuteStatement, BatchExecuteStatement and ExecuteTransaction.

Source: Amazon DynamoDB Developer Guide, "PartiQL for DynamoDB"; API Reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from iamsim.kit import ApiError, Call, Reply, error

from .cancellation import NOTHING, Reason, check_together, invalid, raise_for, reason_of
from .capacity import READ, WRITE, Consumed
from .failures import operation_on_whole_input
from .idempotency import remember, was_done
from .invalid import Invalid
from .item import ConditionalCheckFailedException, old_item, returned
from .partiql import Statement, read
from .partiql_requests import read_item, read_items, write_of
from .table import Table, table_named
from .transaction import TIMES, consumed_in
from .writing import ConditionFailed, Duplicate, Misfit, Write

DuplicateItemException = error("DuplicateItemException")

Used = dict[str, tuple[Table, Consumed]]


@operation_on_whole_input
def execute_statement(call: Call) -> Reply:
    """Raises ConditionalCheckFailedException, DuplicateItemException."""
    params = call.params
    statement, table = _read(call, params)
    if statement.verb == "Exists":
        raise Invalid("EXISTS is only supported in transactions")
    if statement.is_read:
        return read_items(table, statement, params)
    write = write_of(table, statement)
    try:
        done = write.run(call.clock.now())
    except Duplicate as failure:
        raise DuplicateItemException(failure.text) from None
    except ConditionFailed as failure:
        raise ConditionalCheckFailedException(failure.text, fields=old_item(failure, params)) from None
    item = returned(done, statement.returning)
    consumed = Consumed()
    consumed.add_write(write, done)
    told = consumed.told(table, statement.table, params.get("ReturnConsumedCapacity"))
    return {"Items": [item] if item is not None else []} | ({"ConsumedCapacity": told} if told else {})


@operation_on_whole_input
def batch_execute_statement(call: Call) -> Reply:
    """An answer for each statement: what it gave, or why it failed."""
    used: Used = {}
    requests = call.params["Statements"]
    kinds = {kind for each in requests if (kind := _kind(each)) is not None}
    _refuse_mixture(kinds)
    responses = [_one_of_batch(call, each, used) for each in requests]
    how = call.params.get("ReturnConsumedCapacity")
    told = [consumed.told(table, named, how) for named, (table, consumed) in used.items()]
    return {"Responses": responses} | ({"ConsumedCapacity": told} if how in ("TOTAL", "INDEXES") else {})


@operation_on_whole_input
def execute_transaction(call: Call) -> Reply:
    """Raises TransactionCanceledException with a reason for each statement, and changes nothing then."""
    params, now = call.params, call.clock.now()
    requests = params["TransactStatements"]
    parts = [_read(call, each) for each in requests]
    _refuse_mixture({statement.is_read for statement, _ in parts})
    if parts[0][0].is_read:
        return _read_together(call, parts)
    tables = [table for _, table in parts]
    token = params.get("ClientRequestToken")
    if was_done(tables, token, requests, now):
        return {}
    prepared = [_prepared(table, statement) for statement, table in parts]
    writes = check_together(prepared)
    raise_for([reason_of(each, request) for each, request in zip(prepared, requests, strict=True)])
    used: Used = {}
    for (statement, table), write in zip(parts, writes, strict=True):
        consumed = used.setdefault(statement.table, (table, Consumed()))[1]
        consumed.add_write(write, write.run(now), TIMES)
    remember(tables, token, requests, now)
    return consumed_in(call, used, WRITE)


def _read(call: Call, request: Mapping[str, Any]) -> tuple[Statement, Table]:
    statement = read(request["Statement"], request.get("Parameters") or ())
    return statement, table_named(call, statement.table)


def _kind(request: Mapping[str, Any]) -> bool | None:
    """Whether a statement reads; None for one that cannot be read itself, which fails for itself."""
    try:
        return read(request["Statement"], request.get("Parameters") or ()).is_read
    except Invalid:
        return None


def _refuse_mixture(kinds: set[bool]) -> None:
    if len(kinds) > 1:
        raise Invalid("Either all statements must read, or all must write")


def _prepared(table: Table, statement: Statement) -> Write | Misfit:
    try:
        return write_of(table, statement)
    except Misfit as refusal:
        return refusal


def _one_of_batch(call: Call, request: Mapping[str, Any], used: Used) -> dict[str, Any]:
    try:
        statement, table = _read(call, request)
    except Invalid as refusal:
        return {"Error": {"Code": "ValidationError", "Message": refusal.message}}
    except ApiError as failure:
        return {"Error": {"Code": "ResourceNotFound", "Message": failure.message}}
    response: dict[str, Any] = {"TableName": table.name}
    consumed = used.setdefault(statement.table, (table, Consumed()))[1]
    try:
        if statement.is_read:
            kept, item = read_item(table, statement)
            consumed.add_read(kept.size_bytes if kept else 0, consistent=request.get("ConsistentRead", False))
        else:
            write = write_of(table, statement)
            done = write.run(call.clock.now())
            consumed.add_write(write, done)
            item = returned(done, statement.returning)
    except Invalid as refusal:
        return response | {"Error": {"Code": "ValidationError", "Message": refusal.message}}
    except ConditionFailed as failure:
        error_ = {"Code": failure.reason, "Message": failure.text, **old_item(failure, request)}
        return response | {"Error": error_}
    return response if item is None else response | {"Item": item}


def _read_together(call: Call, parts: Sequence[tuple[Statement, Table]]) -> Reply:
    responses: list[dict[str, Any]] = []
    reasons: list[Reason] = []
    used: Used = {}
    for statement, table in parts:
        try:
            kept, item = read_item(table, statement)
        except Misfit as refusal:
            reasons.append(invalid(refusal))
            continue
        reasons.append(NOTHING)
        consumed = used.setdefault(statement.table, (table, Consumed()))[1]
        consumed.add_read(kept.size_bytes if kept else 0, consistent=True, times=TIMES)
        responses.append({} if item is None else {"Item": item})
    raise_for(reasons)
    return {"Responses": responses} | consumed_in(call, used, READ)
