"""Time to live: which items have outlived the time that one of their attributes says.

DynamoDB deletes an expired item within days; until then reads still return it. Here that is 48 hours by the simulator's
clock after the item expired (or after it was written, or time to live turned on, if it had expired by then), so a reader
that forgets to filter expired items meets them, and `clock.advance` makes them go.
Source: Amazon DynamoDB Developer Guide, "Using time to live (TTL)": numbers only, seconds since the epoch; what expired more
than five years ago is not deleted.
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
    """The attribute that says when an item expires, and when to look at which item."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute
        self._watched: list[tuple[float, int, Place]] = []  # a heap: when, a number that tells equals apart, where
        self._count = 0

    def watch(self, at: Place, item: Mapping[str, AttributeValue], now: float) -> None:
        """Look at this item again when it may have to go."""
        expires_at = self._expires_at(item)
        if expires_at is not None and expires_at > now - OLDEST_S:
            self._count += 1
            heappush(self._watched, (max(expires_at, now) + DELETED_AFTER_S, self._count, at))

    def due(self, now: float) -> Iterator[Place]:
        """The places of items that may have to go by now, each once."""
        while self._watched and self._watched[0][0] <= now:
            yield heappop(self._watched)[2]

    def is_over(self, item: Mapping[str, AttributeValue], now: float) -> bool:
        """Whether the item has expired long enough ago; it may have been written again since it was watched."""
        expires_at = self._expires_at(item)
        return expires_at is not None and expires_at + DELETED_AFTER_S <= now

    def _expires_at(self, item: Mapping[str, AttributeValue]) -> float | None:
        value = item.get(self.attribute)
        return float(decimal(value["N"])) if value is not None and "N" in value else None
