"""Output in JSON: values of the model to what `json` writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from iamsim.protocol.scalars import write_blob
from iamsim.protocol.shape_functions import ShapeFunctions
from iamsim.protocol.timestamps import epoch_seconds, writer_of

Writer = Callable[[Any], Any] | None  # None: the value as it is


def _other(value: Any) -> Any:
    """What stands for a value that JSON has no word for, where the model says nothing of its type."""
    if isinstance(value, (bytes, bytearray)):
        return write_blob(value)
    if isinstance(value, datetime):
        return epoch_seconds(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


encode = json.JSONEncoder(separators=(",", ":"), default=_other).encode


class JsonWriters(ShapeFunctions):
    """Writers of one service's shapes, each made once."""

    def writer(self, shape: Any) -> Writer:
        """The function that makes a value of this shape ready for JSON, or None if it is ready."""
        kind = shape.type_name
        if kind not in ("structure", "list", "map"):
            return self.scalar(shape)
        key = f"{shape.name} {shape.serialization}"
        make = {"structure": self._structure, "list": self._list, "map": self._map}[kind]
        writer: Writer = self.once(key, lambda: make(shape))
        return writer

    def scalar(self, shape: Any) -> Writer:
        if shape.type_name == "timestamp":
            return writer_of(shape.serialization.get("timestampFormat", "unixtimestamp"))
        return {"blob": write_blob, "float": _number, "double": _number}.get(shape.type_name)

    def wire_name(self, name: str, member: Any) -> str:
        wire: str = member.serialization.get("name", name)
        return wire

    def _structure(self, shape: Any) -> Writer:
        if shape.is_document_type:
            return None
        members = {
            name: (self.wire_name(name, member), self.writer(member))
            for name, member in shape.members.items()
            if "location" not in member.serialization and not member.serialization.get("eventheader")
        }

        def write(value: Mapping[str, Any]) -> dict[str, Any]:
            result = {}
            for name, child in value.items():
                if child is not None and name in members:
                    wire, writer = members[name]
                    result[wire] = child if writer is None else writer(child)
            return result

        return write

    def _list(self, shape: Any) -> Writer:
        item = self.writer(shape.member)
        if item is None:
            return list
        return lambda value: [None if child is None else item(child) for child in value]

    def _map(self, shape: Any) -> Writer:
        item = self.writer(shape.value)
        if item is None:
            return None
        return lambda value: {key: None if child is None else item(child) for key, child in value.items()}


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and value - value != 0:
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return value
