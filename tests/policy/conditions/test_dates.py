"""Dates as instants."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.policy.conditions.dates import instant

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.datetimes(timezones=offsets))
def test_an_instant_is_what_datetime_makes_of_it(moment: datetime) -> None:
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)
    found = instant(moment.isoformat())
    assert found is not None
    assert found * 1_000_000 == microseconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01", 0),
        ("2026-01", 1767225600),
        ("2026-01-01T00:00Z", 1767225600),
        ("1767225600", 1767225600),
        ("-1", -1),
        ("2000-02-29T23:59:59Z", 951868799),
        ("-0001-03-01T00:00:00Z", -62193657600),
    ],
)
def test_instant(text: str, seconds: int) -> None:
    assert instant(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2026-13-01", "2026-00-01", "2026-04-31", "1900-02-29", "2026-01-01T24:00Z", "2026-01-01T10:60Z",
        "2026-01-01T10:20", "2026-01-01 10:20Z", "+292278994-01-01T00:00:00Z", "2026-01-01T00:00:00+24:00", "NaN",
        "\u0662026-01-01",
    ],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert instant(text) is None
