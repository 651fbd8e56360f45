"""How a queue keeps its messages: what waits costs nothing, whichever way it waits."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from iamsim.mocks.sqs.agenda import Agenda
from iamsim.mocks.sqs.message import Message
from iamsim.mocks.sqs.storage import FifoStorage, StandardStorage, Storage

MANY = 10_000


def message(number: int, *, group: str = "", visible_at: float = 0.0) -> Message:
    return Message(str(number), "x", {}, {}, sent_at=0.0, visible_at=visible_at, group=group)


def filled(storage: Storage, size: int, groups: int, visible_at: float = 0.0) -> Storage:
    for number in range(size):
        storage.add(message(number, group=f"g{number % groups}", visible_at=visible_at))
    return storage


def steps(storage: Storage) -> int:
    """How many lines of Python it takes to receive one message, hide it, look for the next and delete it."""
    count = 0

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        [taken] = storage.take(1, 1.0)
        taken.receipt = "receipt"
        storage.hide(taken, 30.0)
        storage.next_visible_at()
        storage.delete(taken)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("kind", "groups"),
    [(StandardStorage, 1), (FifoStorage, 1), (FifoStorage, MANY)],
    ids=["standard", "one group", "a group each"],
)
def test_receiving_does_not_depend_on_how_many_wait(kind: Any, groups: int) -> None:
    few, many = (steps(filled(kind(), size, min(groups, size))) for size in (20, MANY))
    assert many < 3 * few


@pytest.mark.parametrize("kind", [StandardStorage, FifoStorage])
def test_nor_on_how_many_are_hidden(kind: Any) -> None:
    def with_hidden(size: int) -> Storage:
        storage: Storage = kind()
        for number in range(size):
            storage.add(message(number, group=f"h{number}", visible_at=1000.0))
        storage.add(message(size, group="visible"))
        return storage

    assert steps(with_hidden(MANY)) < 3 * steps(with_hidden(20))


class TestAgenda:
    def test_in_order_of_time_then_of_entry(self) -> None:
        agenda: Agenda[str] = Agenda()
        for thing, at in (("c", 2.0), ("a", 1.0), ("b", 1.0), ("later", 9.0)):
            agenda.put(thing, at)
        assert [agenda.take_due(5.0) for _ in range(4)] == ["a", "b", "c", None]
        assert agenda.next_at() == 9.0

    def test_the_latest_time_counts(self) -> None:
        agenda: Agenda[str] = Agenda()
        for at in (1.0, 5.0, 3.0):
            agenda.put("a", at)
        assert agenda.take_due(2.0) is None
        assert agenda.next_at() == 3.0
        assert [agenda.take_due(9.0), agenda.take_due(9.0)] == ["a", None]

    def test_discarding(self) -> None:
        agenda: Agenda[str] = Agenda()
        agenda.put("a", 1.0)
        agenda.discard("a")
        agenda.discard("never there")
        assert agenda.next_at() is None
