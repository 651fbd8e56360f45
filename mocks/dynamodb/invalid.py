"""`Invalid`: what DynamoDB's validation says, in its wording; the handlers answer it as a `ValidationException`."""

from __future__ import annotations


class Invalid(ValueError):  # it is AWS's validation failure; the handlers give it its code
    """A request that DynamoDB refuses with a ValidationException; `message` is the whole text."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def invalid_parameter(text: str) -> Invalid:
    """The refusal with the opening that DynamoDB puts before most rules about values."""
    return Invalid(f"One or more parameter values were invalid: {text}")
