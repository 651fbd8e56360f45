"""The errors that several modules raise, and operation marks that answer the library's refusals with one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from iamsim import kit

from .invalid import Invalid

ValidationException = kit.error("ValidationException", status=400)
ResourceNotFoundException = kit.error("ResourceNotFoundException")
ResourceInUseException = kit.error("ResourceInUseException")

F = TypeVar("F", bound=Callable[..., Any])


def operation(function: F) -> F:
    """As the kit's `operation`; what raises `Invalid` is answered as a ValidationException."""
    return kit.operation(_answering(function))


def operation_on_whole_input(function: F) -> F:
    """As the kit's `operation_on_whole_input`; what raises `Invalid` is answered as a ValidationException."""
    return kit.operation_on_whole_input(_answering(function))


def _answering(function: F) -> F:
    @wraps(function)
    def answer(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except Invalid as refusal:
            raise ValidationException(refusal.message) from None

    return answer  # type: ignore[return-value]  # of the same signature
