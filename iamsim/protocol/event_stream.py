"""Messages of `application/vnd.amazon.eventstream`: headers, payload and two checksums.

Source: Amazon Transcribe developer guide, event-stream encoding; Smithy, amazon-eventstream.
"""

from __future__ import annotations

import binascii
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from iamsim.protocol.timestamps import epoch_seconds

CONTENT_TYPE = "application/vnd.amazon.eventstream"


def message(headers: Mapping[str, Any], payload: bytes) -> bytes:
    """One message: prelude, checksum of the prelude, headers, payload, checksum of all of it."""
    head = b"".join(_header(name, value) for name, value in headers.items())
    prelude = struct.pack(">II", len(head) + len(payload) + 16, len(head))
    start = prelude + struct.pack(">I", binascii.crc32(prelude)) + head + payload
    return start + struct.pack(">I", binascii.crc32(start))


def _header(name: str, value: Any) -> bytes:
    wire = name.encode()
    return struct.pack(">B", len(wire)) + wire + _value(value)


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return b"\x00" if value else b"\x01"
    if isinstance(value, int):
        return struct.pack(">Bi", 4, value) if -(2**31) <= value < 2**31 else struct.pack(">Bq", 5, value)
    if isinstance(value, (bytes, bytearray)):
        return struct.pack(">BH", 6, len(value)) + value
    if isinstance(value, datetime):
        return struct.pack(">Bq", 8, round(epoch_seconds(value) * 1000))
    if isinstance(value, UUID):
        return b"\x09" + value.bytes
    text = str(value).encode()
    return struct.pack(">BH", 7, len(text)) + text
