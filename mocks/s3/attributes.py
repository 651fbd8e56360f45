"""GetObjectAttributes: what an object is, without its body. Source: S3 API reference."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, operation_that_reads

from .bucket import Bucket
from .encryption import CUSTOMER_KEY, check_key
from .failures import invalid_argument
from .object_version import ObjectVersion
from .page_of_keys import page_size
from .reading import the_version, version_id_shown

ATTRIBUTES = ("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize")


@operation_that_reads("Key", "VersionId", "ObjectAttributes", "MaxParts", "PartNumberMarker", *CUSTOMER_KEY)
def get_object_attributes(call: Call, bucket: Bucket) -> Reply:
    """The attributes that are asked for."""
    version = the_version(call, bucket)
    check_key(version.encryption, call.params)
    wanted = [name.strip() for item in call.params["ObjectAttributes"] for name in item.split(",")]
    for name in wanted:
        if name not in ATTRIBUTES:
            raise invalid_argument("Invalid attribute name specified.", "x-amz-object-attributes", name)
    members: dict[str, Any] = {
        "ETag": version.etag.strip('"'),
        "Checksum": {**version.checksums, "ChecksumType": version.checksum_type} if version.checksums else None,
        "ObjectParts": _parts(call, version),
        "StorageClass": version.storage_class,
        "ObjectSize": version.size,
    }
    return {
        "LastModified": version.last_modified,
        **version_id_shown(bucket, version),
        **{name: members[name] for name in ATTRIBUTES if name in wanted},
    }


def _parts(call: Call, version: ObjectVersion) -> dict[str, Any] | None:
    """The parts of a multipart upload; each is listed only if it has a checksum."""
    if not version.parts:
        return None
    described: dict[str, Any] = {"TotalPartsCount": len(version.parts)}
    if not version.checksums:
        return described
    size = page_size(call.params, "MaxParts", "max-parts")
    marker = call.params.get("PartNumberMarker", 0)
    beyond = [part for part in version.parts if part.number > marker]
    shown = beyond[:size]
    return described | {
        "PartNumberMarker": marker,
        "NextPartNumberMarker": shown[-1].number if shown else 0,
        "MaxParts": size,
        "IsTruncated": len(beyond) > len(shown),
        "Parts": [{"PartNumber": part.number, "Size": part.size, **part.checksums} for part in shown],
    }
