"""Caches that a hostile request cannot fill with megabytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")

LONGEST = 2048  # characters; what is longer is rare, and worked out again


def remembered(count: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Makes a function of a text remember its last `count` answers, those for very long texts excepted."""

    def decorate(function: Callable[[str], T]) -> Callable[[str], T]:
        known = lru_cache(maxsize=count)(function)

        @wraps(function)
        def answer(text: str) -> T:
            return known(text) if len(text) <= LONGEST else function(text)

        return answer

    return decorate
