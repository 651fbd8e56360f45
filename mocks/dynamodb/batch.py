"""BatchGetItem and BatchWriteItem. Source: DynamoDB API Reference: 100 keys and 16 MB, 25 puts and deletions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.kit import Call, Reply

from .capacity import Consumed, collection_metrics
from .expression_parameters import projection_in
from .failures import operation_on_whole_input
from .invalid import Invalid
from .item_collection import Place
from .table import Table, table_named
from .values import Item
from .writing import Write, deletion_of, key_in, put_of

MAX_GETS = 100
MAX_WRITES = 25
MAX_ANSWER_BYTES = 16 * 1024 * 1024

DUPLICATES = "Provided list of item keys contains duplicates"


@operation_on_whole_input
def batch_get_item(call: Call) -> Reply:
    """The items that are there. What does not fit in 16 MB is named under UnprocessedKeys."""
    requests: dict[str, Any] = call.params["RequestItems"]
    if sum(len(each["Keys"]) for each in requests.values()) > MAX_GETS:
        raise Invalid("Too many items requested for the BatchGetItem call")
    how = call.params.get("ReturnConsumedCapacity")
    prepared = [(named, each, *_lookups(call, named, each)) for named, each in requests.items()]
    reply: dict[str, Any] = {"Responses": {named: [] for named in requests}, "UnprocessedKeys": {}}
    size = 0
    capacities = []
    for named, request, table, places in prepared:
        projection, consistent = projection_in(request), request.get("ConsistentRead", False)
        consumed = Consumed()
        for number, at in enumerate(places):
            kept = table.find(at)
            if kept is not None and size + kept.size_bytes > MAX_ANSWER_BYTES:
                reply["UnprocessedKeys"][named] = request | {"Keys": request["Keys"][number:]}
                break
            consumed.add_read(kept.size_bytes if kept else 0, consistent=consistent)
            if kept is not None:
                size += kept.size_bytes
                item = kept.item if projection is None else projection.project(kept.item)
                reply["Responses"][named].append(item)
        capacities.append(consumed.told(table, named, how))
    told = [each for each in capacities if each is not None]
    return reply | {"ConsumedCapacity": told} if told else reply


@operation_on_whole_input
def batch_write_item(call: Call) -> Reply:
    """Puts and deletes, none of them before all are found to be valid."""
    params = call.params
    requests: dict[str, list[dict[str, Any]]] = params["RequestItems"]
    _check_size(requests)
    prepared = [(named, *_writes(call, named, each)) for named, each in requests.items()]
    reply: dict[str, Any] = {"UnprocessedItems": {}}
    capacities = []
    metrics: dict[str, list[dict[str, Any]]] = {}
    now = call.clock.now()
    for named, table, writes in prepared:
        consumed = Consumed()
        for write in writes:
            consumed.add_write(write, write.run(now))
            metric = collection_metrics(write, params.get("ReturnItemCollectionMetrics"))
            if metric is not None:
                metrics.setdefault(named, []).append(metric)
        capacities.append(consumed.told(table, named, params.get("ReturnConsumedCapacity")))
    told = [each for each in capacities if each is not None]
    if told:
        reply["ConsumedCapacity"] = told
    return reply | {"ItemCollectionMetrics": metrics} if metrics else reply


def _lookups(call: Call, named: str, request: Mapping[str, Any]) -> tuple[Table, list[Place]]:
    table = table_named(call, named)
    if not request["Keys"]:
        raise Invalid(
            f"1 validation error detected: Value '[]' at 'requestItems.{named}.member.keys' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1"
        )
    places = [table.place(key_in(table, {"Key": key})) for key in request["Keys"]]
    if len(set(places)) < len(places):
        raise Invalid(DUPLICATES)
    return table, places


def _writes(call: Call, named: str, requests: list[dict[str, Any]]) -> tuple[Table, list[Write]]:
    table = table_named(call, named)
    writes = [_write(table, each) for each in requests]
    if len({write.at for write in writes}) < len(writes):
        raise Invalid(DUPLICATES)
    return table, writes


def _write(table: Table, request: Mapping[str, Mapping[str, Item]]) -> Write:
    if len(request) != 1:
        raise Invalid(
            f"Supplied WriteRequest {'has more than one action set' if request else 'is empty'}, must contain exactly "
            "one of PutRequest or DeleteRequest"
        )
    ((kind, given),) = request.items()
    return put_of(table, given) if kind == "PutRequest" else deletion_of(table, given)


def _check_size(requests: Mapping[str, list[Any]]) -> None:
    for named, each in requests.items():
        if not 1 <= len(each) <= MAX_WRITES:
            raise Invalid(
                f"1 validation error detected: Value at 'requestItems.{named}.member' failed to satisfy constraint: "
                f"Map value must satisfy constraint: [Member must have length less than or equal to {MAX_WRITES}, "
                "Member must have length greater than or equal to 1]"
            )
    if sum(map(len, requests.values())) > MAX_WRITES:
        raise Invalid("Too many items requested for the BatchWriteItem call")
