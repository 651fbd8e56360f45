"""Functions made from shapes of a model: readers of input, writers of output."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any


class ShapeFunctions:
    """Makes the function of each shape once, also of shapes that hold themselves, and for any number of threads."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._lock = RLock()

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gave the first time. While it makes it, `key` means a function that looks it up when called."""
        with self._lock:
            if key not in self._made:
                self._made[key] = lambda *arguments: self._made[key](*arguments)
                try:
                    self._made[key] = make()
                except BaseException:
                    del self._made[key]
                    raise
            return self._made[key]
