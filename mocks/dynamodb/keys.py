"""The key attributes of a table or index, and what an item must hold in them.

    keys = Keys.of(("pk", "S"), ("sk", "N"))
    keys.check_item(item)        # PutItem: the keys are there, of the right type, not empty, not too long
    keys.check_key(key)          # GetItem, UpdateItem, DeleteItem: the key and nothing else
    keys.check_index(item, "by-date")  # a secondary index: the attributes may be missing
    keys.identity(item)          # hashable: equal for items with the same key
    keys.range_position(item)    # sorts items of one partition as Query returns them

Items and keys are normalised (`values.normalise_item`) before they come here. A table has one partition key and at most
one sort key; a global secondary index may have up to four attributes of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .invalid import Invalid, invalid_parameter
from .size import value_bytes
from .values import AttributeValue, Item, position, type_of

MAX_HASH_BYTES = 2048
MAX_RANGE_BYTES = 1024

_NO_MATCH = "The provided key element does not match the schema"


@dataclass(frozen=True)
class Keys:
    """Partition key (`hash`) and sort key (`range`) attributes with their types, in the order of the key schema."""

    hash: tuple[str, ...]
    range: tuple[str, ...]
    types: Mapping[str, str]

    @classmethod
    def of(cls, hash_key: tuple[str, str], range_key: tuple[str, str] | None = None) -> Keys:
        """The keys of a table: the name and the type of each."""
        pairs = [hash_key, range_key] if range_key else [hash_key]
        return cls((hash_key[0],), (range_key[0],) if range_key else (), dict(pairs))

    @property
    def names(self) -> tuple[str, ...]:
        return self.hash + self.range

    def key_of(self, item: Mapping[str, AttributeValue]) -> Item:
        """The item's key attributes alone."""
        return {name: item[name] for name in self.names}

    def identity(self, item: Mapping[str, AttributeValue]) -> tuple[Any, ...]:
        """The values of all key attributes, hashable; equal exactly for equal keys."""
        return tuple(item[name][self.types[name]] for name in self.names)

    def hash_identity(self, item: Mapping[str, AttributeValue]) -> tuple[Any, ...]:
        """The values of the partition key alone, hashable."""
        return tuple(item[name][self.types[name]] for name in self.hash)

    def range_position(self, item: Mapping[str, AttributeValue]) -> tuple[Any, ...]:
        """Where the item stands in its partition; empty if there is no sort key."""
        return tuple(position(item[name]) for name in self.range)

    def check_item(self, item: Mapping[str, AttributeValue]) -> None:
        """Raises Invalid unless the item could be put: every key attribute is there, well-typed and of a good size."""
        for name in self.names:
            if name not in item:
                raise invalid_parameter(f"Missing the key {name} in the item")
            found = type_of(item[name])
            if found != self.types[name]:
                raise invalid_parameter(f"Type mismatch for key {name} expected: {self.types[name]} actual: {found}")
        self._check_values(item)

    def check_key(self, key: Mapping[str, AttributeValue]) -> None:
        """Raises Invalid unless `key` is one whole key and nothing else."""
        if key.keys() != set(self.names) or any(type_of(key[name]) != self.types[name] for name in self.names):
            raise Invalid(_NO_MATCH)
        self._check_values(key)

    def check_index(self, item: Mapping[str, AttributeValue], index: str) -> None:
        """Raises Invalid if an attribute that is a key of this secondary index could not be one; it may be missing."""
        for name in self.names:
            if name not in item:
                continue
            value = item[name]
            found, expected = type_of(value), self.types[name]
            if found != expected:
                raise invalid_parameter(
                    f"Type mismatch for Index Key {name} Expected: {expected} Actual: {found} IndexName: {index}"
                )
            if not value[found]:
                raise Invalid(
                    "One or more parameter values are not valid. A value specified for a secondary index key is not "
                    f"supported. The AttributeValue for a key attribute cannot contain an empty {_WORDS[found]} value. "
                    f"IndexName: {index}, IndexKey: {name}"
                )

    def _check_values(self, item: Mapping[str, AttributeValue]) -> None:
        for name in self.names:
            refuse_empty(name, item[name])
        if any(value_bytes(item[name]) > MAX_HASH_BYTES for name in self.hash):
            raise invalid_parameter(f"Size of hashkey has exceeded the maximum size limit of{MAX_HASH_BYTES} bytes")
        if any(value_bytes(item[name]) > MAX_RANGE_BYTES for name in self.range):
            raise invalid_parameter(
                f"Aggregated size of all range keys has exceeded the size limit of {MAX_RANGE_BYTES} bytes"
            )


_WORDS = {"S": "string", "B": "binary"}


def refuse_empty(name: str, value: AttributeValue) -> None:
    """Raises Invalid for an empty string or binary, which no key attribute may hold."""
    kind = type_of(value)
    if kind in _WORDS and not value[kind]:
        raise Invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            f"empty {_WORDS[kind]} value. Key: {name}"
        )
