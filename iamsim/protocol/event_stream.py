"""Messages of `application/vnd.amazon.eventstream`: headers, payload and two checksums.

Source: Amazon Transcribe developer guide, event-stream encoding; Smithy, amazon-eventstream.
"""

from __future__ import annotations

import binascii
import struct
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from iamsim.protocol.malformed import Malformed
from iamsim.protocol.timestamps import epoch_seconds, read_number

CONTENT_TYPE = "application/vnd.amazon.eventstream"
PRELUDE = struct.Struct(">III")
LARGEST_BYTES = 24 * 1024 * 1024  # one message. Source: Smithy, event stream message format
LARGEST_HEADERS = 128 * 1024


class Message(NamedTuple):
    """One message as it came."""

    headers: Mapping[str, Any]
    payload: bytes


def messages(data: bytes) -> Iterator[Message]:
    """The messages that `data` holds, one after the other. Raises Malformed."""
    at = 0
    while at < len(data):
        if len(data) - at < PRELUDE.size + 4:
            raise Malformed("The event stream ends inside a message")
        size, head_size, checksum = PRELUDE.unpack_from(data, at)
        if binascii.crc32(data[at : at + 8]) != checksum:
            raise Malformed("The checksum of an event's prelude is wrong")
        if size > LARGEST_BYTES or head_size > LARGEST_HEADERS or head_size + 16 > size:
            raise Malformed("An event is longer than an event may be")
        if at + size > len(data):
            raise Malformed("The event stream ends inside a message")
        end = at + size - 4
        if binascii.crc32(data[at:end]) != int.from_bytes(data[end : end + 4], "big"):
            raise Malformed("The checksum of an event is wrong")
        start = at + PRELUDE.size
        yield Message(_read_headers(data[start : start + head_size]), data[start + head_size : end])
        at += size


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
    text = str(value).encode("utf-8", "replace")
    return struct.pack(">BH", 7, len(text)) + text


FIXED = {2: ">b", 3: ">h", 4: ">i", 5: ">q", 8: ">q"}  # type of a header's value -> its form


def _read_headers(data: bytes) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    at = 0
    try:
        while at < len(data):
            end = at + 1 + data[at]
            name, kind = data[at + 1 : end].decode(), data[end]
            headers[name], at = _read_value(data, end + 1, kind)
    except (IndexError, struct.error, UnicodeDecodeError):
        raise Malformed("The headers of an event cannot be read") from None
    return headers


def _read_value(data: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind <= 1:
        return kind == 0, at
    if kind in FIXED:
        form = struct.Struct(FIXED[kind])
        number = form.unpack_from(data, at)[0]
        return read_number(number / 1000) if kind == 8 else number, at + form.size
    if kind == 9:
        return UUID(bytes=_exactly(data, at, 16)), at + 16
    if kind not in (6, 7):
        raise Malformed(f"Unknown type {kind} of an event's header")
    start = at + 2
    value = _exactly(data, start, struct.unpack_from(">H", data, at)[0])
    return value if kind == 6 else value.decode(), start + len(value)


def _exactly(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise IndexError
    return data[at : at + size]
