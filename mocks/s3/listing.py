"""ListObjects and ListObjectsV2. Source: S3 API reference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from iamsim.kit import Call, Reply, operation_that_reads

from .acl import owner
from .bucket import Bucket
from .object_version import ObjectVersion
from .page_of_keys import Encoder, cut, make_token, page_size, read_token

READS = ("Prefix", "Delimiter", "MaxKeys", "EncodingType", "OptionalObjectAttributes")


@operation_that_reads(*READS, "Marker")
def list_objects(call: Call, bucket: Bucket) -> Reply:
    """The objects beyond the marker. Where the next page starts is said only if there is a delimiter."""
    params, encoded = call.params, Encoder(call.params)
    prefix, delimiter, marker = (params.get(name, "") for name in ("Prefix", "Delimiter", "Marker"))
    size = page_size(params, "MaxKeys", "maxKeys")
    page = cut(bucket.contents.current.walk(prefix, delimiter, marker), size)
    reply = {
        "Name": bucket.name,
        "Prefix": encoded(prefix),
        "Marker": encoded(marker),
        "MaxKeys": size,
        "IsTruncated": page.last is not None,
        "Contents": _described(call, bucket, page.keys, encoded, with_owner=True),
        "CommonPrefixes": page.common_prefixes(encoded),
        **encoded.echoed(params, "Delimiter"),
    }
    if page.last is not None and delimiter:
        reply["NextMarker"] = encoded(page.last)
    return reply


@operation_that_reads(*READS, "ContinuationToken", "StartAfter", "FetchOwner")
def list_objects_v2(call: Call, bucket: Bucket) -> Reply:
    """The objects after the continuation token, else after StartAfter."""
    params, encoded = call.params, Encoder(call.params)
    prefix, delimiter = params.get("Prefix", ""), params.get("Delimiter", "")
    token = params.get("ContinuationToken")
    after = params.get("StartAfter", "") if token is None else read_token(token)
    size = page_size(params, "MaxKeys", "maxKeys")
    page = cut(bucket.contents.current.walk(prefix, delimiter, after), size)
    reply = {
        "Name": bucket.name,
        "Prefix": encoded(prefix),
        "MaxKeys": size,
        "KeyCount": len(page.keys) + len(page.prefixes),
        "IsTruncated": page.last is not None,
        "Contents": _described(call, bucket, page.keys, encoded, with_owner=bool(params.get("FetchOwner"))),
        "CommonPrefixes": page.common_prefixes(encoded),
        **encoded.echoed(params, "Delimiter", "StartAfter"),
    }
    if token is not None:
        reply["ContinuationToken"] = token
    if page.last is not None:
        reply["NextContinuationToken"] = make_token(page.last)
    return reply


def restore_status(call: Call, version: ObjectVersion) -> dict[str, Any]:
    """The member RestoreStatus, if the call asks for it and the object was restored."""
    if "RestoreStatus" not in call.params.get("OptionalObjectAttributes", ()) or version.restored_until is None:
        return {}
    return {"RestoreStatus": {"IsRestoreInProgress": False, "RestoreExpiryDate": version.restored_until}}


def _described(
    call: Call, bucket: Bucket, keys: Iterable[str], encoded: Encoder, *, with_owner: bool
) -> list[dict[str, Any]]:
    found = []
    for key in keys:
        version = bucket.contents.get(key)
        if version is None:
            continue
        entry: dict[str, Any] = {
            "Key": encoded(key),
            "LastModified": version.last_modified,
            "ETag": version.etag,
            "Size": version.size,
            "StorageClass": version.storage_class,
            **restore_status(call, version),
        }
        if version.checksums:
            entry["ChecksumAlgorithm"] = [member.removeprefix("Checksum") for member in version.checksums]
            entry["ChecksumType"] = version.checksum_type
        if with_owner:
            entry["Owner"] = owner(version.owner)
        found.append(entry)
    return found
