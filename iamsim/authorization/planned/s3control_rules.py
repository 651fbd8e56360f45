"""S3 control: batch jobs and access points. Source: S3 User Guide, batch-ops-job-tags; SAR, Amazon S3."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked, as_text
from iamsim.reference.actions import has_key
from iamsim.reference.values import is_arn


def keys(asked: Asked) -> dict[str, Any]:
    """The owner; what a job does, and its priority; the access point, and from where it may be used."""
    action, owner = f"s3:{asked.operation}", asked.get("AccountId") or asked.setting.account
    found: dict[str, Any] = {"ResourceAccount": owner}
    if "Job" in asked.operation:
        found["RequestJobOperation"] = next(iter(asked.get("Operation") or ()), None)
        found["RequestJobPriority"] = as_text(asked.get("Priority")) if "Priority" in asked.params else None
    point = asked.get("Name")
    if point and "MultiRegion" not in asked.operation:
        found["DataAccessPointArn"] = point if is_arn(point) else asked.arn(f"accesspoint/{point}", account=owner)
        found["DataAccessPointAccount"] = found["DataAccessPointArn"].split(":")[4]
    if asked.operation == "CreateAccessPoint":
        found["AccessPointNetworkOrigin"] = "VPC" if asked.get("VpcConfiguration") else "Internet"
    found["AccessGrantsLocationScope"] = asked.get("LocationScope")
    return {key: value for key, value in asked.keys(found).items() if has_key(action, key)}
