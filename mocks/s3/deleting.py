"""Deleting objects: one, or up to a thousand at once. Source: S3 User Guide, DeletingObjectVersions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.kit import ApiError, Call, Reply, operation_that_reads

from .acl import private
from .bucket import Bucket
from .checksums import check_document
from .draft import new_version_id
from .failures import NoSuchKey, NoSuchVersion, invalid_version_id, malformed_xml
from .object_lock import check_may_delete
from .object_version import ObjectVersion, is_version_id
from .permission import required_to_delete
from .preconditions import precondition_failed

MAX_KEYS = 1_000


@operation_that_reads(
    "Key", "VersionId", "BypassGovernanceRetention", "IfMatch", "IfMatchLastModifiedTime", "IfMatchSize"
)
def delete_object(call: Call, bucket: Bucket) -> Reply:
    """Deletes the object or one version of it. Where versions are kept, the object gets a delete marker instead."""
    params = call.params
    version_id = params.get("VersionId")
    if version_id is not None and not is_version_id(version_id):
        raise invalid_version_id(version_id)
    conditions = {
        "ETag": params.get("IfMatch"),
        "LastModifiedTime": params.get("IfMatchLastModifiedTime"),
        "Size": params.get("IfMatchSize"),
    }
    bypass = bool(params.get("BypassGovernanceRetention"))
    return _delete(call, bucket, params["Key"], version_id, conditions, bypass=bypass)


@operation_that_reads("Delete", "BypassGovernanceRetention")
def delete_objects(call: Call, bucket: Bucket) -> Reply:
    """Deletes each key that the caller may delete; what fails is told key by key."""
    check_document(call)
    wanted = call.params["Delete"]
    entries = wanted.get("Objects") or []
    if not 1 <= len(entries) <= MAX_KEYS or any("Key" not in entry for entry in entries):
        raise malformed_xml()
    deleted: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for entry in entries:
        named = {member: entry[member] for member in ("Key", "VersionId") if member in entry}
        try:
            outcome = _delete_entry(call, bucket, entry)
        except ApiError as failure:
            errors.append({**named, "Code": failure.code, "Message": failure.message})
            continue
        if outcome.get("DeleteMarker"):
            named["DeleteMarker"] = True
            named["DeleteMarkerVersionId"] = outcome["VersionId"]
        deleted.append(named)
    return {"Deleted": [] if wanted.get("Quiet") else deleted, "Errors": errors}


def _delete_entry(call: Call, bucket: Bucket, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Asks for the permission that the key takes, then deletes it."""
    key, version_id = entry["Key"], entry.get("VersionId")
    if version_id is not None and not is_version_id(version_id):
        raise NoSuchVersion("The specified version does not exist.")
    bypass = bool(call.params.get("BypassGovernanceRetention"))
    for needed in required_to_delete(call, bucket, entry):
        refusal = call.guard(call, needed)
        if refusal is not None:
            raise refusal
    return _delete(call, bucket, key, version_id, entry, bypass=bypass)


def _delete(
    call: Call, bucket: Bucket, key: str, version_id: str | None, conditions: Mapping[str, Any], *, bypass: bool
) -> dict[str, Any]:
    current = bucket.contents.latest(key) if version_id is None else bucket.contents.version(key, version_id)
    _check_conditions(key, current, conditions)
    if version_id is not None:
        if current is None:
            return {"VersionId": version_id}
        check_may_delete(call, current, bypass=bypass)
        bucket.contents.remove(current)
        return {"VersionId": version_id, **({"DeleteMarker": True} if current.is_delete_marker else {})}
    if not bucket.is_versioned:
        if current is not None:
            bucket.contents.remove(current)
        return {}
    marker = ObjectVersion(
        key,
        bucket.account,
        private(bucket.account),
        version_id=new_version_id(call) if bucket.versioning == "Enabled" else "null",
        modified_at=float(int(call.clock.now())),
        is_delete_marker=True,
    )
    bucket.contents.put(marker)
    return {"DeleteMarker": True, "VersionId": marker.version_id}


def _check_conditions(key: str, current: ObjectVersion | None, conditions: Mapping[str, Any]) -> None:
    """Raises PreconditionFailed if the object is not the one that is to be deleted."""
    etag, moment, size = (conditions.get(name) for name in ("ETag", "LastModifiedTime", "Size"))
    if etag is None and moment is None and size is None:
        return
    if current is None or current.is_delete_marker:
        raise NoSuchKey("The specified key does not exist.", fields={"Key": key})
    if etag is not None and etag != "*" and etag.strip('"') != current.etag.strip('"'):
        raise precondition_failed("If-Match")
    if moment is not None and moment.replace(microsecond=0) != current.last_modified:
        raise precondition_failed("x-amz-if-match-last-modified-time")
    if size is not None and size != current.size:
        raise precondition_failed("x-amz-if-match-size")
