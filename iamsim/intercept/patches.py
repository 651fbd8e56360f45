"""Attributes that are replaced while a simulator is on, and put back afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class Patches:
    """Replacements that are undone in reverse order."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Replace the attribute `name` of `owner` (a class or module), until `undo`."""
        self._undo.append(partial(setattr, owner, name, vars(owner)[name]))
        setattr(owner, name, value)

    def when_imported(self, name: str, patch: Callable[[Any], None]) -> None:
        """Call `patch` with the module `name`: now if it is imported, else if and when it is, until `undo`.

        So a library that nobody uses is not imported, nor even looked for.
        """
        if name in sys.modules:
            patch(sys.modules[name])
            return
        finder = _Finder(name, patch)
        sys.meta_path.insert(0, finder)
        self._undo.append(finder.stop)

    def undo(self) -> None:
        """Put every original back."""
        while self._undo:
            self._undo.pop()()


class _Finder:
    """Finds one module as all other finders do, and patches it as soon as it has run."""

    def __init__(self, name: str, patch: Callable[[Any], None]) -> None:
        self.name = name
        self.patch = patch
        self.waits = True

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.name or not self.waits:
            return None
        self.waits = False  # the others look now
        try:
            spec = find_spec(name)
        finally:
            self.waits = True
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            if module.__name__ == self.name and self.waits:
                self.stop()
                self.patch(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec

    def stop(self) -> None:
        """Wait no longer."""
        self.waits = False
        if self in sys.meta_path:
            sys.meta_path.remove(self)
