"""Amazon RDS: condition keys that members of other names give. Source: context-keys section 14."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked, as_text
from iamsim.authorization.planned_tags import tags_of

MEMBERS = {
    "Engine": "DatabaseEngine",
    "DBInstanceClass": "DatabaseClass",
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
    "CopyOptionGroup": "CopyOptionGroup",
}


def keys(asked: Asked) -> dict[str, Any]:
    """rds:* of what is made or changed."""
    if asked.operation.startswith(("Describe", "List")):
        return {}
    found = {f"rds:{key}": as_text(asked.params[name]) for name, key in MEMBERS.items() if name in asked.params}
    return found | {f"rds:req-tag/{key}": value for key, value in tags_of(asked).items()}
