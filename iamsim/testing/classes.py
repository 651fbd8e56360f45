"""`mock_aws` on classes: pytest classes and unittest.TestCase, with their setup and teardown."""

from __future__ import annotations

import functools
import unittest
from types import FunctionType
from typing import Any, Protocol

from iamsim.testing.wrap import wrapped_in


class Startable(Protocol):
    """A mock."""

    def start(self) -> Any:
        """Begin."""

    def stop(self) -> None:
        """End."""


def wrap_class(mock: Any, cls: type) -> type:
    """`cls` itself, with every test (inherited ones too) inside `mock`: fresh state for each, unless `setUpClass` or
    `setup_class` arranges for all of them together."""
    if issubclass(cls, unittest.TestCase):
        _span(cls, mock, "setUpClass", "tearDownClass", unittest.TestCase)
        setattr(cls, "run", wrapped_in(lambda: mock, cls.run))  # noqa: B010
        return cls
    _span(cls, mock, "setup_class", "teardown_class", object)
    for name in dir(cls):
        method = _found(cls, name)
        if not name.startswith("_") and isinstance(method, FunctionType) and name not in HOOKS:
            setattr(cls, name, wrapped_in(lambda: mock, method))
    _around_each_method(cls, mock)
    return cls


HOOKS = frozenset({"setup_method", "teardown_method", "setup_class", "teardown_class"})


def _found(cls: type, name: str) -> Any:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def _span(cls: type, mock: Startable, setup: str, teardown: str, stop_at: type) -> None:
    """Keep `mock` on from the class's own `setup` to its `teardown`."""
    own = next((base for base in cls.__mro__ if setup in vars(base)), stop_at)
    if own is stop_at:
        return
    original_setup, original_teardown = getattr(cls, setup).__func__, getattr(cls, teardown, None)

    @functools.wraps(original_setup)
    def start(each: Any, *args: Any) -> None:
        mock.start()
        try:
            original_setup(each, *args)
        except BaseException:
            mock.stop()
            raise

    def stop(each: Any, *args: Any) -> None:
        try:
            if original_teardown is not None:
                original_teardown.__func__(each, *args)
        finally:
            mock.stop()

    setattr(cls, setup, classmethod(start))
    setattr(cls, teardown, classmethod(stop))


def _around_each_method(cls: type, mock: Startable) -> None:
    """Keep `mock` on from before `setup_method` to after `teardown_method` of each test."""
    original_setup, original_teardown = _found(cls, "setup_method"), _found(cls, "teardown_method")

    def setup_method(self: Any, method: Any) -> None:
        mock.start()
        try:
            if original_setup is not None:
                _call_hook(original_setup, self, method)
        except BaseException:
            mock.stop()
            raise

    def teardown_method(self: Any, method: Any) -> None:
        try:
            if original_teardown is not None:
                _call_hook(original_teardown, self, method)
        finally:
            mock.stop()

    setattr(cls, "setup_method", setup_method)  # noqa: B010
    setattr(cls, "teardown_method", teardown_method)  # noqa: B010


def _call_hook(hook: Any, self: Any, method: Any) -> None:
    """pytest lets the hook take the method or not."""
    takes_method = hook.__code__.co_argcount > 1
    hook(self, method) if takes_method else hook(self)
