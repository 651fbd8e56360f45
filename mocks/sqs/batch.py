"""Batches: entries that succeed or fail one by one. Source: SQS API reference, SendMessageBatch and its kin."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from iamsim.kit import ApiError, Reply, error

EmptyBatchRequest = error("EmptyBatchRequest")
TooManyEntriesInBatchRequest = error("TooManyEntriesInBatchRequest")
BatchEntryIdsNotDistinct = error("BatchEntryIdsNotDistinct")
InvalidBatchEntryId = error("InvalidBatchEntryId")

Entry = dict[str, Any]

MAX_ENTRIES = 10
ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


def distinct_entries(entries: list[Entry]) -> None:
    """Raises what is wrong with the batch as a whole."""
    if not entries:
        raise EmptyBatchRequest("There should be at least one entry in the request.")
    if len(entries) > MAX_ENTRIES:
        raise TooManyEntriesInBatchRequest(
            f"Maximum number of entries per request are {MAX_ENTRIES}. You have sent {len(entries)}."
        )
    seen: set[str] = set()
    for entry in entries:
        name = entry.get("Id", "")
        if not ENTRY_ID.fullmatch(name):
            raise InvalidBatchEntryId(
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                "It can be at most 80 letters long."
            )
        if name in seen:
            raise BatchEntryIdsNotDistinct(f"Id {name} repeated.")
        seen.add(name)


def each_entry(entries: list[Entry], act: Callable[[Entry], Reply]) -> Reply:
    """The batch's answer: what `act` gave for each entry under `Successful`, what it raised under `Failed`."""
    successful: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for entry in entries:
        try:
            successful.append({"Id": entry["Id"], **(act(entry) or {})})
        except ApiError as failure:
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": failure.code, "Message": failure.message})
    return {name: outcomes for name, outcomes in (("Successful", successful), ("Failed", failed)) if outcomes}
