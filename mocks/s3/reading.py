"""Reading objects: GetObject and HeadObject, and which version a call means."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

from iamsim.kit import ApiError, Call, Reply, error, operation_that_reads

from .bucket import Bucket
from .encryption import CUSTOMER_KEY, check_key, shown
from .expiry import expiry_shown
from .failures import InvalidRequest, MethodNotAllowed, NoSuchKey, NoSuchVersion, invalid_version_id
from .object_version import ObjectVersion, is_version_id
from .permission import may_list, required_on_object
from .preconditions import check_read
from .ranges import span_asked

InvalidObjectState = error("InvalidObjectState")

OVERRIDES = {  # query parameter -> the header that it stands for
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
    "ResponseExpires": "Expires",
}
READS = (
    "Key",
    "VersionId",
    "PartNumber",
    "Range",
    "IfMatch",
    "IfNoneMatch",
    "IfModifiedSince",
    "IfUnmodifiedSince",
    "ChecksumMode",
    *CUSTOMER_KEY,
    *OVERRIDES,
)


@operation_that_reads(*READS)
def get_object(call: Call, bucket: Bucket) -> Reply:
    """The object, or the bytes of it that are asked for."""
    version = the_version(call, bucket)
    _check_state(call, version)
    reply = _read(call, bucket, version)
    span = span_asked(call.params, version)
    reply["Body"] = version.body if span is None else version.body[span.start : span.end]
    return reply


@operation_that_reads(*READS)
def head_object(call: Call, bucket: Bucket) -> Reply:
    """What GetObject would answer, without the body."""
    return _read(call, bucket, the_version(call, bucket))


def the_version(call: Call, bucket: Bucket) -> ObjectVersion:
    """The version that the call names by Key and VersionId. Raises NoSuchKey, NoSuchVersion, MethodNotAllowed.

    A caller who may not list the bucket is not told that there is no such key (R-138a).
    """
    key, version_id = call.params["Key"], call.params.get("VersionId")
    return find_version(call, bucket, key, version_id)


def find_version(call: Call, bucket: Bucket, key: str, version_id: str | None) -> ObjectVersion:
    """As `the_version`, for a key and version that the call names elsewhere."""
    found = bucket.contents.latest(key) if version_id is None else bucket.contents.version(key, version_id)
    if found is not None and not found.is_delete_marker:
        return found
    refusal = may_list(call, bucket)
    if refusal is not None:
        raise refusal
    if version_id is not None and found is None:
        raise _no_such_version(key, version_id)
    if found is None:
        raise NoSuchKey("The specified key does not exist.", fields={"Key": key})
    headers = {"x-amz-delete-marker": "true"}
    if found.version_id != "null" or bucket.is_versioned:
        headers["x-amz-version-id"] = found.version_id
    if version_id is None:
        raise NoSuchKey("The specified key does not exist.", fields={"Key": key}, headers=headers)
    raise MethodNotAllowed(
        "The specified method is not allowed against this resource.",
        fields={"Method": call.http.method, "ResourceType": "DeleteMarker"},
        headers=headers | {"Allow": "DELETE", "Last-Modified": format_datetime(found.last_modified, usegmt=True)},
    )


def version_id_shown(bucket: Bucket, version: ObjectVersion) -> dict[str, Any]:
    """The member VersionId, which only a bucket has that is or was versioned."""
    return {"VersionId": version.version_id} if bucket.is_versioned else {}


def _no_such_version(key: str, version_id: str) -> ApiError:
    if not is_version_id(version_id):
        return invalid_version_id(version_id)
    return NoSuchVersion("The specified version does not exist.", fields={"Key": key, "VersionId": version_id})


def _check_state(call: Call, version: ObjectVersion) -> None:
    if not version.is_readable(call.clock.now()):
        raise InvalidObjectState(
            "The operation is not valid for the object's storage class", fields={"StorageClass": version.storage_class}
        )


def _read(call: Call, bucket: Bucket, version: ObjectVersion) -> dict[str, Any]:
    """The members of the answer beside the body."""
    params = call.params
    check_key(version.encryption, params)
    check_read(params, version)
    span = span_asked(params, version)
    reply: dict[str, Any] = {
        "AcceptRanges": "bytes",
        "LastModified": version.last_modified,
        "ContentLength": version.size if span is None else span.end - span.start,
        "ETag": version.etag,
        **version_id_shown(bucket, version),
        **version.headers,
        **shown(version.encryption),
        **expiry_shown(bucket, version),
    }
    if version.metadata:
        reply["Metadata"] = version.metadata
    if span is not None and version.size:
        reply["ContentRange"] = span.content_range(version.size)
    if "PartNumber" in params and version.parts:
        reply["PartsCount"] = len(version.parts)
    if version.storage_class != "STANDARD":
        reply["StorageClass"] = version.storage_class
    if params.get("ChecksumMode") == "ENABLED":
        reply |= _checksums(params, version, is_partial=span is not None)
    if version.restored_until is not None and version.restored_until > call.clock.now():
        reply["Restore"] = f'ongoing-request="false", expiry-date="{_http_date(version.restored_until)}"'
    reply |= _shown_if_allowed(call, bucket, version)
    return reply | _overridden(call)


def _checksums(params: dict[str, Any], version: ObjectVersion, *, is_partial: bool) -> dict[str, Any]:
    if "PartNumber" in params and version.parts:
        return dict(version.parts[params["PartNumber"] - 1].checksums)
    if is_partial:
        return {}
    return {**version.checksums, "ChecksumType": version.checksum_type} if version.checksums else {}


def _shown_if_allowed(call: Call, bucket: Bucket, version: ObjectVersion) -> dict[str, Any]:
    """The number of tags and the lock, each only for callers who may read it. Source: S3-API GetObject."""

    def may(action: str) -> bool:
        needed = required_on_object(call, bucket, version.key, action, version=version)
        return call.guard(call, needed) is None

    members: dict[str, Any] = {}
    if version.tags and may("s3:GetObjectVersionTagging" if "VersionId" in call.params else "s3:GetObjectTagging"):
        members["TagCount"] = len(version.tags)
    if version.retention and may("s3:GetObjectRetention"):
        members["ObjectLockMode"] = version.retention["Mode"]
        members["ObjectLockRetainUntilDate"] = version.retention["RetainUntilDate"]
    if version.legal_hold and may("s3:GetObjectLegalHold"):
        members["ObjectLockLegalHoldStatus"] = version.legal_hold
    return members


def _overridden(call: Call) -> dict[str, Any]:
    """The headers that a signed request asks for in place of the object's own."""
    asked = {member: call.params[name] for name, member in OVERRIDES.items() if name in call.params}
    if asked and "authorization" not in call.http.headers and "ignature=" not in call.http.query:
        raise InvalidRequest("Request specific response headers cannot be used for anonymous GET requests.")
    return asked


def _http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(seconds), tz=timezone.utc), usegmt=True)
