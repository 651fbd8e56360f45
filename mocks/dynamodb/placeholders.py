"""`#name` and `:value` placeholders of one request, and what the expressions of that request may say with them.

    given = Placeholders(params.get("ExpressionAttributeNames"), params.get("ExpressionAttributeValues"))
    condition = compile_condition(..., given)
    update = compile_update(..., given)
    given.check_all_used(condition, update)     # after all expressions: one that none of them uses is an error

Source: Amazon DynamoDB Developer Guide, "Expression attribute names", "Using expression attribute values".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from . import syntax
from .invalid import Invalid
from .paths import Path
from .reserved import is_reserved
from .syntax import Expression
from .values import AttributeValue, normalise

MAX_PATH_STEPS = 32

_NAME = re.compile(r"#[A-Za-z0-9_]+")
_VALUE = re.compile(r":[A-Za-z0-9_]+")


class UsesPlaceholders(Protocol):
    """A compiled expression: knows the placeholders that it mentions."""

    @property
    def placeholders(self) -> frozenset[str]: ...


class Placeholders:
    """ExpressionAttributeNames and ExpressionAttributeValues, checked; the values are normalised."""

    def __init__(
        self, names: Mapping[str, str] | None = None, values: Mapping[str, AttributeValue] | None = None
    ) -> None:
        self.names = _checked_names(names)
        self.values = _checked_values(values)

    def check_all_used(self, *expressions: UsesPlaceholders | None) -> None:
        """Raises Invalid if a name or value was given that none of the request's expressions mentions."""
        used = {token for expression in expressions if expression is not None for token in expression.placeholders}
        for member, tokens in (("Names", self.names), ("Values", self.values)):
            idle = [token for token in tokens if token not in used]
            if idle:
                raise Invalid(
                    f"Value provided in ExpressionAttribute{member} unused in expressions: keys: {{{', '.join(idle)}}}"
                )


def _checked_names(names: Mapping[str, str] | None) -> dict[str, str]:
    if names is not None and not names:
        raise Invalid("ExpressionAttributeNames must not be empty")
    for token, name in (names or {}).items():
        if not _NAME.fullmatch(token):
            raise Invalid(f'ExpressionAttributeNames contains invalid key: Syntax error; key: "{token}"')
        if not name:
            raise Invalid(f"ExpressionAttributeNames contains invalid value: Empty attribute name for key {token}")
    return dict(names or {})


def _checked_values(values: Mapping[str, AttributeValue] | None) -> dict[str, AttributeValue]:
    if values is not None and not values:
        raise Invalid("ExpressionAttributeValues must not be empty")
    checked = {}
    for token, value in (values or {}).items():
        if not _VALUE.fullmatch(token):
            raise Invalid(f'ExpressionAttributeValues contains invalid key: Syntax error; key: "{token}"')
        try:
            checked[token] = normalise(value)
        except Invalid as failure:
            raise Invalid(
                f"ExpressionAttributeValues contains invalid value: {failure.message} for key {token}"
            ) from None
    return checked


class Scope:
    """Where one expression is read: its kind, for the messages, and the placeholders of its request."""

    def __init__(self, kind: str, given: Placeholders) -> None:
        self.kind = kind
        self.given = given

    def refusal(self, text: str) -> Invalid:
        """The error of this expression: "Invalid FilterExpression: ..."."""
        return Invalid(f"Invalid {self.kind}: {text}")

    def path(self, path: syntax.Path) -> Path:
        """The path with its names in place. Raises Invalid for a reserved word or an undefined name."""
        if len(path.steps) > MAX_PATH_STEPS:
            raise self.refusal(f"The document path has too many nesting elements; nesting levels: {len(path.steps)}")
        return tuple(step if isinstance(step, int) else self._name(step) for step in path.steps)

    def _name(self, step: str) -> str:
        if not step.startswith("#"):
            if is_reserved(step):
                raise self.refusal(f"Attribute name is a reserved keyword; reserved keyword: {step}")
            return step
        if step not in self.given.names:
            raise self.refusal(
                f"An expression attribute name used in the document path is not defined; attribute name: {step}"
            )
        return self.given.names[step]

    def value(self, value: syntax.Value) -> AttributeValue:
        """The value that a placeholder stands for. Raises Invalid for an undefined one."""
        if value.token not in self.given.values:
            raise self.refusal(
                f"An expression attribute value used in expression is not defined; attribute value: {value.token}"
            )
        return self.given.values[value.token]

    def attributes(self, expression: Expression) -> frozenset[str]:
        """The top-level attributes that an expression mentions. Raises Invalid as `path` does."""
        return frozenset(str(self.path(path)[0]) for path in expression.paths)
