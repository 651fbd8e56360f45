"""Scalar values in text: query parameters, XML elements, headers and labels."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from iamsim.protocol.malformed import Malformed
from iamsim.protocol.timestamps import read_text

INTEGER = re.compile(r"[+-]?\d{1,25}", re.ASCII)
LARGEST_LONG = 2**63 - 1


def read_string(text: str) -> str:
    """The text itself. Raises Malformed if its bytes were not UTF-8."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Malformed("The request is not valid UTF-8") from None
    return text


def read_integer(text: str) -> int:
    text = text.strip()
    if not INTEGER.fullmatch(text) or abs(value := int(text)) > LARGEST_LONG + 1:
        raise Malformed(f"{text[:100]!r} is not a valid integer")
    return value


def read_float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Malformed(f"{text[:100]!r} is not a valid number") from None


def read_boolean(text: str) -> bool:
    value = text.strip().lower()
    if value not in ("true", "false"):
        raise Malformed(f"{text[:100]!r} is not a valid boolean")
    return value == "true"


def read_blob(text: str) -> bytes:
    """The bytes. Blanks and line ends, which some encoders put in, do not matter; any other character does."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise Malformed("The value is not valid base64") from None


TEXT_READERS: dict[str, Callable[[str], Any]] = {
    "string": read_string,
    "character": read_string,
    "integer": read_integer,
    "long": read_integer,
    "float": read_float,
    "double": read_float,
    "boolean": read_boolean,
    "blob": read_blob,
    "timestamp": read_text,
}


def write_float(value: Any) -> str:
    """`Infinity`, `-Infinity` and `NaN` for what is no number."""
    number = float(value)
    if number - number != 0:
        return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"
    return str(value)


def write_boolean(value: Any) -> str:
    return "true" if value else "false"


def write_blob(value: Any) -> str:
    if isinstance(value, str):
        value = value.encode()
    return binascii.b2a_base64(value, newline=False).decode("ascii")


TEXT_WRITERS: dict[str, Callable[[Any], str]] = {
    "string": str,
    "character": str,
    "integer": str,
    "long": str,
    "float": write_float,
    "double": write_float,
    "boolean": write_boolean,
    "blob": write_blob,
}
