"""IpAddress and NotIpAddress (C-8): IPv4 and IPv6 never lie in each other's ranges; an address is a range of one."""

from __future__ import annotations

from typing import NamedTuple

from iamsim.policy.conditions.comparison import Comparison
from iamsim.policy.context import Context
from iamsim.policy.memory import remembered

BITS = {4: 32, 6: 128}


class Range(NamedTuple):
    """A block of addresses."""

    version: int
    shift: int  # how many low bits are free
    prefix: int  # the other bits

    def holds(self, version: int, address: int) -> bool:
        return version == self.version and address >> self.shift == self.prefix


@remembered(16384)
def address(text: str) -> tuple[int, int] | None:
    """The version and the number of the address `text`; None if it is none."""
    import ipaddress  # only here: loading it takes longer than a hundred decisions

    try:
        if ":" not in text:
            return 4, int(ipaddress.IPv4Address(text))
        return None if "%" in text else (6, int(ipaddress.IPv6Address(text)))
    except ValueError:
        return None


def range_of(text: str) -> Range | None:
    """The block that `text`, an address or CIDR, stands for; None if it is neither. Bits behind the mask count not."""
    start, slash, mask = text.partition("/")
    found = address(start)
    if found is None:
        return None
    version, number = found
    length = _prefix_length(mask, version) if slash else BITS[version]
    if length is None:
        return None
    shift = BITS[version] - length
    return Range(version, shift, number >> shift)


def _prefix_length(mask: str, version: int) -> int | None:
    """The bits that `mask` (`8` or `255.0.0.0`) fixes; None if it is no contiguous mask."""
    if mask.isascii() and mask.isdigit() and len(mask) <= 3:
        return int(mask) if int(mask) <= BITS[version] else None
    found = address(mask)
    if version != 4 or found is None or found[0] != 4:
        return None
    free = found[1] ^ 0xFFFFFFFF
    return 32 - free.bit_length() if free & (free + 1) == 0 else None


def in_range(values: tuple[str, ...], substitute: bool) -> Comparison:
    """Whether the request's address lies in one of the policy's ranges."""
    ranges = [found for found in map(range_of, values) if found is not None]

    def compare(value: str, context: Context) -> bool:
        found = address(value)
        if found is not None:
            version, number = found
            for one in ranges:
                if one.holds(version, number):
                    return True
        return False

    return compare
