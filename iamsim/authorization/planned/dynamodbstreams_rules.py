"""DynamoDB Streams: a shard iterator names its stream. Source: the form of the iterators that AWS gives."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn


def get_records(asked: Asked) -> Iterator[Check]:
    """The stream that the iterator begins with, else any."""
    arn = str(asked.get("ShardIterator", "")).partition("|")[0]
    yield asked.check(arn if is_arn(arn) else asked.arn("table/*/stream/*"))
