"""What a copy is made of. Source: S3 API reference, CopyObject, x-amz-copy-source."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from iamsim.kit import Arn, Call, NotMocked

from .bucket import Bucket
from .bucket_name import NoSuchBucket, check_owner
from .failures import invalid_argument
from .object_version import ObjectVersion


class CopySource(NamedTuple):
    """The object that `x-amz-copy-source` names: `bucket/key`, percent-encoded, with `?versionId=` for a version."""

    bucket: Bucket
    key: str
    version_id: str | None

    def version(self) -> ObjectVersion | None:
        """The version that it means, if that is there."""
        if self.version_id is None:
            return self.bucket.contents.get(self.key)
        return self.bucket.contents.version(self.key, self.version_id)


def copy_source(call: Call) -> CopySource:
    """The source of a copy. Raises NoSuchBucket, InvalidArgument; AccessDenied for an unexpected owner (R-138)."""
    text: str = call.params["CopySource"]
    name, separator, version_id = text.rpartition("?versionId=")
    path = unquote(name if separator else text).removeprefix("/")
    if path.startswith("arn:"):
        raise NotMocked(f"iamsim simulates neither access points nor Outposts: {path}")
    bucket_name, _, key = path.partition("/")
    if not bucket_name or not key:
        raise invalid_argument(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source", text
        )
    arn = Arn(call.operation.partition, "s3", "", "", bucket_name)
    bucket = call.find(Bucket, arn)
    if bucket is None:
        raise NoSuchBucket("The specified bucket does not exist", fields={"BucketName": bucket_name})
    check_owner(call, arn, call.params.get("ExpectedSourceBucketOwner"))
    return CopySource(bucket, key, version_id if separator else None)
