"""The request context: condition keys and their values, by lower-case name (K-1, L-87)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol, TypeAlias

Value: TypeAlias = "str | tuple[str, ...]"  # a text is single-valued, a tuple multivalued (L-95)


class Context(Protocol):
    """What conditions and variables are asked about."""

    def get(self, key: str, /) -> Value | None:
        """The value of the key of that lower-case name; None if the request does not have it."""


class RequestContext:
    """The context of one request, in which keys may have any letter case and values any of JSON's types.

    Few of its keys are ever asked for, so each is looked up, and its value put in form, only then.
    """

    __slots__ = ("_given", "_spelling")

    def __init__(self, given: Mapping[str, str | Sequence[str]]) -> None:
        self._given = given
        self._spelling = _spelling_of(tuple(given))

    def get(self, key: str, /) -> Value | None:
        """An empty list is an absent key (L-96); numbers and booleans are text (L-89)."""
        spelling = self._spelling.get(key)
        if spelling is None:
            return None
        value = self._given.get(spelling)
        return value if type(value) is str else _in_form(value)


@lru_cache(maxsize=1024)
def _spelling_of(keys: tuple[str, ...]) -> dict[str, str]:
    """How each key is spelled, by lower-case name. The requests of a program have few different sets of keys."""
    return {key.lower(): key for key in keys}


def _in_form(value: object) -> Value | None:
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(text_of(one) for one in value) or None
    return None if value is None else text_of(value)


def text_of(value: object) -> str:
    """`value` as a policy writes it (L-89): `true` and `false` for booleans."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
