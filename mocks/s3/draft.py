"""The object that a write makes, before its body is there: everything that the request's headers say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.kit import LETTERS_AND_DIGITS, Call, error

from .access_control import object_acl
from .bucket import Bucket
from .encryption import ASKED_IN, encryption_for
from .failures import invalid_argument
from .object_lock import LOCK_MEMBERS, lock
from .object_version import VERSION_ID_LENGTH, ObjectVersion
from .tag_set import in_header

KeyTooLongError = error("KeyTooLongError", status=400)
MetadataTooLarge = error("MetadataTooLarge", status=400)
InvalidStorageClass = error("InvalidStorageClass", status=400)

HEADERS = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "WebsiteRedirectLocation",
)
GRANTS = ("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP")
READS = ("Key", "Metadata", "StorageClass", "Tagging", *HEADERS, *GRANTS, *ASKED_IN, *LOCK_MEMBERS)

DEFAULT_TYPE = "binary/octet-stream"
STORAGE_CLASSES = frozenset(
    {
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
    }
)
MAX_KEY_BYTES = 1_024
MAX_METADATA_BYTES = 2_048


def draft(call: Call, bucket: Bucket) -> ObjectVersion:
    """The new version of the object that the call names, without its body. Raises what is wrong with a header."""
    params = call.params
    _check_key(params["Key"])
    owner, acl = object_acl(call, bucket)
    version = ObjectVersion(
        params["Key"],
        owner,
        acl,
        headers=headers_in(params),
        metadata=metadata_in(params),
        storage_class=storage_class_in(params),
        encryption=encryption_for(params, bucket),
        tags=in_header(params.get("Tagging")),
    )
    lock(call, bucket, version)
    return version


def store(call: Call, bucket: Bucket, version: ObjectVersion) -> None:
    """Make `version` the newest of its key. A bucket that is versioned gives it an id of its own."""
    version.modified_at = float(int(call.clock.now()))
    version.version_id = new_version_id(call) if bucket.versioning == "Enabled" else "null"
    bucket.contents.put(version)


def new_version_id(call: Call) -> str:
    """An id for a version."""
    return call.clock.new_token(VERSION_ID_LENGTH, LETTERS_AND_DIGITS + "._")


def headers_in(params: Mapping[str, Any]) -> dict[str, Any]:
    """The headers that reads give back. Raises InvalidArgument for a redirect to nowhere."""
    location = params.get("WebsiteRedirectLocation", "/")
    if not location.startswith(("/", "http://", "https://")):
        raise invalid_argument(
            "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
            "x-amz-website-redirect-location",
            location,
        )
    return {"ContentType": DEFAULT_TYPE} | {name: params[name] for name in HEADERS if name in params}


def metadata_in(params: Mapping[str, Any]) -> dict[str, str]:
    """The user's own metadata. Raises MetadataTooLarge."""
    metadata = {name: value.strip() for name, value in params.get("Metadata", {}).items()}  # they were headers
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > MAX_METADATA_BYTES:
        raise MetadataTooLarge(
            "Your metadata headers exceed the maximum allowed metadata size",
            fields={"Size": size, "MaxSizeAllowed": MAX_METADATA_BYTES},
        )
    return metadata


def storage_class_in(params: Mapping[str, Any]) -> str:
    """The storage class. Raises InvalidStorageClass."""
    name: str = params.get("StorageClass", "STANDARD")
    if name not in STORAGE_CLASSES:
        raise InvalidStorageClass(
            "The storage class you specified is not valid", fields={"StorageClassRequested": name}
        )
    return name


def _check_key(key: str) -> None:
    size = len(key.encode())
    if size > MAX_KEY_BYTES:
        raise KeyTooLongError("Your key is too long", fields={"Size": size, "MaxSizeAllowed": MAX_KEY_BYTES})
