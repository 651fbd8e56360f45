"""Input in CBOR: as JSON, but blobs and timestamps have types of their own.

Source: Smithy, rpc-v2-cbor; AWS SDK for Java 2.x, `application/x-amz-cbor-1.1`, whose timestamps are in milliseconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from iamsim.protocol.cbor import Moment
from iamsim.protocol.json_input import SCALARS, JsonReaders, Reader, unexpected
from iamsim.protocol.timestamps import read_number


class CborReaders(JsonReaders):
    """Readers of one service's shapes, each made once. `ticks` are the units of a timestamp in a second."""

    def __init__(self, ticks: int = 1) -> None:
        super().__init__()
        self._ticks = ticks

    def scalar(self, kind: str) -> Reader:
        return {"blob": _blob, "timestamp": self._timestamp}.get(kind) or SCALARS[kind]

    def _timestamp(self, value: Any) -> datetime:
        number = value.number if isinstance(value, Moment) else value
        if type(number) not in (int, float):
            raise unexpected(value, "Timestamp")
        return read_number(number if self._ticks == 1 else number / self._ticks)


def _blob(value: Any) -> bytes:
    if type(value) is not bytes:
        raise unexpected(value, "Blob")
    return value
