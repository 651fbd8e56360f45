"""PutObject: a body written at once, also by a browser's form."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, operation_that_reads

from .bucket import Bucket
from .checksums import MEMBERS, verified
from .draft import READS, draft, store
from .encryption import etag_of
from .expiry import expiry_shown
from .object_version import ObjectVersion
from .preconditions import check_write
from .reading import version_id_shown


@operation_that_reads(*READS, *MEMBERS, "Body", "ContentMD5", "ChecksumAlgorithm", "IfMatch", "IfNoneMatch")
def put_object(call: Call, bucket: Bucket) -> Reply:
    """The object, in place of one that was there, or as a new version of it."""
    version = draft(call, bucket)
    body: bytes = call.params.get("Body", b"")
    version.checksums = verified(call.params, body)
    check_write(call.params, bucket, version.key)
    version.body = body
    version.etag = etag_of(body, version.encryption)
    store(call, bucket, version)
    return written(bucket, version)


def written(bucket: Bucket, version: ObjectVersion) -> dict[str, Any]:
    """What a write answers."""
    return {
        "ETag": version.etag,
        **version.checksums,
        "ChecksumType": version.checksum_type,
        **version.encryption,
        **version_id_shown(bucket, version),
        **expiry_shown(bucket, version),
    }
