"""Errors that several modules raise. Source: S3 API reference, ErrorResponses."""

from __future__ import annotations

from iamsim.kit import ApiError, error

AccessDenied = error("AccessDenied")
InvalidArgument = error("InvalidArgument", status=400)
InvalidRequest = error("InvalidRequest")
InvalidTag = error("InvalidTag", status=400)
BadRequest = error("BadRequest", status=400)
InvalidBucketState = error("InvalidBucketState", status=409)
MalformedXML = error("MalformedXML", status=400)
MethodNotAllowed = error("MethodNotAllowed", status=405)
NoSuchKey = error("NoSuchKey")
NoSuchVersion = error("NoSuchVersion", status=404)
NotImplementedByS3 = error("NotImplemented", status=501)
PreconditionFailed = error("PreconditionFailed", status=412)

NOT_OUR_SCHEMA = "The XML you provided was not well-formed or did not validate against our published schema"


def malformed_xml() -> ApiError:
    """What S3 says of a body that its schema does not allow."""
    return MalformedXML(NOT_OUR_SCHEMA)


def invalid_argument(message: str, name: str, value: object) -> ApiError:
    """InvalidArgument that names the argument, as S3 spells it on the wire, and its value."""
    return InvalidArgument(message, fields={"ArgumentName": name, "ArgumentValue": value})


def invalid_version_id(version_id: str) -> ApiError:
    """What S3 says of a version id that it never gave."""
    return invalid_argument("Invalid version id specified", "versionId", version_id)


def not_implemented(header: str) -> ApiError:
    """What S3 says of a header whose value it knows no meaning for."""
    return NotImplementedByS3(
        "A header you provided implies functionality that is not implemented", fields={"Header": header}
    )
