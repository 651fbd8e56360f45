"""How a mock's module declares what it has: `@operation`, `@before_every_operation`, `@identity`, `@provides`, `error`.

The marks are read when the loader loads the mock; nothing is registered at import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from iamsim.errors import ApiError

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

OPERATION = "__iamsim_operation__"
READS = "__iamsim_reads__"
BEFORE = "__iamsim_before__"
IDENTITY = "__iamsim_identity__"
PROVIDES = "__iamsim_provides__"


def operation(function: F) -> F:
    """This function is the operation of its name: `create_queue` is CreateQueue."""
    setattr(function, OPERATION, "named parameters")
    return function


def operation_on_whole_input(function: F) -> F:
    """As `operation`, for a function that reads `call.params` itself: no parameter of it is reported as unsupported."""
    setattr(function, OPERATION, "whole input")
    return function


def before_every_operation(function: F) -> F:
    """This function of the call runs before every operation of its mock, once it is allowed. What it raises is said."""
    setattr(function, BEFORE, True)
    return function


def operation_that_reads(*members: str) -> Callable[[F], F]:
    """As `operation`, for a function that reads these members of `call.params` itself; any other that is given warns.

    For operations that share dozens of members, some of which an older botocore does not know.
    """

    def mark(function: F) -> F:
        setattr(function, READS, frozenset(members))
        return operation(function)

    return mark


def identity(name: str) -> Callable[[F], F]:
    """This function turns a value that service.yaml calls `name` into the ARN that it names.

    It takes the call and the value; a ValueError means that the value cannot be read.
    """

    def mark(function: F) -> F:
        setattr(function, IDENTITY, name)
        return function

    return mark


def provides(protocol: type) -> Callable[[C], C]:
    """This class, made with the Cloud, answers for `protocol` (such as PolicySource)."""

    def mark(cls: C) -> C:
        setattr(cls, PROVIDES, protocol)
        return cls

    return mark


def error(code: str, *, status: int | None = None) -> type[ApiError]:
    """The error `code` of the mock's service. `status` only for one that botocore's model does not have."""
    return type(code.replace(".", "_"), (ApiError,), {"code": code, "status": status})
