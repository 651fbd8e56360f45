"""What Query and Scan have in common: what they read from, which attributes they give, and how pages are cut.

Source: Amazon DynamoDB API Reference, Query, Scan; Developer Guide, "Paginating table query results".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .capacity import Consumed
from .expression_parameters import Selection
from .index import Index
from .invalid import Invalid, invalid_parameter
from .item_collection import ItemCollections, Kept, Place
from .keys import Keys
from .table import Table
from .values import AttributeValue, Item, normalise_item, type_of

MAX_PAGE_BYTES = 1024 * 1024

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A table, or one of its indexes."""

    table: Table
    index: Index | None

    @property
    def keys(self) -> Keys:
        return self.table.keys if self.index is None else self.index.keys

    @property
    def items(self) -> ItemCollections:
        return self.table.items if self.index is None else self.index.items

    @property
    def key_names(self) -> tuple[str, ...]:
        """The attributes of a LastEvaluatedKey."""
        return self.table.keys.names if self.index is None else self.index.key_names

    def place(self, key: Mapping[str, AttributeValue]) -> Place:
        """Where an item with these key attributes stands, whether or not there is one."""
        at = self.table.place(key)
        return at if self.index is None else self.index.place(key, self.table.items.serial(at[0]), at)

    def start(self, params: Params) -> Item | None:
        """The ExclusiveStartKey. Raises Invalid unless it has the keys of the table and the index, and nothing else."""
        if params.get("ExclusiveStartKey") is None:
            return None
        key = normalise_item(params["ExclusiveStartKey"])
        types = dict(self.table.keys.types) | dict(self.keys.types)
        if key.keys() != types.keys() or any(type_of(key[name]) != types[name] for name in types):
            told = "" if "KeyConditionExpression" in params or "KeyConditions" in params else f": {NO_MATCH}"
            raise Invalid(f"The provided starting key is invalid{told}")
        return key


NO_MATCH = "The provided key element does not match the schema"


def source_in(table: Table, params: Params) -> Source:
    """The table or index that a Query or Scan reads. Raises Invalid for an index that is not there."""
    name = params.get("IndexName")
    if name is None:
        return Source(table, None)
    index = table.indexes.get(name)
    if index is None:
        raise Invalid(f"The table does not have the specified index: {name}")
    if index.is_global and params.get("ConsistentRead"):
        raise Invalid("Consistent reads are not supported on global secondary indexes")
    return Source(table, index)


def check_select(source: Source, params: Params, selection: Selection) -> None:
    """Raises Invalid for a Select that does not go with the projection, or that the index does not have."""
    select, index = params.get("Select"), source.index
    if selection.projection is not None:
        if select not in (None, "SPECIFIC_ATTRIBUTES"):
            given = "ProjectionExpression" if "ProjectionExpression" in params else "AttributesToGet"
            raise Invalid(f"Cannot specify the {given} when choosing to get {select}")
        if index is not None and index.is_global and not index.projects_all:
            missing = sorted(selection.projection.attributes - index.projected)
            if missing:
                raise invalid_parameter(f"Global secondary index {index.name} does not project [{', '.join(missing)}]")
    elif select == "SPECIFIC_ATTRIBUTES":
        raise Invalid(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
        )
    if select == "ALL_PROJECTED_ATTRIBUTES" and index is None:
        raise Invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
    if select == "ALL_ATTRIBUTES" and index is not None and index.is_global and not index.projects_all:
        raise invalid_parameter(
            f"Select type ALL_ATTRIBUTES is not supported for global secondary index {index.name} because its "
            "projection type is not ALL"
        )


def read_page(
    source: Source, params: Params, selection: Selection, entries: Iterator[tuple[Place, Kept]]
) -> dict[str, Any]:
    """The answer with the first page of `entries`: as many as Limit says, and no more than 1 MB of them."""
    limit, consistent = params.get("Limit"), params.get("ConsistentRead", False)
    fetches = _fetches(source, params, selection)
    consumed = Consumed()
    items: list[Item] = []
    scanned = count = size = 0
    last: Item | None = None
    for _, kept in entries:
        scanned += 1
        size += kept.size_bytes
        item = kept.item
        if fetches:  # a local index gets from the table what it does not project
            whole = source.table.find(source.table.place(item))
            if whole is not None:
                item = whole.item
                consumed.add_read(whole.size_bytes, consistent=consistent)
        if selection.filter is None or selection.filter.matches(item):
            count += 1
            items.append(item if selection.projection is None else selection.projection.project(item))
        if scanned == limit or size >= MAX_PAGE_BYTES:
            last = {name: kept.item[name] for name in source.key_names}
            break
    reply: dict[str, Any] = {"Count": count, "ScannedCount": scanned}
    if params.get("Select") != "COUNT":
        reply["Items"] = items
    if last is not None:
        reply["LastEvaluatedKey"] = last
    consumed.add_read(size, consistent=consistent, index=source.index.name if source.index else None)
    told = consumed.told(source.table, params["TableName"], params.get("ReturnConsumedCapacity"))
    return reply if told is None else reply | {"ConsumedCapacity": told}


def _fetches(source: Source, params: Params, selection: Selection) -> bool:
    """Whether a local index must get attributes from the table."""
    index = source.index
    if index is None or index.is_global or index.projects_all:
        return False
    wanted = selection.filter.attributes if selection.filter is not None else frozenset()
    if selection.projection is not None:
        wanted |= selection.projection.attributes
    return params.get("Select") == "ALL_ATTRIBUTES" or not wanted <= index.projected
