"""Runs a function inside a context manager, whatever kind of function it is."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

__unittest = True  # unittest leaves frames of such modules out of its tracebacks
F = TypeVar("F", bound=Callable[..., Any])


def wrapped_in(context: Callable[[], AbstractContextManager[Any]], function: F) -> F:
    """`function`, each call of which runs inside a new `context()`: also the awaiting of a coroutine function, and the
    whole life of a generator, so that a fixture's teardown is inside, too."""
    wrapper: Callable[..., Any]
    if inspect.isasyncgenfunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **options: Any) -> Any:
            with context():
                async for value in function(*args, **options):
                    yield value

    elif inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **options: Any) -> Any:
            with context():
                return await function(*args, **options)

    elif inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def wrapper(*args: Any, **options: Any) -> Any:
            with context():
                return (yield from function(*args, **options))

    else:

        @functools.wraps(function)
        def wrapper(*args: Any, **options: Any) -> Any:
            with context():
                return function(*args, **options)

    return cast(F, wrapper)
