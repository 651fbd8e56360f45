"""Scan: everything in a table or index, or one segment of it."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from iamsim.kit import Call, Reply

from .expression_parameters import scan_in
from .failures import operation_on_whole_input
from .invalid import Invalid
from .item_collection import Kept, Partition, Place
from .reading import Params, check_select, read_page, source_in
from .table import Table, in_use


@operation_on_whole_input
def scan(call: Call, table: Table | None) -> Reply:
    params = call.params
    source = source_in(in_use(call, table), params)
    _check_segment(params)
    selection = scan_in(params)
    check_select(source, params, selection)
    start = source.start(params)
    if start is None:
        entries = source.items.all()
    else:
        at = source.place(start)
        if not _in_segment(at[0], params):
            raise Invalid(
                "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with "
                f"correct Segment. TotalSegments: {params['TotalSegments']} Segment: {params['Segment']}"
            )
        entries = source.items.after(*at)
    return read_page(source, params, selection, _of_segment(entries, params))


def _of_segment(entries: Iterator[tuple[Place, Kept]], params: Params) -> Iterator[tuple[Place, Kept]]:
    return (entry for entry in entries if _in_segment(entry[0][0], params)) if "Segment" in params else entries


def _in_segment(partition: Partition, params: Params) -> bool:
    """Whether the partition is in the segment that is asked for. A partition is in the same one for every Scan."""
    return "Segment" not in params or crc32(repr(partition).encode()) % params["TotalSegments"] == params["Segment"]


def _check_segment(params: Params) -> None:
    segment, total = params.get("Segment"), params.get("TotalSegments")
    if segment is None and total is not None:
        raise Invalid(
            "The Segment parameter is required but was not present in the request when parameter TotalSegments is "
            "present"
        )
    if segment is not None and total is None:
        raise Invalid(
            "The TotalSegments parameter is required but was not present in the request when Segment parameter is "
            "present"
        )
    if segment is not None and total is not None and segment >= total:
        raise Invalid(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            f"Segment: {segment} is not less than TotalSegments: {total}"
        )
