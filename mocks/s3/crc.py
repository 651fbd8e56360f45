"""Cyclic redundancy checks that Python's library does not have: CRC-32C and CRC-64/NVME."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache

CRC32C = (0x82F63B78, 32)  # reflected polynomial, bits. Source: RFC 3720
CRC64NVME = (0x9A6C9329AC4BC9B5, 64)  # Source: NVM Express NVM Command Set specification, 64b CRC


@cache
def _table(polynomial: int) -> Sequence[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ polynomial if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


def _crc(data: bytes, polynomial: int, bits: int) -> bytes:
    table, ones = _table(polynomial), (1 << bits) - 1
    value = ones
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return (value ^ ones).to_bytes(bits // 8, "big")


def crc32(data: bytes) -> bytes:
    """CRC-32 in network order."""
    return zlib.crc32(data).to_bytes(4, "big")


def crc32c(data: bytes) -> bytes:
    """CRC-32C in network order."""
    return _crc(data, *CRC32C)


def crc64nvme(data: bytes) -> bytes:
    """CRC-64/NVME in network order."""
    return _crc(data, *CRC64NVME)
