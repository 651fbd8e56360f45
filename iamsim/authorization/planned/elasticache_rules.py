"""Amazon ElastiCache: copies read one snapshot and make another. Source: SAR of ElastiCache."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def copy_snapshot(asked: Asked) -> Iterator[Check]:
    """The snapshot to be, and the one that is copied."""
    yield asked.check(asked.arn(f"snapshot:{asked.get('TargetSnapshotName', '*')}"))
    yield asked.check(asked.arn(f"snapshot:{asked.get('SourceSnapshotName', '*')}"))


def copy_serverless_cache_snapshot(asked: Asked) -> Iterator[Check]:
    """The snapshot to be, and the one that is copied."""
    for member in ("TargetServerlessCacheSnapshotName", "SourceServerlessCacheSnapshotName"):
        yield asked.check(asked.arn(f"serverlesscachesnapshot:{asked.get(member, '*')}"))
