"""S3's condition keys, as far as the request alone gives them. Source: context-keys section 9."""

from __future__ import annotations

import re
from calendar import timegm
from typing import Any
from urllib.parse import parse_qs

from iamsim.kit import Arn, Call, tags_in

from .bucket import Bucket
from .tag_set import in_header

LISTS = frozenset({"ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads"})
LIST_KEYS = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys"}
WRITES_OBJECT = frozenset({"PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "UploadPartCopy"})
CREATES_OBJECT = frozenset({"PutObject", "CopyObject", "CompleteMultipartUpload"})
HEADER_KEYS = {
    "ACL": "s3:x-amz-acl",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "StorageClass": "s3:x-amz-storage-class",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
    "ObjectOwnership": "s3:x-amz-object-ownership",
    "BucketNamespace": "s3:x-amz-bucket-namespace",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
    "VersionId": "s3:versionid",
}
SECONDS_OF_DAY = 86_400
SIGNED_AT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z")


def condition_keys(call: Call) -> dict[str, Any]:
    """The keys that every decision of the call shares."""
    keys = _bucket_keys(call) | _connection_keys(call) | _signature_keys(call)
    params, name = call.params, call.operation.name
    reads = name in ("GetObject", "HeadObject")
    for member, key in HEADER_KEYS.items():
        if member in params and not (reads and member in ("IfMatch", "IfNoneMatch")):
            keys[key] = str(params[member])
    if key_id := params.get("SSEKMSKeyId"):
        keys["s3:x-amz-server-side-encryption-aws-kms-key-id"] = _key_arn(call, key_id)
    if name in LISTS:
        keys |= {key: str(params[member]) for member, key in LIST_KEYS.items() if member in params}
    if name in CREATES_OBJECT | WRITES_OBJECT:
        keys["s3:ObjectCreationOperation"] = "true" if name in CREATES_OBJECT else "false"
    if "CopySource" in params:
        keys["s3:x-amz-copy-source"] = params["CopySource"].removeprefix("/")
    if location := params.get("CreateBucketConfiguration", {}).get("LocationConstraint"):
        keys["s3:LocationConstraint"] = location
    if fields := params.get("InventoryConfiguration", {}).get("OptionalFields"):
        keys["s3:InventoryAccessibleOptionalFields"] = list(fields)
    return keys | _tag_keys(call) | _lock_keys(call)


def _bucket_keys(call: Call) -> dict[str, Any]:
    bucket = call.find(Bucket)
    return {} if bucket is None else {"s3:ResourceAccount": bucket.account}


def _key_arn(call: Call, key: str) -> str:
    """The ARN of the KMS key that a header names by its id, its alias or its ARN."""
    if Arn.looks_like(key):
        return key
    resource = key if key.startswith("alias/") else f"key/{key}"
    return str(Arn(call.operation.partition, "kms", call.region, call.account, resource))


def _connection_keys(call: Call) -> dict[str, Any]:
    return {"s3:TlsVersion": "1.3"} if call.http.scheme == "https" else {}


def _signature_keys(call: Call) -> dict[str, Any]:
    headers, query = call.http.headers, call.http.query
    keys: dict[str, Any] = {}
    if "x-amz-content-sha256" in headers:
        keys["s3:x-amz-content-sha256"] = headers["x-amz-content-sha256"]
    signed_at = headers.get("x-amz-date")
    if "authorization" in headers:
        keys["s3:authType"] = "REST-HEADER"
        keys["s3:signatureversion"] = headers["authorization"].partition(" ")[0]
    elif "X-Amz-Signature=" in query or "Signature=" in query:
        values = parse_qs(query)
        keys["s3:authType"] = "REST-QUERY-STRING"
        keys["s3:signatureversion"] = values.get("X-Amz-Algorithm", ["AWS"])[0]
        signed_at = values.get("X-Amz-Date", [None])[0]
    elif call.http.method == "POST" and headers.get("content-type", "").startswith("multipart/form-data"):
        keys["s3:authType"] = "POST"
        keys["s3:signatureversion"] = "AWS4-HMAC-SHA256"
    age = _age_ms(call, signed_at) if "s3:authType" in keys else None
    if age is not None:
        keys["s3:signatureAge"] = str(age)
    return keys


def _age_ms(call: Call, signed_at: str | None) -> int | None:
    match = SIGNED_AT.fullmatch(signed_at or "")
    if match is None:
        return None
    return max(int((call.clock.now() - timegm(tuple(map(int, match.groups())))) * 1000), 0)


def _tag_keys(call: Call) -> dict[str, Any]:
    """The tags that a request gives an object, in its header or its body."""
    name, tagging = call.operation.name, call.params.get("Tagging")
    if not tagging or name == "PutBucketTagging":
        return {}
    tags = in_header(tagging) if isinstance(tagging, str) else tags_in(tagging)
    keys: dict[str, Any] = {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}
    return keys | {"s3:RequestObjectTagKeys": list(tags)}


def _lock_keys(call: Call) -> dict[str, Any]:
    params = call.params
    retention = params.get("Retention") or {}
    mode = params.get("ObjectLockMode", retention.get("Mode"))
    until = params.get("ObjectLockRetainUntilDate", retention.get("RetainUntilDate"))
    hold = params.get("ObjectLockLegalHoldStatus", (params.get("LegalHold") or {}).get("Status"))
    keys: dict[str, Any] = {}
    if mode is not None:
        keys["s3:object-lock-mode"] = mode
    if hold is not None:
        keys["s3:object-lock-legal-hold"] = hold
    if until is not None:
        keys["s3:object-lock-retain-until-date"] = until.strftime("%Y-%m-%dT%H:%M:%SZ")
        left_s = until.timestamp() - call.clock.now()
        keys["s3:object-lock-remaining-retention-days"] = str(int(left_s // SECONDS_OF_DAY))
    return keys
