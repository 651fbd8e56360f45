"""What AWS answers to a call that it cannot authenticate: one table, by situation and by family of service.

Source: facts section 3 (COMMON pages of the API references, S3-API ErrorResponses, EC2-API errors-overview).
"""

from __future__ import annotations

from enum import Enum

from iamsim.errors import ApiError


class Family(Enum):
    """Services whose front doors speak alike."""

    QUERY = "query"  # also rest-xml other than S3, and the JSON and CBOR services that keep the query protocol's codes
    EC2 = "ec2"
    JSON = "json"
    REST_JSON = "rest-json"
    S3 = "s3"


class Failure(Enum):
    """Why a call is not authenticated."""

    UNSIGNED = "no signature at all"
    UNKNOWN_KEY = "unknown or inactive access key, or a temporary key without its session token"
    WRONG_TOKEN = "a session token that does not belong to the key"
    EXPIRED_TOKEN = "expired temporary credentials"
    MALFORMED = "an Authorization header that cannot be read"
    WRONG_SCOPE = "signed for another date, Region or service"
    SKEWED = "signed too long ago or in the future"
    MISMATCH = "wrong secret key or tampered request"


Answer = tuple[str, int, str]  # code, HTTP status, message; an empty message is given by the caller

NO_TOKEN = "Request is missing Authentication Token"
INVALID_TOKEN = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"
NOT_VALIDATED = "AWS was not able to validate the provided access credentials"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
UNKNOWN_TO_S3 = "The AWS Access Key Id you provided does not exist in our records."
MISMATCH_IN_S3 = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
SKEWED_IN_S3 = "The difference between the request time and the current time is too large."

# EC2, unsigned. Observed: 2018-12-31 and 2022-12-02, published reports of `MissingParameter` with this text.
EC2_UNSIGNED = "The request must contain the parameter AWSAccessKeyId"

ANSWERS: dict[Failure, dict[Family, Answer]] = {
    Failure.UNSIGNED: {
        Family.QUERY: ("MissingAuthenticationToken", 403, NO_TOKEN),
        Family.EC2: ("MissingParameter", 400, EC2_UNSIGNED),
        Family.JSON: ("MissingAuthenticationTokenException", 400, NO_TOKEN),
        Family.REST_JSON: ("MissingAuthenticationTokenException", 403, "Missing Authentication Token"),
        Family.S3: ("AccessDenied", 403, "Access Denied"),
    },
    Failure.UNKNOWN_KEY: {
        Family.QUERY: ("InvalidClientTokenId", 403, INVALID_TOKEN),
        Family.EC2: ("AuthFailure", 401, NOT_VALIDATED),
        Family.JSON: ("UnrecognizedClientException", 400, INVALID_TOKEN),
        Family.REST_JSON: ("UnrecognizedClientException", 403, INVALID_TOKEN),
        Family.S3: ("InvalidAccessKeyId", 403, UNKNOWN_TO_S3),
    },
    Failure.WRONG_TOKEN: {
        Family.QUERY: ("InvalidClientTokenId", 403, INVALID_TOKEN),
        Family.EC2: ("AuthFailure", 401, NOT_VALIDATED),
        Family.JSON: ("UnrecognizedClientException", 400, INVALID_TOKEN),
        Family.REST_JSON: ("UnrecognizedClientException", 403, INVALID_TOKEN),
        Family.S3: ("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
    },
    Failure.EXPIRED_TOKEN: {
        Family.QUERY: ("ExpiredToken", 403, EXPIRED),
        Family.EC2: ("RequestExpired", 400, "Request has expired."),
        Family.JSON: ("ExpiredTokenException", 400, EXPIRED),
        Family.REST_JSON: ("ExpiredTokenException", 403, EXPIRED),
        Family.S3: ("ExpiredToken", 400, "The provided token has expired."),
    },
    Failure.MALFORMED: {
        Family.QUERY: ("IncompleteSignature", 400, ""),
        Family.EC2: ("IncompleteSignature", 400, ""),
        Family.JSON: ("IncompleteSignatureException", 400, ""),
        Family.REST_JSON: ("IncompleteSignatureException", 403, ""),
        Family.S3: ("AuthorizationHeaderMalformed", 400, ""),
    },
    Failure.WRONG_SCOPE: {
        Family.QUERY: ("SignatureDoesNotMatch", 403, ""),
        Family.EC2: ("AuthFailure", 401, NOT_VALIDATED),
        Family.JSON: ("InvalidSignatureException", 400, ""),
        Family.REST_JSON: ("InvalidSignatureException", 403, ""),
        Family.S3: ("AuthorizationHeaderMalformed", 400, ""),
    },
    Failure.SKEWED: {
        Family.QUERY: ("SignatureDoesNotMatch", 403, ""),
        Family.EC2: ("RequestExpired", 400, "Request has expired."),
        Family.JSON: ("InvalidSignatureException", 400, ""),
        Family.REST_JSON: ("InvalidSignatureException", 403, ""),
        Family.S3: ("RequestTimeTooSkewed", 403, SKEWED_IN_S3),
    },
    Failure.MISMATCH: {
        Family.QUERY: ("SignatureDoesNotMatch", 403, MISMATCH),
        Family.EC2: ("AuthFailure", 401, NOT_VALIDATED),
        Family.JSON: ("InvalidSignatureException", 400, MISMATCH),
        Family.REST_JSON: ("InvalidSignatureException", 403, MISMATCH),
        Family.S3: ("SignatureDoesNotMatch", 403, MISMATCH_IN_S3),
    },
}


def refusal(failure: Failure, family: Family, text: str = "", details: str = "", **elements: object) -> ApiError:
    """The error for `failure`; `text` where the table has none, `elements` for the body of S3's answer only.

    `details` follow the message, save where a service keeps them to itself (EC2) or says them in elements (S3).
    """
    code, status, message = ANSWERS[failure][family]
    if details and family not in (Family.EC2, Family.S3):
        message += details
    fields = {name.replace("_", "-"): value for name, value in elements.items()} if family is Family.S3 else None
    return ApiError(message or text, code=code, status=status, fields=fields)


def s3_error(code: str, status: int, message: str, **elements: object) -> ApiError:
    """An error that only S3 gives; `_` in the name of an element stands for `-`."""
    fields = {name.replace("_", "-"): value for name, value in elements.items()}
    return ApiError(message, code=code, status=status, fields=fields)
