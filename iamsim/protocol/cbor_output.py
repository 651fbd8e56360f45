"""Output in CBOR: as JSON, but blobs and timestamps have types of their own."""

from __future__ import annotations

from typing import Any

from iamsim.protocol.cbor import Moment
from iamsim.protocol.json_output import JsonWriters, Writer
from iamsim.protocol.timestamps import epoch_seconds, moment_of


class CborWriters(JsonWriters):
    """Writers of one service's shapes, each made once. `in_milliseconds`: how they write timestamps."""

    def __init__(self, *, in_milliseconds: bool = False) -> None:
        super().__init__()
        self._moment: Writer = _milliseconds if in_milliseconds else moment_of

    def scalar(self, shape: Any) -> Writer:
        writers: dict[str, Writer] = {"timestamp": self._moment, "blob": _bytes, "float": float, "double": float}
        return writers.get(shape.type_name)


def _milliseconds(value: Any) -> Moment:
    return Moment(round(epoch_seconds(value) * 1000))


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)
