"""Time to live: which items have outlived the time that one of their attributes says.

DynamoDB deletes an expired item within days; until then reads still return it. Here that is 48 hours by the simulator's
clock after the item expired (or after it was written, or time to live turned on, if it had expired by then), so a
reader that forgets to filter expired items meets them, and `clock.advance` makes them go.
Source: Amazon DynamoDB Developer Guide, "Using time to live (TTL)": numbers only, seconds since the epoch; what expired
more than five years ago is not deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

from .item_collection import Place
from .number import decimal
from .values import AttributeValue

DELETED_AFTER_S = 48 * 3600
OLDEST_S = 5 * 365 * 24 * 3600


class TimeToLive:
    """The attribute that says when an item expires, and when which item has to go."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute
        self._deleted_at: dict[Place, float] = {}
        self._queue: list[tuple[float, int, Place]] = []  # a heap: when, a number that tells equals apart, where
        self._count = 0

    def watch(self, at: Place, item: Mapping[str, AttributeValue] | None, now: float) -> None:
        """Take note of what stands at a place now."""
        expires_at = self._expires_at(item) if item is not None else None
        if expires_at is None or expires_at < now - OLDEST_S:
            self._deleted_at.pop(at, None)
            return
        self._count += 1
        self._deleted_at[at] = max(expires_at, now) + DELETED_AFTER_S
        heappush(self._queue, (self._deleted_at[at], self._count, at))

    def due(self, now: float) -> Iterator[Place]:
        """The places of the items that have to go by now."""
        while self._queue and self._queue[0][0] <= now:
            deleted_at, _, at = heappop(self._queue)
            if self._deleted_at.get(at) == deleted_at:  # else it was written again since
                del self._deleted_at[at]
                yield at

    def _expires_at(self, item: Mapping[str, AttributeValue]) -> float | None:
        value = item.get(self.attribute)
        return float(decimal(value["N"])) if value is not None and "N" in value else None
