"""Which expression parameters of a request go together; checked before any of them is read.

    refuse_mixture({"Expected": params.get("Expected")}, {"ConditionExpression": params.get("ConditionExpression")})
    refuse_idle_placeholders(names, values, {"ConditionExpression": params.get("ConditionExpression")})

Parameters are given by name, in the order in which the messages should name them; None is one that the request lacks.
"""

from __future__ import annotations

from collections.abc import Mapping

from .invalid import Invalid


def refuse_mixture(legacy: Mapping[str, object], expressions: Mapping[str, object]) -> None:
    """Raises Invalid for a request with legacy parameters beside expressions."""
    old = [name for name, value in legacy.items() if value is not None]
    new = [name for name, value in expressions.items() if value is not None]
    if old and new:
        raise Invalid(
            "Can not use both expression and non-expression parameters in the same request: "
            f"Non-expression parameters: {{{', '.join(old)}}} Expression parameters: {{{', '.join(new)}}}"
        )


def refuse_idle_placeholders(
    names: object, values: object, expressions: Mapping[str, object], projection: object = None
) -> None:
    """Raises Invalid for placeholders in a request without an expression that could use them.

    `expressions` are those that can use names and values; a ProjectionExpression uses names only.
    """
    if any(value is not None for value in expressions.values()):
        return
    if names is not None and projection is None:
        raise Invalid("ExpressionAttributeNames can only be specified when using expressions")
    if values is not None:
        absent = " and ".join(expressions)
        verb = "are" if len(expressions) > 1 else "is"
        raise Invalid(f"ExpressionAttributeValues can only be specified when using expressions: {absent} {verb} null")
