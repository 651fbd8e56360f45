"""The messages of a queue, in the order in which they may be handed out. What waits does not slow down what moves."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from typing import Protocol

from .message import Message


class Storage(Protocol):
    """Where a queue keeps its messages. Times are in seconds since the epoch."""

    def add(self, message: Message) -> None:
        """Keep a new message, or one that comes from another queue."""

    def take(self, limit: int, now: float) -> Iterator[Message]:
        """Up to `limit` messages that may be handed out now; the caller then hides each or deletes it."""

    def hide(self, message: Message, until: float) -> None:
        """Let nobody receive `message` before `until`."""

    def delete(self, message: Message) -> None:
        """Forget `message`."""

    def next_visible_at(self) -> float | None:
        """When the next hidden message may be handed out; None if none is hidden."""

    def clear(self) -> None:
        """Forget them all."""

    def next_sequence(self) -> int:
        """The number of the next message, from 1 up."""

    def get(self, message_id: str) -> Message | None:
        """The message of that id, or None."""

    def __iter__(self) -> Iterator[Message]:
        """All messages, oldest first."""

    def count(self, now: float, retention_s: int) -> tuple[int, int, int]:
        """How many are visible, in flight and delayed."""


class _Storage:
    """All messages by id; and what every storage does alike."""

    def __init__(self) -> None:
        self._all: dict[str, Message] = {}
        self._sequence = 0

    def next_sequence(self) -> int:
        """The number of the next message, from 1 up."""
        self._sequence += 1
        return self._sequence

    def get(self, message_id: str) -> Message | None:
        """The message of that id, or None."""
        return self._all.get(message_id)

    def __iter__(self) -> Iterator[Message]:
        return iter(list(self._all.values()))

    def count(self, now: float, retention_s: int) -> tuple[int, int, int]:
        visible = in_flight = delayed = 0
        for message in self._all.values():
            if message.sent_at + retention_s <= now:
                continue
            if message.visible_at <= now:
                visible += 1
            elif message.is_in_flight(now):
                in_flight += 1
            else:
                delayed += 1
        return visible, in_flight, delayed


class StandardStorage(_Storage):
    """Visible messages in a line; hidden ones in a heap by when they become visible."""

    def __init__(self) -> None:
        super().__init__()
        self._visible: deque[Message] = deque()
        self._hidden: list[tuple[float, int, Message]] = []

    def add(self, message: Message) -> None:
        self._all[message.id] = message
        if message.visible_at <= message.sent_at:
            self._visible.append(message)
        else:
            heapq.heappush(self._hidden, (message.visible_at, message.sequence, message))

    def take(self, limit: int, now: float) -> Iterator[Message]:
        self._reveal(now)
        while limit > 0 and self._visible:
            message = self._visible.popleft()
            if not message.is_deleted:
                limit -= 1
                yield message

    def hide(self, message: Message, until: float) -> None:
        message.visible_at = until
        heapq.heappush(self._hidden, (until, message.sequence, message))

    def delete(self, message: Message) -> None:
        message.is_deleted = True
        self._all.pop(message.id, None)

    def next_visible_at(self) -> float | None:
        self._forget_stale()
        return self._hidden[0][0] if self._hidden else None

    def clear(self) -> None:
        for message in self._all.values():
            message.is_deleted = True
        self._all.clear()
        self._visible.clear()
        self._hidden.clear()

    def _reveal(self, now: float) -> None:
        self._forget_stale()
        while self._hidden and self._hidden[0][0] <= now:
            self._visible.append(heapq.heappop(self._hidden)[2])
            self._forget_stale()

    def _forget_stale(self) -> None:
        """Drop entries of deleted messages, and of those that were hidden again for another time."""
        while self._hidden and (self._hidden[0][2].is_deleted or self._hidden[0][2].visible_at != self._hidden[0][0]):
            heapq.heappop(self._hidden)


class FifoStorage(_Storage):
    """Messages by group, in order; a group whose first message is hidden waits."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: dict[str, deque[Message]] = {}

    def add(self, message: Message) -> None:
        self._all[message.id] = message
        self._groups.setdefault(message.group or "", deque()).append(message)

    def take(self, limit: int, now: float) -> Iterator[Message]:
        for group in list(self._groups.values()):
            for message in list(group):
                if limit <= 0 or message.visible_at > now:
                    break
                limit -= 1
                yield message

    def hide(self, message: Message, until: float) -> None:
        message.visible_at = until

    def delete(self, message: Message) -> None:
        message.is_deleted = True
        self._all.pop(message.id, None)
        group = self._groups.get(message.group or "")
        if group is not None:
            if message in group:
                group.remove(message)
            if not group:
                del self._groups[message.group or ""]

    def next_visible_at(self) -> float | None:
        return min((group[0].visible_at for group in self._groups.values()), default=None)

    def clear(self) -> None:
        for message in self._all.values():
            message.is_deleted = True
        self._all.clear()
        self._groups.clear()
