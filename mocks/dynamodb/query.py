"""Query: a part of one partition of a table or index, in the order of the sort key."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

from iamsim.kit import Call, Reply

from .expression_parameters import query_in
from .failures import operation_on_whole_input
from .invalid import Invalid
from .item_collection import ItemCollection, Kept, Place
from .key_condition import KeyCondition
from .reading import Source, check_select, read_page, source_in
from .table import Table, in_use
from .values import Item, position

OUTSIDE = "The provided starting key is outside query boundaries based on provided conditions"
OUTSIDE_RANGE = "The provided starting key does not match the range key predicate"


@operation_on_whole_input
def query(call: Call, table: Table | None) -> Reply:
    params = call.params
    source = source_in(in_use(call, table), params)
    selection = query_in(params, source.keys)
    assert selection.keys is not None  # noqa: S101  query_in raises for none
    check_select(source, params, selection)
    start = source.start(params)
    if start is not None:
        _check_start(start, selection.keys, source)
    forward = params.get("ScanIndexForward", True)
    return read_page(source, params, selection, entries_of(source, selection.keys, start, forward=forward))


def entries_of(
    source: Source, wanted: KeyCondition, start: Item | None, *, forward: bool
) -> Iterator[tuple[Place, Kept]]:
    """What a Query reads of a partition, after `start`."""
    partition = wanted.hash_identity
    collection = source.items.collection(partition)
    positions = collection.positions
    first = _first(collection, wanted)
    end = _end(collection, wanted, first)
    if start is not None:
        at = source.place(start)[1]
        if forward:
            first = max(first, bisect_right(positions, at))
        else:
            end = min(end, bisect_left(positions, at))
    for number in range(first, end) if forward else range(end - 1, first - 1, -1):
        yield (partition, positions[number]), collection.items[positions[number]]


def _first(collection: ItemCollection, wanted: KeyCondition) -> int:
    """The number of the first item in the range. All of a range stand together, since it is a range of sort keys."""
    fixed: tuple[Any, ...] = tuple(position(term.values[0]) for term in wanted.range if term.operator == "=")
    last = wanted.range[-1] if wanted.range else None
    if last is None or last.operator in ("=", "<", "<="):
        return bisect_left(collection.positions, fixed)
    bound = (*fixed, position(last.values[0]))
    if last.operator == ">":
        return bisect_right(collection.positions, bound, key=lambda each: each[: len(bound)])
    return bisect_left(collection.positions, bound)


def _end(collection: ItemCollection, wanted: KeyCondition, first: int) -> int:
    """The number after the last item in the range."""
    if not wanted.range:
        return len(collection.positions)
    return bisect_left(
        collection.positions, True, lo=first, key=lambda each: not wanted.in_range(collection.items[each].item)
    )


def _check_start(start: Item, wanted: KeyCondition, source: Source) -> None:
    """Raises Invalid for a start that the Query could not have come to."""
    if source.keys.hash_identity(start) != wanted.hash_identity:
        raise Invalid(OUTSIDE)
    if not wanted.in_range(start):
        raise Invalid(OUTSIDE_RANGE)
