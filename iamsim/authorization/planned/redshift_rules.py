"""Amazon Redshift: temporary credentials, and snapshots. Source: O section 4; SAR of Redshift."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check

OF_A_CLUSTER_THAT_WAS = frozenset(
    {
        "AuthorizeSnapshotAccess",
        "CopyClusterSnapshot",
        "DeleteClusterSnapshot",
        "RestoreFromClusterSnapshot",
        "RevokeSnapshotAccess",
    }
)


def get_cluster_credentials(asked: Asked) -> Iterator[Check]:
    """The user and the database; to create the user and to join groups, where the call does that."""
    cluster, user = asked.get("ClusterIdentifier", "*"), asked.arn(f"dbuser:{asked.get('ClusterIdentifier', '*')}")
    user = f"{user}/{asked.get('DbUser', '*')}"
    yield asked.check(user)
    if asked.get("DbName"):
        yield asked.check(asked.arn(f"dbname:{cluster}/{asked.get('DbName')}"))
    if asked.get("AutoCreate"):
        yield Check("redshift:CreateClusterUser", user)
    for group in asked.get("DbGroups") or ():
        yield Check("redshift:JoinGroup", asked.arn(f"dbgroup:{cluster}/{group}"))


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """A snapshot is of the cluster that was, which a call that restores one names apart if it has another name."""
    for check in checks:
        head, separator, name = check.resource.partition(":snapshot:")
        if separator and asked.operation in OF_A_CLUSTER_THAT_WAS:
            restored, _, snapshot = name.partition("/")
            was = asked.get("SnapshotClusterIdentifier") or asked.get("SourceSnapshotClusterIdentifier")
            snapshot = asked.get("SourceSnapshotIdentifier") or snapshot
            check.resource = f"{head}:snapshot:{was or restored}/{snapshot}"
    return checks
