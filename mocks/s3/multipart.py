"""Multipart uploads: begun, given parts, and completed or aborted. Source: S3 User Guide, mpuoverview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.kit import LETTERS_AND_DIGITS, ApiError, Call, Reply, error, operation_that_reads

from .bucket import Bucket
from .checksums import MEMBERS, composite, computed, md5, sent, type_of, verified
from .copy_source import copy_source
from .copying import SOURCE_READS, source_version, source_version_shown
from .draft import READS, draft, store
from .encryption import CUSTOMER_KEY, check_key, shown
from .expiry import expiry_shown
from .failures import InvalidRequest, invalid_argument, malformed_xml
from .object_version import ObjectVersion, Part
from .preconditions import check_write
from .ranges import span_to_copy
from .reading import version_id_shown
from .upload import Upload

NoSuchUpload = error("NoSuchUpload")
InvalidPart = error("InvalidPart", status=400)
InvalidPartOrder = error("InvalidPartOrder", status=400)
EntityTooSmall = error("EntityTooSmall", status=400)
BadDigest = error("BadDigest", status=400)

MIN_PART_BYTES = 5 << 20  # of every part but the last
MAX_PARTS = 10_000
UPLOAD_ID_LENGTH = 128


@operation_that_reads(*READS, "ChecksumAlgorithm", "ChecksumType")
def create_multipart_upload(call: Call, bucket: Bucket) -> Reply:
    """The id under which parts can be uploaded. All that the headers say is for the object that will be made."""
    params = call.params
    algorithm = params.get("ChecksumAlgorithm")
    if algorithm is None and "ChecksumType" in params:
        raise InvalidRequest(
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
        )
    upload = Upload(
        call.clock.new_token(UPLOAD_ID_LENGTH, LETTERS_AND_DIGITS + "._"),
        draft(call, bucket),
        call.clock.now(),
        call.principal.arn,
        call.account,
        algorithm,
        None if algorithm is None else type_of(algorithm, params.get("ChecksumType")),
    )
    bucket.uploads[upload.id] = upload
    reply = {"Bucket": bucket.name, "Key": upload.key, "UploadId": upload.id, **upload.draft.encryption}
    if algorithm is not None:
        reply |= {"ChecksumAlgorithm": algorithm, "ChecksumType": upload.checksum_type}
    return reply


@operation_that_reads(
    "Key", "UploadId", "PartNumber", "Body", "ContentMD5", "ChecksumAlgorithm", *MEMBERS, *CUSTOMER_KEY
)
def upload_part(call: Call, bucket: Bucket) -> Reply:
    """Keeps one part, in place of an earlier one of the same number."""
    upload = the_upload(call, bucket)
    body: bytes = call.params.get("Body", b"")
    part = _add_part(call, upload, body, verified(call.params, body))
    return {"ETag": part.etag, **part.checksums, **shown(upload.draft.encryption)}


@operation_that_reads("Key", "UploadId", "PartNumber", "CopySourceRange", *SOURCE_READS, *CUSTOMER_KEY)
def upload_part_copy(call: Call, bucket: Bucket) -> Reply:
    """Keeps as one part an object, or a range of one."""
    upload = the_upload(call, bucket)
    source = copy_source(call)
    original = source_version(call, source)
    body = original.body
    if "CopySourceRange" in call.params:
        span = span_to_copy(call.params["CopySourceRange"], original.size)
        body = body[span.start : span.end]
    part = _add_part(call, upload, body, {})
    return {
        "CopyPartResult": {"ETag": part.etag, "LastModified": part.modified_at, **part.checksums},
        **shown(upload.draft.encryption),
        **source_version_shown(source, original),
    }


@operation_that_reads(
    "Key",
    "UploadId",
    "MultipartUpload",
    "ChecksumType",
    "MpuObjectSize",
    "IfMatch",
    "IfNoneMatch",
    *MEMBERS,
    *CUSTOMER_KEY,
)
def complete_multipart_upload(call: Call, bucket: Bucket) -> Reply:
    """The object of the parts that are listed, which are joined once; the other parts are forgotten."""
    upload = the_upload(call, bucket)
    parts = _listed_parts(call, upload)
    check_write(call.params, bucket, upload.key)
    version = upload.draft
    body = b"".join(upload.bodies[part.number] for part in parts)
    size = call.params.get("MpuObjectSize")
    if size is not None and size != len(body):
        raise InvalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.")
    version.body, version.parts = body, parts
    version.etag = _etag(parts)
    _set_checksum(call.params, upload, version)
    store(call, bucket, version)
    version.modified_at = float(int(upload.initiated_at))  # Source: S3 User Guide, UsingMetadata, Last-Modified
    del bucket.uploads[upload.id]
    reply = {
        "Location": f"https://{bucket.name}.s3.{bucket.region}.amazonaws.com/{version.key}",
        "Bucket": bucket.name,
        "Key": version.key,
        "ETag": version.etag,
        **version.checksums,
        **shown(version.encryption),
        **version_id_shown(bucket, version),
        **expiry_shown(bucket, version),
    }
    if version.checksums:
        reply["ChecksumType"] = version.checksum_type
    return reply


@operation_that_reads("Key", "UploadId", "IfMatchInitiatedTime")
def abort_multipart_upload(call: Call, bucket: Bucket) -> Reply:
    """Forgets the upload and its parts."""
    upload = the_upload(call, bucket)
    expected = call.params.get("IfMatchInitiatedTime")
    if expected is not None and int(expected.timestamp()) != int(upload.initiated_at):
        raise InvalidRequest("The upload was not initiated at the time that x-amz-if-match-initiated-time says.")
    del bucket.uploads[upload.id]
    return {}


def the_upload(call: Call, bucket: Bucket) -> Upload:
    """The upload that the call names. Raises NoSuchUpload."""
    upload = bucket.uploads.get(call.params["UploadId"])
    if upload is None or upload.key != call.params["Key"]:
        raise NoSuchUpload(
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
            "completed.",
            fields={"UploadId": call.params["UploadId"]},
        )
    return upload


def _add_part(call: Call, upload: Upload, body: bytes, checksums: dict[str, str]) -> Part:
    number = call.params["PartNumber"]
    if not 1 <= number <= MAX_PARTS:
        raise invalid_argument(
            f"Part number must be an integer between 1 and {MAX_PARTS}, inclusive", "partNumber", number
        )
    if "SSECustomerAlgorithm" in upload.draft.encryption:
        check_key(upload.draft.encryption, call.params)
    algorithm = upload.checksum_algorithm
    if algorithm is not None and f"Checksum{algorithm}" not in checksums:
        wrong = sent(call.params)
        if wrong:
            name = next(iter(wrong)).removeprefix("Checksum").lower()
            raise InvalidRequest(
                f"Checksum Type mismatch occurred, expected checksum Type: {algorithm.lower()}, "
                f"actual checksum Type: {name}"
            )
        checksums = {f"Checksum{algorithm}": computed(algorithm, body)}
    part = Part(number, len(body), f'"{md5(body).hex()}"', float(int(call.clock.now())), checksums)
    upload.parts[number], upload.bodies[number] = part, body
    return part


def _listed_parts(call: Call, upload: Upload) -> list[Part]:
    """The parts in the order of the request. Raises MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall."""
    entries = (call.params.get("MultipartUpload") or {}).get("Parts")
    if not entries:
        raise malformed_xml()
    parts: list[Part] = []
    for entry in entries:
        part = upload.parts.get(entry.get("PartNumber", 0))
        if part is None or entry.get("ETag", "").strip('"') != part.etag.strip('"'):
            raise _invalid_part(upload, entry)
        if upload.checksum_type == "COMPOSITE" and f"Checksum{upload.checksum_algorithm}" not in entry:
            raise _missing_checksum(upload, part)
        if any(part.checksums.get(member, value) != value for member, value in sent(entry).items()):
            raise _invalid_part(upload, entry)
        if parts and part.number <= parts[-1].number:
            raise InvalidPartOrder(
                "The list of parts was not in ascending order. Parts must be ordered by part number.",
                fields={"UploadId": upload.id},
            )
        parts.append(part)
    for part in parts[:-1]:
        if part.size < MIN_PART_BYTES:
            raise EntityTooSmall(
                "Your proposed upload is smaller than the minimum allowed size",
                fields={
                    "ProposedSize": part.size,
                    "MinSizeAllowed": MIN_PART_BYTES,
                    "PartNumber": part.number,
                    "ETag": part.etag.strip('"'),
                },
            )
    return parts


def _invalid_part(upload: Upload, entry: Mapping[str, Any]) -> ApiError:
    return InvalidPart(
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "
        "entity tag may not match the part's entity tag.",
        fields={"UploadId": upload.id, "PartNumber": entry.get("PartNumber"), "ETag": entry.get("ETag", "").strip('"')},
    )


def _missing_checksum(upload: Upload, part: Part) -> ApiError:
    algorithm = str(upload.checksum_algorithm).lower()
    return InvalidRequest(
        f"The upload was created using a {algorithm} checksum. The complete request must include the checksum for each "
        f"part. It was missing for part {part.number} in the request."
    )


def _etag(parts: list[Part]) -> str:
    """The MD5 of the MD5s of the parts, and their number."""
    joined = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
    return f'"{md5(joined).hex()}-{len(parts)}"'


def _set_checksum(params: Mapping[str, Any], upload: Upload, version: ObjectVersion) -> None:
    """The object's checksum: of the parts' checksums, or of the whole. Raises BadDigest if another one was sent."""
    algorithm = upload.checksum_algorithm
    if algorithm is None:
        for part in version.parts:
            part.checksums = {}
        return
    wanted = params.get("ChecksumType")
    if wanted is not None and wanted != upload.checksum_type:
        raise InvalidRequest(
            f"The upload was created using the {upload.checksum_type} checksum mode. The complete request must use the "
            "same checksum mode."
        )
    version.checksum_type = upload.checksum_type or "COMPOSITE"
    if version.checksum_type == "COMPOSITE":
        value = composite(algorithm, [part.checksums for part in version.parts])
    else:
        value = computed(algorithm, version.body)
    version.checksums = {f"Checksum{algorithm}": value}
    given = sent(params).get(f"Checksum{algorithm}", value)
    if given not in (value, value.partition("-")[0]):
        raise BadDigest(f"The {algorithm.lower()} you specified did not match the calculated checksum.")
