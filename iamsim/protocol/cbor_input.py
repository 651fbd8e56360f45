"""Input in CBOR: as JSON, but blobs and timestamps have types of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from iamsim.protocol.json_input import SCALARS, JsonReaders, Reader, unexpected
from iamsim.protocol.timestamps import read_number


class CborReaders(JsonReaders):
    """Readers of one service's shapes, each made once."""

    def scalar(self, kind: str) -> Reader:
        return {"blob": _blob, "timestamp": _timestamp}.get(kind) or SCALARS[kind]


def _blob(value: Any) -> bytes:
    if type(value) is not bytes:
        raise unexpected(value, "Blob")
    return value


def _timestamp(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if type(value) in (int, float):
        return read_number(value)
    raise unexpected(value, "Timestamp")
