"""Items in the order in which DynamoDB reads them: item collections, one a partition key, each sorted by sort key.

    kept = ItemCollections()
    kept.put(("ann",), (Decimal(1),), Kept(item, 120))   # partition, position in it
    kept.get(("ann",), (Decimal(1),))
    kept.after(("ann",), (Decimal(1),))                   # what a Scan reads next

A put, get or removal costs the same however many partitions there are, and a binary search in its own partition.

DynamoDB scans partitions in the order of a hash that it does not tell. Here it is the order in which the partitions
were first written; a partition keeps its place after its last item is gone, so that a Scan whose items are deleted
on the way finds back to where it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from .values import Item

Partition: TypeAlias = tuple[Any, ...]  # `Keys.hash_identity`
Position: TypeAlias = tuple[Any, ...]  # `Keys.range_position`, and for an index what tells equal keys apart
Place: TypeAlias = tuple[Partition, Position]


class Kept(NamedTuple):
    """An item as it is stored, and its size."""

    item: Item
    size_bytes: int


@dataclass(slots=True)
class ItemCollection:
    """The items with one partition key."""

    positions: list[Position] = field(default_factory=list)  # sorted
    items: dict[Position, Kept] = field(default_factory=dict)


class ItemCollections:
    """All items of a table or an index."""

    def __init__(self) -> None:
        self.count = 0
        self.size_bytes = 0
        self._collections: dict[Partition, ItemCollection] = {}
        self._order: list[Partition] = []
        self._serials: dict[Partition, int] = {}

    def collection(self, partition: Partition) -> ItemCollection:
        """The items with this partition key; empty if there are none."""
        return self._collections.get(partition) or ItemCollection()

    def serial(self, partition: Partition) -> int:
        """Where the partition stands among the others; after all of them if it never had an item."""
        return self._serials.get(partition, len(self._order))

    def get(self, partition: Partition, position: Position) -> Kept | None:
        """What is kept there."""
        collection = self._collections.get(partition)
        return None if collection is None else collection.items.get(position)

    def put(self, partition: Partition, position: Position, kept: Kept) -> None:
        """Keep this there, in place of what there was."""
        collection = self._collections.get(partition)
        if collection is None:
            collection = self._collections[partition] = ItemCollection()
            if partition not in self._serials:
                self._serials[partition] = len(self._order)
                self._order.append(partition)
        old = collection.items.get(position)
        if old is None:
            self.count += 1
            insort(collection.positions, position)
        else:
            self.size_bytes -= old.size_bytes
        collection.items[position] = kept
        self.size_bytes += kept.size_bytes

    def remove(self, partition: Partition, position: Position) -> None:
        """Forget what is kept there. Raises KeyError if there is nothing."""
        collection = self._collections[partition]
        old = collection.items.pop(position)
        del collection.positions[bisect_left(collection.positions, position)]
        if not collection.items:
            del self._collections[partition]
        self.count -= 1
        self.size_bytes -= old.size_bytes

    def all(self) -> Iterator[tuple[Place, Kept]]:
        """Everything, in order."""
        return self._from(0)

    def after(self, partition: Partition, position: Position) -> Iterator[tuple[Place, Kept]]:
        """What comes after this place, whether or not there is something at it."""
        collection = self.collection(partition)
        for number in range(bisect_right(collection.positions, position), len(collection.positions)):
            later = collection.positions[number]
            yield (partition, later), collection.items[later]
        yield from self._from(self.serial(partition) + 1)

    def _from(self, serial: int) -> Iterator[tuple[Place, Kept]]:
        for place in range(serial, len(self._order)):
            partition = self._order[place]
            collection = self._collections.get(partition)
            if collection is not None:
                for position in collection.positions:
                    yield (partition, position), collection.items[position]
