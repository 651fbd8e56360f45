"""Output in CBOR: as JSON, but blobs and timestamps have types of their own."""

from __future__ import annotations

from typing import Any

from iamsim.protocol.json_output import JsonWriters, Writer
from iamsim.protocol.timestamps import moment_of


class CborWriters(JsonWriters):
    """Writers of one service's shapes, each made once."""

    def scalar(self, shape: Any) -> Writer:
        writers: dict[str, Writer] = {"timestamp": moment_of, "blob": _bytes, "float": float, "double": float}
        return writers.get(shape.type_name)


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)
