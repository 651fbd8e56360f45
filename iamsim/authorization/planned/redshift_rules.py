"""Amazon Redshift: temporary credentials. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


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
