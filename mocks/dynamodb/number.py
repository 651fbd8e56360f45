"""DynamoDB numbers: decimal text of up to 38 significant digits, from 1E-130 to 9.99...E+125 and their negatives.

A number is kept as its canonical text, so two equal numbers are equal strings.

    canonical("+1.50e3") == "1500"      add("0.1", "0.2") == "0.3"      decimal("1500") == Decimal(1500)

Source: Amazon DynamoDB Developer Guide, "Supported data types and naming rules", "Number".
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import lru_cache

from .invalid import Invalid

MAX_DIGITS = 38
MAX_MAGNITUDE = 125  # the exponent of the first significant digit
MIN_MAGNITUDE = -130

_NUMBER = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?[0-9]{1,4000}))?")
_EXACT = Context(prec=600)  # two numbers in range never need more, so a sum is rounded nowhere


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """The text that DynamoDB gives back for this number: plain notation, no needless zeros, no negative zero.

    Observed: 2025-10, an item written with 1.5E+50 is read back with all 51 digits, never with an exponent.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        told = f": {text}" if text else ""
        raise Invalid(f"The parameter cannot be converted to a numeric value{told}")
    sign, whole, fraction, bare_fraction, power = match.groups()
    fraction = fraction or bare_fraction or ""
    padded = ((whole or "") + fraction).lstrip("0")
    digits = padded.rstrip("0")
    if not digits:
        return "0"
    exponent = int(power or 0) - len(fraction) + len(padded) - len(digits)
    _check_range(digits, exponent)
    return ("-" if sign == "-" else "") + _plain(digits, exponent)


def decimal(text: str) -> Decimal:
    """The value of a canonical number."""
    return Decimal(text)


def add(left: str, right: str) -> str:
    """The sum of two canonical numbers, exact. Raises Invalid if DynamoDB could not store it."""
    return canonical(format(_EXACT.add(Decimal(left), Decimal(right)), "f"))


def subtract(left: str, right: str) -> str:
    """The difference of two canonical numbers, exact. Raises Invalid if DynamoDB could not store it."""
    return canonical(format(_EXACT.subtract(Decimal(left), Decimal(right)), "f"))


def significant_digits(text: str) -> int:
    """How many digits of a canonical number count, zeros at both ends left out."""
    return len(text.lstrip("-").replace(".", "").strip("0"))


def _check_range(digits: str, exponent: int) -> None:
    magnitude = exponent + len(digits) - 1
    if magnitude > MAX_MAGNITUDE:
        raise Invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if magnitude < MIN_MAGNITUDE:
        raise Invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    if len(digits) > MAX_DIGITS:
        raise Invalid("Attempting to store more than 38 significant digits in a Number")


def _plain(digits: str, exponent: int) -> str:
    if exponent >= 0:
        return digits + "0" * exponent
    if -exponent < len(digits):
        return f"{digits[:exponent]}.{digits[exponent:]}"
    return "0." + "0" * (-exponent - len(digits)) + digits
