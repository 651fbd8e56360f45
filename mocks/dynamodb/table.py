"""A table: its settings, its items, and the indexes that follow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Arn, Call, Resource

from .failures import ResourceNotFoundException
from .index import Index
from .item_collection import ItemCollections, Kept, Place
from .keys import Keys
from .time_to_live import TimeToLive
from .values import AttributeValue


@dataclass
class Table(Resource, kind="table"):
    """One table; `arn` and `tags` come from Resource."""

    keys: Keys = field(kw_only=True)
    id: str = field(kw_only=True)
    created_at: float = field(kw_only=True)  # seconds since the epoch
    attribute_types: dict[str, str] = field(kw_only=True)  # AttributeDefinitions
    indexes: dict[str, Index] = field(kw_only=True, default_factory=dict)
    settings: dict[str, Any] = field(kw_only=True, default_factory=dict)  # other parameters of CreateTable, as given
    on_demand_since: float | None = field(kw_only=True, default=None)
    stream_label: str | None = field(kw_only=True, default=None)  # of the latest stream
    recovery_since: float | None = field(kw_only=True, default=None)  # point-in-time recovery: None if it is off
    recovery_days: int = field(kw_only=True, default=35)
    resource_policy: str | None = field(kw_only=True, default=None)
    policy_revision: str | None = field(kw_only=True, default=None)
    time_to_live: TimeToLive | None = field(kw_only=True, default=None)
    transactions: dict[str, tuple[float, Any]] = field(kw_only=True, default_factory=dict)  # token -> until, what
    items: ItemCollections = field(kw_only=True, default_factory=ItemCollections)

    @property
    def name(self) -> str:
        return self.arn.resource.removeprefix("table/")

    @property
    def policy(self) -> str | None:
        """The resource policy of the table and its indexes (R-149)."""
        return self.resource_policy

    @property
    def is_on_demand(self) -> bool:
        return bool(self.settings.get("BillingMode") == "PAY_PER_REQUEST")

    @property
    def global_indexes(self) -> list[Index]:
        return [index for index in self.indexes.values() if index.is_global]

    @property
    def local_indexes(self) -> list[Index]:
        return [index for index in self.indexes.values() if not index.is_global]

    def place(self, key: Mapping[str, AttributeValue]) -> Place:
        """Where the item with this key stands."""
        return self.keys.hash_identity(key), self.keys.range_position(key)

    def find(self, at: Place) -> Kept | None:
        """The item at a place."""
        return self.items.get(*at)

    def replace(self, at: Place, new: Kept | None, now: float) -> Kept | None:
        """What was at a place, where now is `new`, in the table and in its indexes."""
        old = self.items.get(*at)
        if new is not None:
            self.items.put(*at, new)
        elif old is not None:
            self.items.remove(*at)
        if self.time_to_live is not None:
            self.time_to_live.watch(at, new.item if new is not None else None, now)
        if self.indexes:
            serial = self.items.serial(at[0])
            for index in self.indexes.values():
                index.follow(at, serial, old, new)
        return old

    def add_index(self, index: Index) -> None:
        """Take the index in, with the items that are already there."""
        self.indexes[index.name] = index
        for at, kept in self.items.all():
            index.follow(at, self.items.serial(at[0]), None, kept)

    def watch_expiry(self, attribute: str, now: float) -> None:
        """Delete items after the time that this attribute says."""
        self.time_to_live = TimeToLive(attribute)
        for at, kept in self.items.all():
            self.time_to_live.watch(at, kept.item, now)

    def forget_transactions(self, now: float) -> None:
        """Forget the tokens that are too old to be repeated; they were kept in the order of time."""
        while self.transactions:
            token, (until, _) = next(iter(self.transactions.items()))
            if until > now:
                return
            del self.transactions[token]

    def sweep(self, now: float) -> None:
        """Delete what time to live has done with."""
        for at in self.time_to_live.due(now) if self.time_to_live is not None else ():
            self.replace(at, None, now)


def in_use(call: Call, table: Table | None) -> Table:
    """The table that an item operation names, without the items that have expired. Raises ResourceNotFoundException."""
    if table is None:
        raise ResourceNotFoundException("Requested resource not found")
    if table.time_to_live is not None:
        table.sweep(call.clock.now())
    return table


def arn_of(call: Call, name: str) -> Arn:
    """The ARN of the table that a name or ARN means."""
    return Arn.parse(name) if Arn.looks_like(name) else call.make_arn("table", table=name)


def table_named(call: Call, name: str) -> Table:
    """As `in_use`, for the name or ARN in an element of the input."""
    return in_use(call, call.find(Table, arn_of(call, name)))
