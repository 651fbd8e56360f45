"""CBOR (RFC 8949), as much of it as AWS's protocols use."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any, NamedTuple

from iamsim.protocol.malformed import Malformed
from iamsim.protocol.timestamps import epoch_seconds

BREAK = object()
MAX_DEPTH = 200
SIMPLE = {20: False, 21: True, 22: None, 23: None}
FLOATS = {25: struct.Struct(">e"), 26: struct.Struct(">f"), 27: struct.Struct(">d")}
UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG = (major << 5 for major in range(7))


class Moment(NamedTuple):
    """A number that is tagged as the time since the epoch; the protocol knows its unit."""

    number: float


def loads(data: bytes) -> Any:
    """The one data item that `data` is. Raises Malformed."""
    try:
        value, end = _read(data, 0, 0)
    except (IndexError, struct.error):
        raise Malformed("Unexpected end of CBOR") from None
    if value is BREAK or end != len(data):
        raise Malformed("Unexpected CBOR item")
    return value


def _read(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise Malformed("CBOR nested too deeply")
    first = data[at]
    major, info = first >> 5, first & 31
    at += 1
    if major == 7:
        return _read_simple(data, at, info)
    argument: int | None = info
    if info >= 24:
        if info == 31 and 2 <= major <= 5:
            argument = None  # of indefinite length
        elif info <= 27:
            size = 1 << (info - 24)
            if at + size > len(data):
                raise Malformed("Unexpected end of CBOR")
            argument = int.from_bytes(data[at : at + size], "big")
            at += size
        else:
            raise Malformed(f"Unknown CBOR additional information {info}")
    if argument is None:
        return _read_indefinite(data, at, depth, major)
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major <= 3:
        end = at + argument
        if end > len(data):
            raise Malformed("Unexpected end of CBOR")
        return (data[at:end] if major == 2 else _text(data[at:end])), end
    if major == 6:
        value, at = _read(data, at, depth + 1)
        return _tagged(argument, value), at
    if argument > len(data) - at:  # each item takes at least a byte
        raise Malformed("Unexpected end of CBOR")
    if major == 4:
        items = []
        for _ in range(argument):
            value, at = _read(data, at, depth + 1)
            items.append(_item(value))
        return items, at
    pairs: dict[Any, Any] = {}
    for _ in range(argument):
        at = _read_pair(data, at, depth, pairs)
    return pairs, at


def _read_indefinite(data: bytes, at: int, depth: int, major: int) -> tuple[Any, int]:
    if major == 5:
        pairs: dict[Any, Any] = {}
        while data[at] != 0xFF:
            at = _read_pair(data, at, depth, pairs)
        return pairs, at + 1
    items = []
    while data[at] != 0xFF:
        value, at = _read(data, at, depth + 1)
        items.append(_item(value))
    at += 1
    if major == 4:
        return items, at
    if not all(isinstance(item, bytes if major == 2 else str) for item in items):
        raise Malformed("Wrong kind of CBOR chunk")
    return (b"" if major == 2 else "").join(items), at


def _read_pair(data: bytes, at: int, depth: int, pairs: dict[Any, Any]) -> int:
    key, at = _read(data, at, depth + 1)
    value, at = _read(data, at, depth + 1)
    if not isinstance(key, (str, int)):
        raise Malformed("CBOR map key is not text")
    pairs[key] = _item(value)
    return at


def _read_simple(data: bytes, at: int, info: int) -> tuple[Any, int]:
    if info in SIMPLE:
        return SIMPLE[info], at
    if info in FLOATS:
        return FLOATS[info].unpack_from(data, at)[0], at + FLOATS[info].size
    if info == 31:
        return BREAK, at
    raise Malformed(f"Unknown CBOR simple value {info}")


def _item(value: Any) -> Any:
    if value is BREAK:
        raise Malformed("Unexpected CBOR break")
    return value


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("CBOR text is not valid UTF-8") from None


def _tagged(tag: int, value: Any) -> Any:
    if tag == 1:
        if type(value) not in (int, float):
            raise Malformed("CBOR timestamp is not a number")
        return Moment(value)
    if tag in (2, 3) and isinstance(value, bytes):
        number = int.from_bytes(value, "big")
        return number if tag == 2 else -1 - number
    return value


def dumps(value: Any) -> bytes:
    """`value` as one data item: None, booleans, numbers, text, bytes, datetimes, lists and mappings."""
    out = bytearray()
    _write(out, value)
    return bytes(out)


def _write(out: bytearray, value: Any) -> None:
    if isinstance(value, str):
        text = value.encode("utf-8", "replace")  # what a caller sent need not be text
        _head(out, TEXT, len(text))
        out += text
    elif value is None:
        out.append(0xF6)
    elif isinstance(value, bool):
        out.append(0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _write_integer(out, value)
    elif isinstance(value, float):
        out.append(0xFB)
        out += FLOATS[27].pack(value)
    elif isinstance(value, (bytes, bytearray)):
        _head(out, BYTES, len(value))
        out += value
    elif isinstance(value, dict):
        _head(out, MAP, len(value))
        for key, child in value.items():
            _write(out, key)
            _write(out, child)
    elif isinstance(value, Moment):
        out.append(TAG | 1)
        _write(out, value.number)
    elif isinstance(value, (list, tuple)):
        _head(out, ARRAY, len(value))
        for child in value:
            _write(out, child)
    elif isinstance(value, datetime):
        out.append(TAG | 1)
        _write(out, epoch_seconds(value))
    else:
        raise TypeError(f"CBOR cannot hold a {type(value).__name__}")


def _write_integer(out: bytearray, value: int) -> None:
    if -(1 << 64) <= value < 1 << 64:
        _head(out, UNSIGNED, value) if value >= 0 else _head(out, NEGATIVE, -1 - value)
        return
    out.append(TAG | (2 if value >= 0 else 3))
    number = value if value >= 0 else -1 - value
    _write(out, number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _head(out: bytearray, major: int, argument: int) -> None:
    if argument < 24:
        out.append(major | argument)
        return
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            out.append(major | info)
            out += argument.to_bytes(size, "big")
            return
