"""Timestamps in signed requests, and how far they may be from the simulator's time (A-38)."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

from iamsim.authentication.failures import Failure, refusal
from iamsim.authentication.scheme import Scheme
from iamsim.clock import Clock

BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)


@lru_cache(maxsize=256)
def seconds(timestamp: str) -> int | None:
    """`20150830T123600Z` in seconds since the epoch; None if it is not of that form."""
    match = BASIC.fullmatch(timestamp)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        return None
    return timegm((year, month, day, hour, minute, second))


def basic(at: float) -> str:
    """Seconds since the epoch as `20150830T123600Z`."""
    return datetime.fromtimestamp(int(at), tz=timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def extended(at: float) -> str:
    """Seconds since the epoch as `2015-08-30T12:36:00Z`."""
    return datetime.fromtimestamp(int(at), tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(value: str) -> float | None:
    """A `Date` header in seconds since the epoch, or None if it cannot be read."""
    try:
        parsed = parsedate_to_datetime(value)
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp()


def check_signing_time(timestamp: str, clock: Clock, scheme: Scheme) -> None:
    """Refuse a request signed at `timestamp` if that is too far from the simulator's time.

    Clients sign with the machine's time. Where a test has moved the simulator's clock, to let a session expire for
    example, they are not to blame for the difference.
    """
    if clock.is_moved and abs((seconds(timestamp) or 0) - clock.machine_now()) <= scheme.max_skew_s:
        return
    check_skew(timestamp, clock.now(), scheme)


def check_skew(timestamp: str, now: float, scheme: Scheme, *, lifetime_s: int | None = None) -> None:
    """Refuse a request signed at `timestamp` if that is too far from `now`.

    `lifetime_s` is how long a presigned request lasts, by default as long as clocks may differ.
    """
    signed_at = seconds(timestamp) or 0
    lifetime_s = scheme.max_skew_s if lifetime_s is None else lifetime_s
    if signed_at < now - lifetime_s:
        bound = f"earlier than {basic(now - lifetime_s)} ({basic(now)} - {lifetime_s // 60} min.)"
        text = f"Signature expired: {timestamp} is now {bound}"
    elif signed_at > now + scheme.max_skew_s:
        bound = f"later than {basic(now + scheme.max_skew_s)} ({basic(now)} + {scheme.max_skew_s // 60} min.)"
        text = f"Signature not yet current: {timestamp} is still {bound}"
    else:
        return
    raise refusal(
        Failure.SKEWED,
        scheme.family,
        text,
        RequestTime=timestamp,
        ServerTime=extended(now),
        MaxAllowedSkewMilliseconds=scheme.max_skew_s * 1000,
    )
