"""Writes of one item, prepared from their parameters and then done: alone, in a batch, or in a transaction.

write = put_of(table, {"Item": {...}, "ConditionExpression": ...})
done = write.run(now)          # raises ConditionFailed, changes nothing then
done.old, done.new             # what was kept, what is
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .condition import Condition
from .expression_parameters import condition_in, update_in
from .invalid import Invalid
from .item_collection import Kept, Place
from .size import check_item_size
from .table import Table
from .update import Update, Updated
from .values import Item, normalise_item

Params = Mapping[str, Any]


class ConditionFailed(Exception):
    """The item is not as the request wants it; `old` is the item, if there is one."""

    reason = "ConditionalCheckFailed"
    text = "The conditional request failed"

    def __init__(self, old: Item | None) -> None:
        super().__init__()
        self.old = old


class Duplicate(ConditionFailed):
    """There is an item where one should be inserted."""

    reason = "DuplicateItem"
    text = "Duplicate primary key exists in table"


class Misfit(Invalid):
    """An item or key that could be one, but not of this table. A transaction gives it as the reason of one item."""


class Done(NamedTuple):
    """A write that was done: what was there, what is now, and what an update touched."""

    old: Kept | None
    new: Kept | None
    updated: Updated | None = None


@dataclass(slots=True)
class Write:
    """One prepared write. As it stands, a condition check: nothing changes."""

    table: Table
    key: Item
    at: Place
    condition: Condition | None

    def outcome(self) -> Done:
        """What the write will have done. Raises ConditionFailed, or Invalid if the item cannot be changed so."""
        old = self.table.items.get(*self.at)
        if self.condition is not None and not self.condition.matches(old.item if old is not None else {}):
            raise ConditionFailed(old.item if old is not None else None)
        return self.change(old)

    def change(self, old: Kept | None) -> Done:
        """What the write makes of what is there."""
        return Done(old, old)

    def run(self, now: float) -> Done:
        """Do it. Raises as `outcome` does, and changes nothing then."""
        done = self.outcome()
        if done.new is not done.old:
            self.table.replace(self.at, done.new, now)
        return done


@dataclass(slots=True)
class Put(Write):
    """A whole item in place of what is there."""

    new: Kept

    def change(self, old: Kept | None) -> Done:
        return Done(old, self.new)


@dataclass(slots=True)
class Insertion(Put):
    """A whole item where nothing may be yet: PartiQL's INSERT."""

    def change(self, old: Kept | None) -> Done:
        """Raises Duplicate."""
        if old is not None:
            raise Duplicate(old.item)
        return Done(old, self.new)


@dataclass(slots=True)
class Modification(Write):
    """An update of what is there, or of nothing but the key."""

    update: Update | None

    def change(self, old: Kept | None) -> Done:
        item = old.item if old is not None else self.key
        if self.update is None:
            return Done(old, old or Kept(item, check_item_size(item)))
        updated = self.update.apply(item)
        for index in self.table.indexes.values():
            index.keys.check_index(updated.item, index.name)
        return Done(old, Kept(updated.item, check_item_size(updated.item, updating=True)), updated)


@dataclass(slots=True)
class Deletion(Write):
    """The end of what is there."""

    def change(self, old: Kept | None) -> Done:
        return Done(old, None)


def put_of(table: Table, params: Params) -> Put:
    """A put of `Item`. Raises Invalid."""
    condition = condition_in(params)
    item = normalise_item(params["Item"])
    try:
        table.keys.check_item(item)
        for index in table.indexes.values():
            index.keys.check_index(item, index.name)
        size = check_item_size(item)
    except Invalid as refusal:
        raise Misfit(refusal.message) from None
    return Put(table, item, table.place(item), condition, Kept(item, size))


def modification_of(table: Table, params: Params) -> Modification:
    """An update of the item with `Key`. Raises Invalid."""
    update, condition = update_in(params, table.keys)
    key = key_in(table, params)
    return Modification(table, key, table.place(key), condition, update)


def deletion_of(table: Table, params: Params) -> Deletion:
    """A deletion of the item with `Key`. Raises Invalid."""
    condition = condition_in(params)
    key = key_in(table, params)
    return Deletion(table, key, table.place(key), condition)


def check_of(table: Table, params: Params) -> Write:
    """A check of the item with `Key`. Raises Invalid."""
    condition = condition_in(params)
    key = key_in(table, params)
    return Write(table, key, table.place(key), condition)


def key_in(table: Table, params: Params) -> Item:
    """The normalised `Key`. Raises Misfit unless it is a whole key of the table."""
    key = normalise_item(params["Key"])
    try:
        table.keys.check_key(key)
    except Invalid as refusal:
        raise Misfit(refusal.message) from None
    return key
