"""Amazon S3: what is asked for while a batch runs. Source: O section 3.2."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn


def delete_objects(asked: Asked) -> Iterator[Check]:
    """Each key, and each version."""
    for each in asked.at("Delete.Objects[]"):
        version = each.get("VersionId")
        context = {"s3:versionid": version} if version else {}
        arn = object_arn(asked, str(asked.get("Bucket", "*")), each.get("Key", "*"))
        yield Check("s3:DeleteObjectVersion" if version else "s3:DeleteObject", arn, context)
        if asked.get("BypassGovernanceRetention"):
            yield Check("s3:BypassGovernanceRetention", arn, dict(context))


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Through an access point, the resource is the access point, or an object of it."""
    bucket, key = str(asked.get("Bucket", "")), asked.get("Key")
    if is_arn(bucket):
        for check in checks:
            if key is not None and check.resource.count(":") == 5 and "/" in check.resource:
                check.resource = object_arn(asked, bucket, key)
            elif check.resource.startswith("arn:"):
                check.resource = bucket
            check.context |= {"s3:DataAccessPointArn": bucket, "s3:DataAccessPointAccount": bucket.split(":")[4]}
    return checks


def object_arn(asked: Asked, bucket: str, key: str) -> str:
    """The object's ARN, in a bucket or by an access point."""
    if is_arn(bucket):
        return f"{bucket}/object/{key}"
    return asked.arn(f"{bucket}/{key}", region="", account="")
