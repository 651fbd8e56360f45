"""Moments as condition keys have them."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache


def timestamp(seconds: float) -> str:
    """ISO 8601 in UTC, to the second (K-6)."""
    return _written(int(seconds))


@lru_cache(maxsize=256)
def _written(second: int) -> str:
    return datetime.fromtimestamp(second, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
