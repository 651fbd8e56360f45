"""ListMultipartUploads and ListParts. Source: S3 API reference."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, operation_that_reads

from .acl import owner
from .bucket import Bucket
from .encryption import CUSTOMER_KEY
from .multipart import the_upload
from .page_of_keys import Encoder, page_size
from .sorted_keys import SortedKeys
from .upload import Upload


@operation_that_reads("Prefix", "Delimiter", "MaxUploads", "EncodingType", "KeyMarker", "UploadIdMarker")
def list_multipart_uploads(call: Call, bucket: Bucket) -> Reply:
    """The uploads that go on, by key, those of one key by when they began."""
    params, encoded = call.params, Encoder(call.params)
    size = page_size(params, "MaxUploads", "max-uploads")
    by_key: dict[str, list[Upload]] = {}
    keys = SortedKeys()
    for upload in sorted(bucket.uploads.values(), key=lambda each: (each.initiated_at, each.id)):
        by_key.setdefault(upload.key, []).append(upload)
        keys.add(upload.key)
    marker, id_marker = params.get("KeyMarker", ""), params.get("UploadIdMarker", "") if params.get("KeyMarker") else ""
    uploads: list[dict[str, Any]] = []
    prefixes: list[dict[str, str]] = []
    last: tuple[str, str] | None = None
    truncated = False
    walk = keys.walk(params.get("Prefix", ""), params.get("Delimiter", ""), marker, inclusive=bool(id_marker))
    for name, is_prefix in walk:
        group = [None] if is_prefix else _beyond(by_key[name], id_marker if name == marker else "")
        for each in group:
            if len(uploads) + len(prefixes) == size:
                truncated = True
                break
            if each is None:
                prefixes.append({"Prefix": encoded(name)})
            else:
                uploads.append(_described(each, encoded))
            last = (name, "" if each is None else each.id)
    reply = {
        "Bucket": bucket.name,
        "KeyMarker": encoded(marker),
        "UploadIdMarker": id_marker,
        "MaxUploads": size,
        "IsTruncated": truncated and size > 0,
        "Uploads": uploads,
        "CommonPrefixes": prefixes,
        **encoded.echoed(params, "Prefix", "Delimiter"),
    }
    if truncated and last is not None:
        reply |= {"NextKeyMarker": encoded(last[0]), "NextUploadIdMarker": last[1]}
    return reply


@operation_that_reads("Key", "UploadId", "MaxParts", "PartNumberMarker", *CUSTOMER_KEY)
def list_parts(call: Call, bucket: Bucket) -> Reply:
    """The parts that there are, in order."""
    upload = the_upload(call, bucket)
    size = page_size(call.params, "MaxParts", "max-parts")
    marker = call.params.get("PartNumberMarker", 0)
    parts = [upload.parts[number] for number in sorted(upload.parts) if number > marker]
    shown = parts[:size]
    reply: dict[str, Any] = {
        "Bucket": bucket.name,
        "Key": upload.key,
        "UploadId": upload.id,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": shown[-1].number if shown else 0,
        "MaxParts": size,
        "IsTruncated": len(parts) > len(shown),
        "Parts": [
            {
                "PartNumber": part.number,
                "LastModified": part.modified_at,
                "ETag": part.etag,
                "Size": part.size,
                **part.checksums,
            }
            for part in shown
        ],
        "Initiator": _initiator(upload),
        "Owner": owner(upload.draft.owner),
        "StorageClass": upload.draft.storage_class,
    }
    if upload.checksum_algorithm is not None:
        reply |= {"ChecksumAlgorithm": upload.checksum_algorithm, "ChecksumType": upload.checksum_type}
    return reply


def _beyond(uploads: list[Upload], id_marker: str) -> list[Upload | None]:
    """The uploads of one key after the one of that id; all without one."""
    ids = [each.id for each in uploads]
    start = ids.index(id_marker) + 1 if id_marker in ids else 0
    return [*uploads[start:]]


def _initiator(upload: Upload) -> dict[str, str]:
    if upload.initiator_arn.endswith(":root") or not upload.initiator_arn.startswith("arn:"):
        return owner(upload.initiator_account)
    return {"ID": upload.initiator_arn, "DisplayName": upload.initiator_arn.rsplit("/", 1)[-1]}


def _described(upload: Upload, encoded: Encoder) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "UploadId": upload.id,
        "Key": encoded(upload.key),
        "Initiated": upload.initiated_at,
        "StorageClass": upload.draft.storage_class,
        "Owner": owner(upload.draft.owner),
        "Initiator": _initiator(upload),
    }
    if upload.checksum_algorithm is not None:
        entry |= {"ChecksumAlgorithm": upload.checksum_algorithm, "ChecksumType": upload.checksum_type}
    return entry
