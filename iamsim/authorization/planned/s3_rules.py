"""Amazon S3: batches, access points, directory buckets, metadata tables. Source: O section 3; SAR, S3 Express."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned.s3_access_points import through_access_point
from iamsim.reference.actions import action
from iamsim.reference.values import is_arn

DIRECTORY = re.compile(r"--[\w-]+--x-s3$")
METADATA_TABLES = ("CreateNamespace", "CreateTable", "GetTable", "PutTablePolicy", "PutTableEncryption")


def delete_objects(asked: Asked) -> Iterator[Check]:
    """Each key, and each version."""
    for each in asked.at("Delete.Objects[]"):
        version = each.get("VersionId")
        context = {"s3:versionid": version} if version else {}
        arn = object_arn(asked, str(asked.get("Bucket", "*")), each.get("Key", "*"))
        yield Check("s3:DeleteObjectVersion" if version else "s3:DeleteObject", arn, context)
        if asked.get("BypassGovernanceRetention"):
            yield Check("s3:BypassGovernanceRetention", arn, dict(context))


def create_session(asked: Asked) -> Iterator[Check]:
    """The session in the directory bucket, of the mode and under the encryption that are asked for."""
    given = {
        "SessionMode": asked.get("SessionMode"),
        "x-amz-server-side-encryption": asked.get("ServerSideEncryption"),
        "x-amz-server-side-encryption-aws-kms-key-id": asked.get("SSEKMSKeyId"),
    }
    keys = {f"s3express:{name}": value for name, value in given.items() if value}
    yield Check("s3express:CreateSession", asked.setting.arn("s3express", f"bucket/{asked.get('Bucket', '*')}"), keys)


rename_object = create_session


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Through an access point, the resource is the access point, or an object of it."""
    bucket = str(asked.get("Bucket", ""))
    for check in checks if is_arn(bucket) else ():
        is_object = check.resource.count(":") == 5 and "/" in check.resource
        through_access_point(check, bucket, asked.get("Key") if is_object else None)
    return in_directory_bucket(asked, checks)


def without_state(asked: Asked, checks: list[Check]) -> None:
    """Directory buckets, of which the mock has none."""
    checks[:] = in_directory_bucket(asked, checks)


def in_directory_bucket(asked: Asked, checks: list[Check]) -> list[Check]:
    """For a directory bucket, the action of that name if there is one, else the session that objects are used in."""
    bucket = str(asked.get("Bucket", ""))
    if not DIRECTORY.search(bucket):
        return checks
    arn = asked.setting.arn("s3express", f"bucket/{bucket}")
    found: dict[tuple[str, str], Check] = {}
    for check in checks:
        if check.resource.startswith(asked.arn(bucket, region="", account="")):
            known = action(check.action.replace("s3:", "s3express:"))
            check = Check(str(known) if known else "s3express:CreateSession", arn)
        found.setdefault((check.action, check.resource), check)
    return list(found.values())


def forwarded(asked: Asked) -> Iterator[Check]:
    """What makes the tables of S3 Metadata. Source: CreateBucketMetadataTableConfiguration of the API reference."""
    if asked.operation not in ("CreateBucketMetadataConfiguration", "CreateBucketMetadataTableConfiguration"):
        return
    own = asked.operation == "CreateBucketMetadataConfiguration"  # in the bucket of tables that AWS keeps
    named = next(asked.at("MetadataTableConfiguration.S3TablesDestination.TableBucketArn"), None)
    tables = str(asked.setting.arn("s3tables", "bucket/aws-s3") if own or not named else named)
    yield from [Check("s3tables:CreateTableBucket", tables)] if own else []
    for name in METADATA_TABLES:
        yield Check(f"s3tables:{name}", tables if name == "CreateNamespace" else f"{tables}/table/*")
    keys = "MetadataConfiguration.{}TableConfiguration.EncryptionConfiguration.KmsKeyArn"
    for key in dict.fromkeys(key for kind in ("Journal", "Inventory") for key in asked.at(keys.format(kind))):
        yield Check("kms:DescribeKey", key)


def encryption_context(asked: Asked) -> dict[str, str | None]:
    """The object; or the bucket, if it has a key of its own (K-61). Nothing for the bucket behind an access point."""
    bucket, key = str(asked.get("Bucket", "")), asked.get("Key")
    if is_arn(bucket) or key is None:
        return {}
    resource = bucket if asked.get("BucketKeyEnabled") else f"{bucket}/{key}"
    return {"aws:s3:arn": asked.arn(resource, region="", account="")}


def object_arn(asked: Asked, bucket: str, key: str) -> str:
    """The object's ARN, in a bucket or by an access point."""
    if is_arn(bucket):
        return f"{bucket}/object/{key}"
    return asked.arn(f"{bucket}/{key}", region="", account="")


def keys(asked: Asked) -> dict[str, Any]:
    """Whose the bucket is: the caller's, where the call does not say whose it expects it to be."""
    bucket = asked.get("Bucket")
    if bucket is None or is_arn(bucket):
        return {}
    return {"s3:ResourceAccount": asked.get("ExpectedBucketOwner") or asked.setting.account}
