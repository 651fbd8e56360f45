"""Input in JSON: parsed values to the types of the model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from iamsim.protocol.malformed import Malformed
from iamsim.protocol.scalars import LARGEST_LONG, read_blob, read_string
from iamsim.protocol.shape_functions import ShapeFunctions
from iamsim.protocol.timestamps import read_number, read_text

Reader = Callable[[Any], Any]

WORDS = {str: "STRING_VALUE", bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", type(None): "NULL_VALUE"}
NOT_NUMBERS = {"NaN", "Infinity", "-Infinity"}


def unexpected(value: Any, wanted: str) -> Malformed:
    """What AWS's front end says when a value is of the wrong kind."""
    if isinstance(value, dict):
        return Malformed("Start of structure or map found where not expected.")
    if isinstance(value, list):
        return Malformed("Start of list found where not expected")
    word = "FALSE_VALUE" if value is False else WORDS.get(type(value), "VALUE")
    return Malformed(f"{word} cannot be converted to {wanted}")


class JsonReaders(ShapeFunctions):
    """Readers of one service's shapes, each made once."""

    def reader(self, shape: Any) -> Reader:
        """The function that reads a parsed JSON value into a value of this shape."""
        kind = shape.type_name
        if kind in SCALARS:
            return self.scalar(kind)
        key = f"{shape.name} {shape.serialization}"
        make = {"structure": self._structure, "list": self._list, "map": self._map}[kind]
        reader: Reader = self.once(key, lambda: make(shape))
        return reader

    def scalar(self, kind: str) -> Reader:
        return SCALARS[kind]

    def wire_name(self, name: str, member: Any) -> str:
        wire: str = member.serialization.get("name", name)
        return wire

    def _structure(self, shape: Any) -> Reader:
        if shape.is_document_type:
            return lambda value: value
        members = {
            self.wire_name(name, member): (name, self.reader(member))
            for name, member in shape.members.items()
            if "location" not in member.serialization
        }

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise unexpected(value, "Structure")
            result = {}
            for wire, child in value.items():
                if child is not None and wire in members:
                    name, reader = members[wire]
                    result[name] = reader(child)
            return result

        return read

    def _list(self, shape: Any) -> Reader:
        item = self.reader(shape.member)
        sparse = _is_sparse(shape)

        def read(value: Any) -> list[Any]:
            if type(value) is not list:
                raise unexpected(value, "List")
            if sparse:
                return [None if child is None else item(child) for child in value]
            return [item(child) for child in value]

        return read

    def _map(self, shape: Any) -> Reader:
        key_reader, value_reader = self.reader(shape.key), self.reader(shape.value)
        sparse = _is_sparse(shape)

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise unexpected(value, "Map")
            return {
                key_reader(key): None if child is None else value_reader(child)
                for key, child in value.items()
                if sparse or child is not None
            }

        return read


def _is_sparse(shape: Any) -> bool:
    return bool(getattr(shape, "_shape_model", {}).get("sparse"))


def _string(value: Any) -> str:
    if type(value) is not str:
        raise unexpected(value, "String")
    return value if value.isascii() else read_string(value)


def _integer(value: Any) -> int:
    if type(value) is int or (type(value) is float and value.is_integer()):
        if abs(value) > LARGEST_LONG + 1:
            raise Malformed("NUMBER_VALUE is out of range")
        return int(value)
    raise unexpected(value, "Integer")


def _float(value: Any) -> float:
    if type(value) in (int, float) or (type(value) is str and value in NOT_NUMBERS):
        try:
            return float(value)
        except OverflowError:
            raise Malformed("NUMBER_VALUE is out of range") from None
    raise unexpected(value, "Double")


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise unexpected(value, "Boolean")
    return value


def _blob(value: Any) -> bytes:
    if type(value) is not str:
        raise unexpected(value, "Blob")
    return read_blob(value)


def _timestamp(value: Any) -> datetime:
    if type(value) is str:
        return read_text(value)
    if type(value) in (int, float):
        return read_number(value)
    raise unexpected(value, "Timestamp")


SCALARS: dict[str, Reader] = {
    "string": _string,
    "character": _string,
    "integer": _integer,
    "long": _integer,
    "float": _float,
    "double": _float,
    "boolean": _boolean,
    "blob": _blob,
    "timestamp": _timestamp,
}
