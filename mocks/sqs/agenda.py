"""An agenda: things, and when each of them is due."""

from __future__ import annotations

import heapq
from typing import Generic, TypeVar

T = TypeVar("T")


class Agenda(Generic[T]):
    """Things in the order in which they are due; of two that are due together, the one put down first comes first.

    Invariant: each thing is due at one time, that of the latest `put`. All steps cost no more than the logarithm of
    how many things there are.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, T]] = []  # when, number of the entry, thing
        self._valid: dict[T, int] = {}  # the number of each thing's one valid entry
        self._entries = 0

    def put(self, thing: T, at: float) -> None:
        """`thing` is due at `at`, whatever was said of it before."""
        self._entries += 1
        self._valid[thing] = self._entries
        heapq.heappush(self._heap, (at, self._entries, thing))

    def discard(self, thing: T) -> None:
        """`thing` is no longer due at all."""
        self._valid.pop(thing, None)

    def clear(self) -> None:
        """Nothing is due."""
        self._heap.clear()
        self._valid.clear()

    def next_at(self) -> float | None:
        """When the next thing is due; None if nothing is."""
        while self._heap and self._valid.get(self._heap[0][2]) != self._heap[0][1]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take_due(self, now: float) -> T | None:
        """The first thing that is due, off the agenda; None if nothing is."""
        at = self.next_at()
        if at is None or at > now:
            return None
        thing = heapq.heappop(self._heap)[2]
        del self._valid[thing]
        return thing
