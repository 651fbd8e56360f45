"""Capacity units that reads and writes consume. They are counted, never refused.

A read unit is 4 KB read consistently, half a unit the same read eventually; a write unit is 1 KB; transactions take
twice as much. Source: Amazon DynamoDB Developer Guide, "DynamoDB read and write operations", "Secondary indexes".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .table import Table
from .writing import Done, Write

READ_UNIT_BYTES = 4096
WRITE_UNIT_BYTES = 1024
GIGABYTE = 1024**3

READ, WRITE = "ReadCapacityUnits", "WriteCapacityUnits"


@dataclass
class Consumed:
    """The units that a call has consumed on one table and its indexes."""

    table: float = 0.0
    indexes: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return self.table + sum(self.indexes.values())

    def add_write(self, write: Write, done: Done, times: int = 1) -> None:
        """Count a write, `times` as much as usual."""
        sizes = [kept.size_bytes for kept in (done.old, done.new) if kept is not None]
        self.table += times * write_units(max(sizes, default=0))
        serial = write.table.items.serial(write.at[0])
        for index in write.table.indexes.values():
            old, new = (
                (index.place(kept.item, serial, write.at), index.entry(kept))
                if kept is not None and index.holds(kept.item)
                else None
                for kept in (done.old, done.new)
            )
            if old == new:
                continue  # what the index projects has not changed
            sizes = [entry.size_bytes for _, entry in filter(None, (old, new))]
            if old is not None and new is not None and old[0] == new[0]:
                sizes = [max(sizes)]  # else one entry goes and another one comes
            units = times * sum(map(write_units, sizes))
            self.indexes[index.name] = self.indexes.get(index.name, 0.0) + units

    def add_read(self, size_bytes: int, *, consistent: bool, index: str | None = None, times: int = 1) -> None:
        """Count a read of so many bytes, `times` as much as usual."""
        units = times * read_units(size_bytes, consistent=consistent)
        if index is None:
            self.table += units
        else:
            self.indexes[index] = self.indexes.get(index, 0.0) + units

    def told(self, table: Table, named: str, how: str | None, *, of: str | None = None) -> dict[str, Any] | None:
        """The ConsumedCapacity that a caller asked for, None if it did not. `of`: READ or WRITE, for transactions."""
        if how is None or how == "NONE":
            return None
        shown: dict[str, Any] = {"TableName": named, **_units(self.total, of)}
        if how == "INDEXES":
            shown["Table"] = _units(self.table, of)
            for member, indexes in (
                ("LocalSecondaryIndexes", table.local_indexes),
                ("GlobalSecondaryIndexes", table.global_indexes),
            ):
                used = {each.name: _units(self.indexes[each.name], of) for each in indexes if each.name in self.indexes}
                if used:
                    shown[member] = used
        return shown


def read_units(size_bytes: int, *, consistent: bool) -> float:
    """The units of one read, or of all that a page of a Query or Scan read together."""
    units = max(1, -(-size_bytes // READ_UNIT_BYTES))
    return float(units) if consistent else units / 2


def write_units(size_bytes: int) -> float:
    """The units of one write of an item, or of its larger version."""
    return float(max(1, -(-size_bytes // WRITE_UNIT_BYTES)))


def collection_metrics(write: Write, how: str | None) -> dict[str, Any] | None:
    """The ItemCollectionMetrics that a caller asked for: only tables with local secondary indexes have any."""
    if how != "SIZE" or not write.table.local_indexes:
        return None
    partition, keys = write.at[0], write.table.keys
    size = sum(kept.size_bytes for kept in write.table.items.collection(partition).items.values())
    for index in write.table.local_indexes:
        size += sum(kept.size_bytes for kept in index.items.collection(partition).items.values())
    lower = float(size // GIGABYTE)
    return {
        "ItemCollectionKey": {name: write.key[name] for name in keys.hash},
        "SizeEstimateRangeGB": [lower, lower + 1],
    }


def _units(units: float, of: str | None) -> Mapping[str, float]:
    return {"CapacityUnits": units, of: units} if of else {"CapacityUnits": units}
