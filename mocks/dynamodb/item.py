"""GetItem, PutItem, UpdateItem and DeleteItem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.kit import Call, Reply, error

from .capacity import Consumed, collection_metrics
from .expression_parameters import projection_in
from .failures import operation_on_whole_input
from .invalid import Invalid
from .table import Table, in_use
from .values import Item
from .writing import ConditionFailed, Done, Write, deletion_of, key_in, modification_of, put_of

ConditionalCheckFailedException = error("ConditionalCheckFailedException")


@operation_on_whole_input
def get_item(call: Call, table: Table | None) -> Reply:
    params = call.params
    table = in_use(call, table)
    projection = projection_in(params)
    kept = table.find(table.place(key_in(table, params)))
    reply: dict[str, Any] = {}
    if kept is not None:
        reply["Item"] = kept.item if projection is None else projection.project(kept.item)
    if "ReturnConsumedCapacity" in params:
        consumed = Consumed()
        consumed.add_read(kept.size_bytes if kept else 0, consistent=params.get("ConsistentRead", False))
        _tell(reply, "ConsumedCapacity", consumed.told(table, params["TableName"], params["ReturnConsumedCapacity"]))
    return reply


@operation_on_whole_input
def put_item(call: Call, table: Table | None) -> Reply:
    """Raises ConditionalCheckFailedException."""
    table = in_use(call, table)
    _refuse_other_return_values(call)
    write = put_of(table, call.params)
    done = _done(call, write)
    return _reply(call, write, done, done.old.item if _wants(call, "ALL_OLD") and done.old else None)


@operation_on_whole_input
def delete_item(call: Call, table: Table | None) -> Reply:
    """Raises ConditionalCheckFailedException."""
    table = in_use(call, table)
    _refuse_other_return_values(call)
    write = deletion_of(table, call.params)
    done = _done(call, write)
    return _reply(call, write, done, done.old.item if _wants(call, "ALL_OLD") and done.old else None)


@operation_on_whole_input
def update_item(call: Call, table: Table | None) -> Reply:
    """Raises ConditionalCheckFailedException."""
    table = in_use(call, table)
    write = modification_of(table, call.params)
    done = _done(call, write)
    return _reply(call, write, done, returned(done, call.params.get("ReturnValues", "NONE")))


def _done(call: Call, write: Write) -> Done:
    try:
        return write.run(call.clock.now())
    except ConditionFailed as failure:
        raise ConditionalCheckFailedException(failure.text, fields=old_item(failure, call.params)) from None


def old_item(failure: ConditionFailed, params: Mapping[str, Any]) -> dict[str, Any]:
    """The `Item` of a failure, where there is one and ReturnValuesOnConditionCheckFailure asks for it."""
    wanted = params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and failure.old is not None
    return {"Item": failure.old} if wanted else {}


def returned(done: Done, wanted: str) -> Item | None:
    """What ReturnValues asks for; None where there is nothing of it."""
    if wanted == "ALL_OLD":
        return done.old.item if done.old else None
    if wanted == "ALL_NEW":
        return done.new.item if done.new else None
    if done.updated is not None and wanted == "UPDATED_OLD":
        return done.updated.updated_old or None
    if done.updated is not None and wanted == "UPDATED_NEW":
        return done.updated.updated_new or None
    return None


def _refuse_other_return_values(call: Call) -> None:
    if call.params.get("ReturnValues", "NONE") not in ("NONE", "ALL_OLD"):
        raise Invalid("ReturnValues can only be ALL_OLD or NONE")


def _wants(call: Call, value: str) -> bool:
    return bool(call.params.get("ReturnValues") == value)


def _reply(call: Call, write: Write, done: Done, attributes: Item | None) -> Reply:
    params = call.params
    reply: dict[str, Any] = {}
    _tell(reply, "Attributes", attributes)
    if "ReturnConsumedCapacity" in params:
        consumed = Consumed()
        consumed.add_write(write, done)
        told = consumed.told(write.table, params["TableName"], params["ReturnConsumedCapacity"])
        _tell(reply, "ConsumedCapacity", told)
    if "ReturnItemCollectionMetrics" in params:
        _tell(reply, "ItemCollectionMetrics", collection_metrics(write, params["ReturnItemCollectionMetrics"]))
    return reply


def _tell(reply: dict[str, Any], member: str, value: Any) -> None:
    if value is not None:
        reply[member] = value
