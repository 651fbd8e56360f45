"""Amazon RDS: what is made of what, and condition keys of other names. Source: O sections 5 and 7; context-keys 14."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check, as_text
from iamsim.authorization.planned_tags import tagging, tags_of
from iamsim.reference.values import is_arn

MEMBERS = {
    "Engine": "DatabaseEngine",
    "DBInstanceClass": "DatabaseClass",
    "DBClusterInstanceClass": "DatabaseClass",
    "DBName": "DatabaseName",
    "DatabaseName": "DatabaseName",
    "AllocatedStorage": "StorageSize",
    "Iops": "Piops",
    "MultiAZ": "MultiAz",
    "StorageEncrypted": "StorageEncrypted",
    "PubliclyAccessible": "PubliclyAccessible",
    "ManageMasterUserPassword": "ManageMasterUserPassword",
    "BackupTarget": "BackupTarget",
    "EndpointType": "EndpointType",
    "TenantDBName": "TenantDatabaseName",
    "CopyOptionGroup": "CopyOptionGroup",
}
GROUPS = {  # the groups that something may be put into
    "DBSubnetGroupName": "subgrp",
    "DBParameterGroupName": "pg",
    "DBClusterParameterGroupName": "cluster-pg",
    "OptionGroupName": "og",
}
# Operations that make one thing of another: the type and the member of what is made, then of what it is made of.
MADE_OF: dict[str, tuple[tuple[str, str], ...]] = {
    "CopyDBClusterParameterGroup": (
        ("cluster-pg", "TargetDBClusterParameterGroupIdentifier"),
        ("cluster-pg", "SourceDBClusterParameterGroupIdentifier"),
    ),
    "CopyDBClusterSnapshot": (
        ("cluster-snapshot", "TargetDBClusterSnapshotIdentifier"),
        ("cluster-snapshot", "SourceDBClusterSnapshotIdentifier"),
    ),
    "CopyDBParameterGroup": (
        ("pg", "TargetDBParameterGroupIdentifier"),
        ("pg", "SourceDBParameterGroupIdentifier"),
    ),
    "CopyDBSnapshot": (("snapshot", "TargetDBSnapshotIdentifier"), ("snapshot", "SourceDBSnapshotIdentifier")),
    "CopyOptionGroup": (("og", "TargetOptionGroupIdentifier"), ("og", "SourceOptionGroupIdentifier")),
    "CreateDBClusterSnapshot": (
        ("cluster-snapshot", "DBClusterSnapshotIdentifier"),
        ("cluster", "DBClusterIdentifier"),
    ),
    "CreateDBInstanceReadReplica": (
        ("db", "DBInstanceIdentifier"),
        ("db", "SourceDBInstanceIdentifier"),
        ("cluster", "SourceDBClusterIdentifier"),
    ),
    "CreateDBSnapshot": (("snapshot", "DBSnapshotIdentifier"), ("db", "DBInstanceIdentifier")),
    "CreateGlobalCluster": (("global-cluster", "GlobalClusterIdentifier"), ("cluster", "SourceDBClusterIdentifier")),
    "RestoreDBClusterFromSnapshot": (
        ("cluster", "DBClusterIdentifier"),
        ("cluster-snapshot", "SnapshotIdentifier"),
    ),
    "RestoreDBClusterToPointInTime": (
        ("cluster", "DBClusterIdentifier"),
        ("cluster", "SourceDBClusterIdentifier"),
    ),
    "RestoreDBInstanceFromDBSnapshot": (
        ("db", "DBInstanceIdentifier"),
        ("snapshot", "DBSnapshotIdentifier"),
        ("cluster-snapshot", "DBClusterSnapshotIdentifier"),
    ),
    "RestoreDBInstanceToPointInTime": (
        ("db", "TargetDBInstanceIdentifier"),
        ("db", "SourceDBInstanceIdentifier"),
        ("auto-backup", "SourceDBInstanceAutomatedBackupsArn"),
    ),
}
LISTED = {  # of several types that a list can be narrowed by, the one that is listed
    "DescribeDBClusterEndpoints": "cluster-endpoint",
    "DescribeDBClusterSnapshots": "cluster-snapshot",
    "DescribeDBProxyEndpoints": "db-proxy-endpoint",
    "DescribeDBSnapshots": "snapshot",
}


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """For an operation that makes one thing of another both, the groups that it names, and to tag what is made.

    Groups that are not named are not asked for (O-5).
    """
    made_of = MADE_OF.get(asked.operation)
    if asked.operation in LISTED and [check.resource for check in checks] == ["*"]:
        return [asked.check(asked.arn(f"{LISTED[asked.operation]}:*"))]
    if asked.operation == "DeleteDBCluster":
        return _deleted_cluster(asked, checks)
    if made_of is None:
        is_open = [check.resource.endswith(tuple(f":{kind}:*" for kind in GROUPS.values())) for check in checks]
        return checks if all(is_open) else [check for check, leave in zip(checks, is_open, strict=True) if not leave]
    named = [(kind, asked.get(member)) for kind, member in made_of]
    named += [(kind, asked.get(member)) for member, kind in GROUPS.items()]
    arns = [_arn(asked, kind, str(name)) for kind, name in named if name is not None]
    checks = [asked.check(arn) for arn in arns]
    return [*checks, *(tagging(asked, arns[0], "AddTagsToResource") if arns else ())]


def _deleted_cluster(asked: Asked, checks: list[Check]) -> list[Check]:
    """The cluster, and its last snapshot if one is named."""
    last, kind = asked.get("FinalDBSnapshotIdentifier"), ":cluster-snapshot:"
    snapshots = [asked.check(_arn(asked, "cluster-snapshot", str(last)))] if last else []
    return [check for check in checks if kind not in check.resource] + snapshots


def create_db_proxy(asked: Asked) -> Iterator[Check]:
    """`*`, and to tag the proxy, whose id AWS makes."""
    yield asked.check()
    yield from tagging(asked, asked.arn("db-proxy:*"), "AddTagsToResource")


def create_blue_green_deployment(asked: Asked) -> Iterator[Check]:
    """The deployment, whose id AWS makes, what it is made of, and the groups of its target."""
    deployment = asked.arn("deployment:*")
    yield asked.check(deployment)
    yield asked.check(asked.named(asked.get("Source"), "db:"))
    for member, kind in (("TargetDBParameterGroupName", "pg"), ("TargetDBClusterParameterGroupName", "cluster-pg")):
        if asked.get(member):
            yield asked.check(_arn(asked, kind, asked.get(member)))
    yield from tagging(asked, deployment, "AddTagsToResource")


def keys(asked: Asked) -> dict[str, Any]:
    """rds:* of what is made or changed."""
    if asked.operation.startswith(("Describe", "List")):
        return {}
    found = {f"rds:{key}": as_text(asked.params[name]) for name, key in MEMBERS.items() if name in asked.params}
    return found | {f"rds:req-tag/{key}": value for key, value in tags_of(asked).items()}


def _arn(asked: Asked, kind: str, name: str) -> str:
    if is_arn(name):
        return name
    return asked.arn(f"{kind}:{name}", **({"region": ""} if kind == "global-cluster" else {}))
