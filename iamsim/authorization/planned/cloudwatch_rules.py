"""Amazon CloudWatch: metrics have no ARN. Source: O section 5."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def put_metric_data(asked: Asked) -> Iterator[Check]:
    """`*`; the namespace is a condition key."""
    yield asked.check()


get_metric_data = get_metric_statistics = list_metrics = put_metric_data
