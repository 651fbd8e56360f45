"""ListObjectVersions: every version and delete marker, the newest of a key first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.kit import Call, Reply, operation_that_reads

from .acl import owner
from .bucket import Bucket
from .failures import invalid_argument
from .listing import READS, restore_status
from .object_version import ObjectVersion
from .page_of_keys import Encoder, page_size


@operation_that_reads(*READS, "KeyMarker", "VersionIdMarker")
def list_object_versions(call: Call, bucket: Bucket) -> Reply:
    """The versions beyond the two markers."""
    params, encoded = call.params, Encoder(call.params)
    if params.get("VersionIdMarker") and not params.get("KeyMarker"):
        raise invalid_argument(
            "A version-id marker cannot be specified without a key marker.",
            "version-id-marker",
            params["VersionIdMarker"],
        )
    size = page_size(params, "MaxKeys", "maxKeys")
    reply: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": encoded(params.get("Prefix", "")),
        "KeyMarker": encoded(params.get("KeyMarker", "")),
        "VersionIdMarker": params.get("VersionIdMarker", ""),
        "MaxKeys": size,
        "IsTruncated": False,
        "Versions": [],
        "DeleteMarkers": [],
        "CommonPrefixes": [],
        **encoded.echoed(params, "Delimiter"),
    }
    last: tuple[str, ObjectVersion | None] = ("", None)
    for number, (name, version) in enumerate(_entries(bucket, params)):
        if number == size:
            reply["IsTruncated"] = size > 0
            if size:
                reply["NextKeyMarker"] = encoded(last[0])
                reply |= {"NextVersionIdMarker": last[1].version_id} if last[1] is not None else {}
            break
        if version is None:
            reply["CommonPrefixes"].append({"Prefix": encoded(name)})
        else:
            kind = "DeleteMarkers" if version.is_delete_marker else "Versions"
            reply[kind].append(_described(call, bucket, version, encoded))
        last = (name, version)
    return reply


def _entries(bucket: Bucket, params: dict[str, Any]) -> Iterator[tuple[str, ObjectVersion | None]]:
    """Versions with their keys, and common prefixes without one."""
    contents = bucket.contents
    marker, version_marker = params.get("KeyMarker", ""), params.get("VersionIdMarker")
    walk = contents.keys.walk(
        params.get("Prefix", ""), params.get("Delimiter", ""), marker, inclusive=bool(version_marker)
    )
    for name, is_prefix in walk:
        if is_prefix:
            yield name, None
            continue
        wait_for = version_marker if name == marker else None
        for version in contents.versions(name):
            if wait_for is None:
                yield name, version
            elif version.version_id == wait_for:
                wait_for = None


def _described(call: Call, bucket: Bucket, version: ObjectVersion, encoded: Encoder) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "Key": encoded(version.key),
        "VersionId": version.version_id,
        "IsLatest": bucket.contents.latest(version.key) is version,
        "LastModified": version.last_modified,
        "Owner": owner(version.owner),
    }
    if version.is_delete_marker:
        return entry
    entry |= {"ETag": version.etag, "Size": version.size, "StorageClass": version.storage_class}
    if version.checksums:
        entry["ChecksumAlgorithm"] = [member.removeprefix("Checksum") for member in version.checksums]
        entry["ChecksumType"] = version.checksum_type
    return entry | restore_status(call, version)
