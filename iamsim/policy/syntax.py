"""The text of a policy document, read as JSON and nothing beyond it. Duplicate members are refused (L-2)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"  # member names and list indexes from the document inwards


class PolicySyntaxError(ValueError):
    """A policy document that cannot be read: what is wrong, and where (line and column count from 1)."""

    def __init__(
        self, message: str, *, path: Path = (), line: int | None = None, column: int | None = None, is_json: bool = True
    ) -> None:
        super().__init__(message if line is None else f"line {line}, column {column}: {message}")
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.is_json = is_json  # False: not even JSON


class NumberText(str):
    """A JSON number, spelled as in the document (L-89)."""

    __slots__ = ()


def read(text: str) -> Any:
    """The JSON value that `text` writes. Raises PolicySyntaxError."""
    try:
        return _decoder.decode(text)
    except RecursionError:
        raise PolicySyntaxError("nested too deeply", line=1, column=1, is_json=False) from None
    except ValueError:
        from iamsim.policy.positions import explain_syntax_error

        raise explain_syntax_error(text) from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=NumberText, parse_float=NumberText, parse_constant=_refuse
)


def text_of(document: Mapping[str, Any]) -> str:
    """The JSON text of a document that is already read, from YAML for instance. Raises PolicySyntaxError."""
    try:
        return json.dumps(_plain(document), indent=2)
    except (TypeError, ValueError, RecursionError) as problem:
        raise PolicySyntaxError(f"not a policy document: {problem}") from None


def _plain(value: object) -> object:
    """`value` in JSON's types. YAML reads an unquoted `2012-10-17` as a date: it is taken as the text it was."""
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"member name `{key}` is not text")
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if isinstance(value, Sequence):
        return [_plain(element) for element in value]
    import datetime

    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"`{value}` is not a JSON value")
