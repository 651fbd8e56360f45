"""Attributes that are replaced while a simulator is on, and put back afterwards."""

from __future__ import annotations

from typing import Any


class Patches:
    """Replacements that are undone in reverse order."""

    def __init__(self) -> None:
        self._originals: list[tuple[Any, str, Any]] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Replace the attribute `name` of `owner` (a class or module), until `undo`."""
        self._originals.append((owner, name, vars(owner)[name]))
        setattr(owner, name, value)

    def undo(self) -> None:
        """Put every original back."""
        while self._originals:
            owner, name, value = self._originals.pop()
            setattr(owner, name, value)
