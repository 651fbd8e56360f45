"""The switches of enforcement as tests set them: decorators and context managers that are undone at their end."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from iamsim.enforcement import Enforcement
from iamsim.testing.wrap import wrapped_in

F = TypeVar("F", bound=Callable[..., object])


class Switches:
    """The enforcement in force: the innermost switch, else what the environment said when the mock started."""

    def __init__(self) -> None:
        self._pushed: list[Enforcement] = []
        self._from_environment = Enforcement(None)
        self._thread = threading.local()  # where `in_this_thread` keeps its value
        self.softened: Callable[[Enforcement], Enforcement] | None = None  # what soft mode makes of an enforcement

    def read_environment(self) -> None:
        """Take INITIAL_NO_AUTH_ACTION_COUNT as it is now, and count from here. Raises UsageError for nonsense."""
        self._from_environment = Enforcement.from_environment(os.environ)

    def current(self) -> Enforcement:
        """The enforcement in force."""
        current = self._pushed[-1] if self._pushed else self._from_environment
        current = getattr(self._thread, "enforcement", None) or current
        return current if self.softened is None else self.softened(current)

    @property
    def is_set(self) -> bool:
        """Whether a switch is in force, rather than what the environment says."""
        return bool(self._pushed) or getattr(self._thread, "enforcement", None) is not None

    @property
    def is_arranging(self) -> bool:
        """Whether this thread now calls what is never checked."""
        enforcement = getattr(self._thread, "enforcement", None)
        return enforcement is not None and enforcement.after is None

    @contextmanager
    def set(self, enforcement: Enforcement) -> Iterator[None]:
        """Put `enforcement` in force until the block ends."""
        self._pushed.append(enforcement)
        try:
            yield
        finally:
            self._pushed.remove(enforcement)

    @contextmanager
    def in_this_thread(self, enforcement: Enforcement) -> Iterator[None]:
        """Put `enforcement` in force for what this thread calls until the block ends, over every other switch."""
        before = getattr(self._thread, "enforcement", None)
        self._thread.enforcement = enforcement
        try:
            yield
        finally:
            self._thread.enforcement = before


SWITCHES = Switches()  # of this process, as os.environ is


def set_initial_no_auth_action_count(count: int) -> Callable[[F], F]:
    """Decorator: the first `count` AWS calls inside the function run unchecked, every later one is authenticated and
    authorised. Restored when the function returns or raises; counts anew on each call of it.

    Raises UsageError if `count` is not a number from 0 up.
    """
    Enforcement.of(count)
    return lambda function: wrapped_in(lambda: SWITCHES.set(Enforcement.of(count)), function)


def enable_iam_authentication() -> AbstractContextManager[None]:
    """Inside the block every AWS call is authenticated and authorised."""
    return SWITCHES.set(Enforcement(0))


def disable_iam_authentication() -> AbstractContextManager[None]:
    """Inside the block no AWS call is checked."""
    return SWITCHES.set(Enforcement(None))
