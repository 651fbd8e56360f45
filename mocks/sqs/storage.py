"""The messages of a queue, in the order in which they may be handed out. What waits does not slow down what moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from .agenda import Agenda
from .message import MAX_RECEIVED, Message


class Storage(Protocol):
    """Where a queue keeps its messages. Times are in seconds since the epoch."""

    def add(self, message: Message) -> None:
        """Keep a new message, or one that comes from another queue."""

    def take(self, limit: int, now: float) -> list[Message]:
        """Up to `limit` messages that may be handed out now; the caller then hides each, or deletes it."""

    def hide(self, message: Message, until: float) -> None:
        """Let nobody receive `message` before `until`."""

    def delete(self, message: Message) -> None:
        """Forget `message`."""

    def clear(self) -> None:
        """Forget them all."""

    def next_visible_at(self) -> float | None:
        """When the next message may be handed out; None if there is none."""

    def get(self, message_id: str) -> Message | None:
        """The message of that id, or None."""

    def __iter__(self) -> Iterator[Message]:
        """All messages."""


class _Storage:
    """All messages by id."""

    def __init__(self) -> None:
        self._all: dict[str, Message] = {}

    def get(self, message_id: str) -> Message | None:
        return self._all.get(message_id)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._all.values())

    def _forget(self, message: Message) -> None:
        del self._all[message.id]
        message.receipt = None  # nobody can do anything with it any more


class StandardStorage(_Storage):
    """Every message for itself."""

    def __init__(self) -> None:
        super().__init__()
        self._agenda: Agenda[Message] = Agenda()

    def add(self, message: Message) -> None:
        self._all[message.id] = message
        self._agenda.put(message, message.visible_at)

    def take(self, limit: int, now: float) -> list[Message]:
        taken: list[Message] = []
        while len(taken) < limit and (message := self._agenda.take_due(now)) is not None:
            taken.append(message)
        return taken

    def hide(self, message: Message, until: float) -> None:
        message.visible_at = until
        self._agenda.put(message, until)

    def delete(self, message: Message) -> None:
        self._forget(message)
        self._agenda.discard(message)

    def clear(self) -> None:
        for message in list(self):
            self._forget(message)
        self._agenda.clear()

    def next_visible_at(self) -> float | None:
        return self._agenda.next_at()


class FifoStorage(_Storage):
    """Message groups, each in the order in which it was sent. While a message of a group is in flight, the group waits.

    Invariant: what is in flight of a group is among its first `MAX_RECEIVED` messages, since one ReceiveMessage took it
    and nothing else was taken since. Source: SQS Developer Guide, FIFO-queues-understanding-logic.
    """

    def __init__(self) -> None:
        super().__init__()
        self._groups: dict[str, deque[Message]] = {}
        self._agenda: Agenda[str] = Agenda()  # the groups

    def add(self, message: Message) -> None:
        self._all[message.id] = message
        group = self._groups.setdefault(message.group, deque())
        group.append(message)
        if len(group) == 1:
            self._agenda.put(message.group, message.visible_at)

    def take(self, limit: int, now: float) -> list[Message]:
        taken: list[Message] = []
        while len(taken) < limit and (name := self._agenda.take_due(now)) is not None:
            for message in islice(self._groups[name], limit - len(taken)):
                if message.visible_at > now:  # delayed
                    break
                taken.append(message)
        return taken

    def hide(self, message: Message, until: float) -> None:
        message.visible_at = until
        self._reschedule(message.group)

    def delete(self, message: Message) -> None:
        self._forget(message)
        self._groups[message.group].remove(message)  # near its start
        self._reschedule(message.group)

    def clear(self) -> None:
        for message in list(self):
            self._forget(message)
        self._groups.clear()
        self._agenda.clear()

    def next_visible_at(self) -> float | None:
        return self._agenda.next_at()

    def _reschedule(self, name: str) -> None:
        """The group is due when its first message is visible and none of it is in flight any more."""
        group = self._groups[name]
        if not group:
            del self._groups[name]
            self._agenda.discard(name)
            return
        received = [message.visible_at for message in islice(group, MAX_RECEIVED) if message.receipt is not None]
        self._agenda.put(name, max([group[0].visible_at, *received]))
