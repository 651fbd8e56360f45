"""Conditional requests. Source: S3 API reference, GetObject, PutObject and CopyObject; RFC 7232 section 6."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

from iamsim.kit import ApiError, error

from .bucket import Bucket
from .failures import NoSuchKey, PreconditionFailed, not_implemented
from .object_version import ObjectVersion

NotModified = error("NotModified", status=304)

EPOCH = datetime.fromtimestamp(0, tz=timezone.utc)
END_OF_TIME = datetime.max.replace(tzinfo=timezone.utc)


def check_read(params: Mapping[str, Any], version: ObjectVersion) -> None:
    """Raises PreconditionFailed or NotModified. What is said of entity tags goes before what is said of times."""
    failed = _failed(params, version, "")
    if failed in ("If-Match", "If-Unmodified-Since"):
        raise precondition_failed(failed)
    if failed:
        headers = {"ETag": version.etag, "Last-Modified": format_datetime(version.last_modified, usegmt=True)}
        raise NotModified("Not Modified", headers=headers)


def check_copy_source(params: Mapping[str, Any], version: ObjectVersion) -> None:
    """Raises PreconditionFailed for whatever does not hold of the source."""
    failed = _failed(params, version, "CopySource")
    if failed:
        raise precondition_failed(f"x-amz-copy-source-{failed}")


def check_write(params: Mapping[str, Any], bucket: Bucket, key: str) -> None:
    """Raises PreconditionFailed if the object that is there is not the one that the writer expects."""
    current = bucket.contents.get(key)
    if "IfNoneMatch" in params:
        if params["IfNoneMatch"] != "*":
            raise not_implemented("If-None-Match")
        if current is not None:
            raise precondition_failed("If-None-Match")
    if "IfMatch" in params:
        if current is None:
            raise NoSuchKey("The specified key does not exist.", fields={"Key": key})
        if not _matches(params["IfMatch"], current.etag):
            raise precondition_failed("If-Match")


def precondition_failed(condition: str) -> ApiError:
    """The error for a condition, given by its header."""
    return PreconditionFailed(
        "At least one of the pre-conditions you specified did not hold", fields={"Condition": condition}
    )


def _failed(params: Mapping[str, Any], version: ObjectVersion, prefix: str) -> str:
    """The header whose condition does not hold, "" if all do."""
    if prefix + "IfMatch" in params:
        if not _matches(params[prefix + "IfMatch"], version.etag):
            return "If-Match"
    elif version.last_modified > _seconds(params.get(prefix + "IfUnmodifiedSince", END_OF_TIME)):
        return "If-Unmodified-Since"
    if prefix + "IfNoneMatch" in params:
        if _matches(params[prefix + "IfNoneMatch"], version.etag):
            return "If-None-Match"
    elif version.last_modified <= _seconds(params.get(prefix + "IfModifiedSince", EPOCH)):
        return "If-Modified-Since"
    return ""


def _matches(wanted: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in wanted.split(",")]
    return "*" in tags or etag.strip('"') in tags


def _seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
