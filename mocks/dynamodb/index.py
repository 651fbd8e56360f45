"""A secondary index: the items that hold its keys, with the attributes that it projects.

Source: Amazon DynamoDB Developer Guide, "Improving data access with secondary indexes".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .item_collection import ItemCollections, Kept, Place
from .keys import Keys
from .size import item_bytes
from .values import AttributeValue, Item


@dataclass
class Index:
    """One local or global secondary index of a table."""

    name: str
    keys: Keys
    table_keys: Keys
    is_global: bool
    projection: dict[str, Any]  # as it was given: ProjectionType, NonKeyAttributes
    settings: dict[str, Any] = field(default_factory=dict)  # a global one's ProvisionedThroughput and its kin
    items: ItemCollections = field(default_factory=ItemCollections)

    @property
    def projects_all(self) -> bool:
        return bool(self.projection["ProjectionType"] == "ALL")

    @property
    def projected(self) -> frozenset[str]:
        """The attributes that it always has; beside them there are others only if it projects all."""
        return frozenset({*self.keys.names, *self.table_keys.names, *self.projection.get("NonKeyAttributes", ())})

    @property
    def key_names(self) -> tuple[str, ...]:
        """The attributes of a LastEvaluatedKey: its own keys and those of the table."""
        return tuple(dict.fromkeys((*self.table_keys.names, *self.keys.names)))

    def holds(self, item: Mapping[str, AttributeValue]) -> bool:
        """Whether the item is in the index: it has all the key attributes, as values that can be keys."""
        for name in self.keys.names:
            value, kind = item.get(name), self.keys.types[name]
            if value is None or not value.get(kind):
                return False
        return True

    def place(self, item: Mapping[str, AttributeValue], serial: int, at: Place) -> Place:
        """Where an item with these keys stands: items with equal keys in the order of the table.

        `at` is its place in the table, `serial` the table's number for that partition.
        """
        return self.keys.hash_identity(item), (*self.keys.range_position(item), serial, *at[1])

    def entry(self, kept: Kept) -> Kept:
        """The item as the index keeps it."""
        if self.projects_all:
            return kept
        names = self.projected
        item: Item = {name: value for name, value in kept.item.items() if name in names}
        return Kept(item, item_bytes(item))

    def follow(self, at: Place, serial: int, old: Kept | None, new: Kept | None) -> None:
        """Do what the table did: `new` is where `old` was."""
        before = self.place(old.item, serial, at) if old is not None and self.holds(old.item) else None
        after = self.place(new.item, serial, at) if new is not None and self.holds(new.item) else None
        if before is not None and before != after:
            self.items.remove(*before)
        if after is not None and new is not None:
            self.items.put(*after, self.entry(new))
