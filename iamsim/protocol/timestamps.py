"""Timestamps in the three forms of AWS's protocols: ISO 8601, RFC 822 and seconds since the epoch."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from iamsim.protocol.malformed import Malformed

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
ISO8601 = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)


def read_number(value: float) -> datetime:
    """The moment so many seconds after the epoch. Raises Malformed."""
    try:
        whole = int(value)
        micros = 0 if whole == value else round((value - whole) * 1_000_000)
        return EPOCH + timedelta(seconds=whole, microseconds=micros)
    except (OverflowError, ValueError):
        raise Malformed(f"{value} is not a valid timestamp") from None


def read_text(text: str) -> datetime:
    """The moment that a text in any of the three forms means; without a zone it is UTC. Raises Malformed."""
    if not text.isdigit() and (match := ISO8601.fullmatch(text)):
        year, month, day, hour, minute, second, fraction, zone = match.groups()
        micros = int((fraction + "000000")[:6]) if fraction else 0
        try:
            moment = datetime(
                int(year),
                int(month),
                int(day),
                int(hour or 0),
                int(minute or 0),
                int(second or 0),
                micros,
                timezone.utc,
            )
            if zone and zone not in "Zz":
                offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
                moment = moment + offset if zone[0] == "-" else moment - offset
        except (ValueError, OverflowError):
            raise Malformed(f"{text} is not a valid timestamp") from None
        return moment
    if NUMBER.fullmatch(text) and len(text) < 40:
        return read_number(float(text) if "." in text or "e" in text.lower() else int(text))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise Malformed(f"{text[:100]} is not a valid timestamp") from None
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


def moment_of(value: Any) -> datetime:
    """The moment that a mock gave as a datetime (naive ones are UTC), as seconds since the epoch, or as text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value
    if isinstance(value, str):
        return read_text(value)
    return read_number(value)


def iso8601(value: Any) -> str:
    """`2024-01-31T12:00:00Z`, with milli- or microseconds if there are any."""
    moment = moment_of(value)
    if moment.tzinfo is not timezone.utc:
        moment = moment.astimezone(timezone.utc)
    text = moment.isoformat()[:19]
    if micros := moment.microsecond:
        return f"{text}.{micros // 1000:03d}Z" if micros % 1000 == 0 else f"{text}.{micros:06d}Z"
    return text + "Z"


def iso8601_milliseconds(value: Any) -> str:
    """`2024-01-31T12:00:00.000Z`, as S3 and EC2 write every moment."""
    text = iso8601(value)
    return text if "." in text else text[:-1] + ".000Z"


def rfc822(value: Any) -> str:
    """`Wed, 31 Jan 2024 12:00:00 GMT`."""
    return format_datetime(moment_of(value).astimezone(timezone.utc).replace(microsecond=0), usegmt=True)


def epoch_seconds(value: Any) -> float:
    """A whole number if there is no fraction."""
    if type(value) is int:
        return value
    seconds = moment_of(value) - EPOCH
    whole = seconds // SECOND
    return whole if not seconds.microseconds else (whole * 1_000_000 + seconds.microseconds) / 1_000_000


def writer_of(timestamp_format: str) -> Callable[[Any], Any]:
    """The function that writes a format by its name in the models."""
    return {"iso8601": iso8601, "rfc822": rfc822, "unixtimestamp": epoch_seconds}[timestamp_format.lower()]
