"""What a service's model says of an error code: its shape, its code on the wire and its HTTP status."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from iamsim.protocol.sqs_query import ERROR_CODES as SQS_ERROR_CODES

STATUSES = {  # Source: Common Errors of the API references
    "InternalFailure": 500,
    "InternalError": 500,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
}

S3_STATUSES = {  # Source: Amazon S3 API reference, ErrorResponses
    "AccessDenied": 403,
    "AccountProblem": 403,
    "BucketAlreadyExists": 409,
    "BucketAlreadyOwnedByYou": 409,
    "BucketNotEmpty": 409,
    "ConditionalRequestConflict": 409,
    "InvalidAccessKeyId": 403,
    "InvalidBucketState": 409,
    "InvalidObjectState": 403,
    "InvalidRange": 416,
    "MethodNotAllowed": 405,
    "MissingContentLength": 411,
    "NoSuchBucket": 404,
    "NoSuchBucketPolicy": 404,
    "NoSuchCORSConfiguration": 404,
    "NoSuchConfiguration": 404,
    "NoSuchKey": 404,
    "NoSuchLifecycleConfiguration": 404,
    "NoSuchObjectLockConfiguration": 404,
    "NoSuchPublicAccessBlockConfiguration": 404,
    "NoSuchTagSet": 404,
    "NoSuchTagSetError": 404,
    "NoSuchUpload": 404,
    "NoSuchVersion": 404,
    "NoSuchWebsiteConfiguration": 404,
    "NotFound": 404,
    "NotImplemented": 501,
    "NotModified": 304,
    "ObjectLockConfigurationNotFoundError": 404,
    "OperationAborted": 409,
    "OwnershipControlsNotFoundError": 404,
    "PermanentRedirect": 301,
    "PreconditionFailed": 412,
    "ReplicationConfigurationNotFoundError": 404,
    "RequestTimeTooSkewed": 403,
    "RestoreAlreadyInProgress": 409,
    "ServerSideEncryptionConfigurationNotFoundError": 404,
    "SignatureDoesNotMatch": 403,
    "SlowDown": 503,
    "TemporaryRedirect": 307,
}


class KnownError(NamedTuple):
    """One error of one service."""

    code: str  # what the client shows
    type: str  # what stands under `__type` in JSON and CBOR
    status: int
    shape: Any  # None for an error that the model has not


@lru_cache(maxsize=4096)
def known_error(service_model: Any, service: str, code: str) -> KnownError:
    """The error that `code` means, which may be the name of the error's shape or its code in the model."""
    shape = _shape(service_model, service, code)
    if shape is None:
        status = S3_STATUSES.get(code) if service == "s3" else None
        kind = "AccessDeniedException" if code == "AccessDenied" and service_model.is_query_compatible else code
        return KnownError(code, kind, status or STATUSES.get(code, 400), None)
    wire = shape.error_code
    if service == "sqs":
        wire = SQS_ERROR_CODES.get(shape.name, wire)
    kind = shape.name if service_model.is_query_compatible else wire
    return KnownError(wire, kind, _status(shape, service, wire), shape)


def _shape(service_model: Any, service: str, code: str) -> Any:
    if service == "sqs":
        code = next((name for name, wire in SQS_ERROR_CODES.items() if wire == code), code)
    named = service_model.shape_for(code) if code in service_model.shape_names else None
    if named is not None and not named.metadata.get("exception"):
        named = None
    if named is not None and named.error_code == code:
        return named
    return service_model.shape_for_error_code(code) or named


def _status(shape: Any, service: str, code: str) -> int:
    if status := shape.metadata.get("error", {}).get("httpStatusCode"):
        return int(status)
    if service == "s3" and code in S3_STATUSES:
        return S3_STATUSES[code]
    is_fault = getattr(shape, "_shape_model", {}).get("fault")
    return STATUSES.get(code, 500 if is_fault else 400)
