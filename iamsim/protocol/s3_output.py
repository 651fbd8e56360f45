"""Names in S3's answers that its model does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.protocol.xml_output import escape

S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

ROOT_NAMES = {  # operation -> root element. Source: Amazon S3 API reference, response syntax of each operation
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycle": "LifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}


def bucket_location(result: Mapping[str, Any]) -> bytes:
    """GetBucketLocation's answer, whose root is the one member; empty for us-east-1."""
    region = escape(str(result.get("LocationConstraint") or ""))
    text = f'<LocationConstraint xmlns="{S3_NAMESPACE}">{region}</LocationConstraint>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
