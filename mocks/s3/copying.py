"""CopyObject: a new object made of one that is there."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, operation_that_reads

from .bucket import Bucket
from .checksums import computed
from .copy_source import CopySource, copy_source
from .draft import READS, draft, headers_in, store
from .encryption import CUSTOMER_KEY, check_key, etag_of
from .expiry import expiry_shown
from .failures import InvalidRequest, invalid_argument
from .object_version import ObjectVersion
from .preconditions import check_copy_source, check_write
from .reading import InvalidObjectState, find_version, version_id_shown

MAX_COPY_BYTES = 5 << 30
SOURCE_CONDITIONS = (
    "CopySourceIfMatch",
    "CopySourceIfNoneMatch",
    "CopySourceIfModifiedSince",
    "CopySourceIfUnmodifiedSince",
)
SOURCE_KEY = tuple(f"CopySource{member}" for member in CUSTOMER_KEY)
SOURCE_READS = ("CopySource", "ExpectedSourceBucketOwner", *SOURCE_CONDITIONS, *SOURCE_KEY)
DIRECTIVES = ("COPY", "REPLACE")
MAKES_A_DIFFERENCE = (  # one of these there must be for a copy of an object onto itself
    "StorageClass",
    "ServerSideEncryption",
    "SSECustomerAlgorithm",
    "WebsiteRedirectLocation",
    "ChecksumAlgorithm",
)


@operation_that_reads(
    *READS, *SOURCE_READS, "MetadataDirective", "TaggingDirective", "ChecksumAlgorithm", "IfMatch", "IfNoneMatch"
)
def copy_object(call: Call, bucket: Bucket) -> Reply:
    """The copy has the source's metadata and tags unless the request replaces them; ACL and lock are its own."""
    params = call.params
    directives = {name: params.get(name, "COPY") for name in ("MetadataDirective", "TaggingDirective")}
    for name, directive in directives.items():
        if directive not in DIRECTIVES:
            raise invalid_argument(f"Unknown {name.removesuffix('Directive').lower()} directive.", name, directive)
    source = copy_source(call)
    original = source_version(call, source)
    onto_itself = source.bucket is bucket and source.key == params["Key"] and source.version_id is None
    if (
        onto_itself
        and directives["MetadataDirective"] == "COPY"
        and not any(name in params for name in MAKES_A_DIFFERENCE)
    ):
        raise InvalidRequest(
            "This copy request is illegal because it is trying to copy an object to itself without changing the "
            "object's metadata, storage class, website redirect location or encryption attributes."
        )
    if original.size > MAX_COPY_BYTES:
        raise InvalidRequest(
            f"The specified copy source is larger than the maximum allowable size for a copy source: {MAX_COPY_BYTES}"
        )
    version = draft(call, bucket)
    if directives["MetadataDirective"] == "COPY":
        redirect = {key: value for key, value in headers_in(params).items() if key == "WebsiteRedirectLocation"}
        kept = {key: value for key, value in original.headers.items() if key != "WebsiteRedirectLocation"}
        version.headers, version.metadata = kept | redirect, dict(original.metadata)
    if directives["TaggingDirective"] == "COPY":
        version.tags = dict(original.tags)
    check_write(params, bucket, version.key)
    version.body = original.body
    version.etag = etag_of(original.body, version.encryption)
    version.checksums = _checksums(params.get("ChecksumAlgorithm"), original)
    store(call, bucket, version)
    result = {"ETag": version.etag, "LastModified": version.last_modified, **version.checksums}
    if version.checksums:
        result["ChecksumType"] = version.checksum_type
    return {
        "CopyObjectResult": result,
        **version.encryption,
        **version_id_shown(bucket, version),
        **expiry_shown(bucket, version),
        **source_version_shown(source, original),
    }


def source_version(call: Call, source: CopySource) -> ObjectVersion:
    """The version that is copied. Raises NoSuchKey, PreconditionFailed, InvalidObjectState and what its key misses."""
    version_id = source.version_id
    named = None if version_id is None else source.bucket.contents.version(source.key, version_id)
    if named is not None and named.is_delete_marker:
        raise InvalidRequest(
            "The source of a copy request may not specifically refer to a delete marker by version id."
        )
    original = find_version(call, source.bucket, source.key, version_id)
    check_key(original.encryption, call.params, "CopySource")
    check_copy_source(call.params, original)
    if not original.is_readable(call.clock.now()):
        raise InvalidObjectState(
            "Operation is not valid for the source object's storage class",
            fields={"StorageClass": original.storage_class},
        )
    return original


def source_version_shown(source: CopySource, original: ObjectVersion) -> dict[str, Any]:
    """The member CopySourceVersionId, where the source's bucket has versions."""
    return {"CopySourceVersionId": original.version_id} if source.bucket.is_versioned else {}


def _checksums(algorithm: str | None, original: ObjectVersion) -> dict[str, str]:
    """Those of the source; a checksum of the whole is made of one of the parts."""
    if algorithm is not None:
        return {f"Checksum{algorithm}": computed(algorithm, original.body)}
    if original.checksum_type == "FULL_OBJECT":
        return dict(original.checksums)
    members = [member.removeprefix("Checksum") for member in original.checksums]
    return {f"Checksum{name}": computed(name, original.body) for name in members}
