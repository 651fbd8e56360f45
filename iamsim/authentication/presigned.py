"""Signature Version 4 in the query string: URLs that carry their own authority for a while.

Source: S3-API sigv4-query-string-auth; facts 3.1 and 4.3, rule A-17.
"""

from __future__ import annotations

from urllib.parse import unquote

from iamsim.authentication.claim import ALGORITHM, Claim, check_scope, split_credential
from iamsim.authentication.failures import Failure, Family, refusal, s3_error
from iamsim.authentication.keys import credential_of
from iamsim.authentication.moments import check_skew, extended, seconds
from iamsim.authentication.payload import UNSIGNED, payload_hash
from iamsim.authentication.scheme import Scheme
from iamsim.authentication.sigv4 import verify
from iamsim.authentication.sigv4a import ALGORITHM_V4A
from iamsim.cloud import Cloud, Credential
from iamsim.request import HttpRequest, Operation

SIGNS = ("X-Amz-Algorithm=", "X-Amz-Credential=", "X-Amz-Signature=")
REQUIRED = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders")
MAX_EXPIRES_S = 604800  # a week
DEFAULT_EXPIRES_S = 900  # of services other than S3

MISSING_IN_S3 = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)
TOO_LONG = (
    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
    f"{MAX_EXPIRES_S} seconds"
)


def is_presigned(query: str) -> bool:
    """Whether the query string holds a signature of version 4, or a part of one."""
    return "X-Amz-" in query and any(query.startswith(sign) or f"&{sign}" in query for sign in SIGNS)


def parameters(query: str) -> dict[str, str]:
    """The parameters of a query string, decoded."""
    pairs = (pair.partition("=") for pair in query.split("&"))
    return {unquote(name): unquote(value) for name, _, value in pairs}


def authenticate_query(http: HttpRequest, operation: Operation, scheme: Scheme, cloud: Cloud) -> Credential:
    """The credential that signed `http` in its query string."""
    given = parameters(http.query)
    claim = _read(given, scheme)
    expires_s = _expires_s(given, scheme)
    token = given.get("X-Amz-Security-Token") or given.get("X-Amz-S3session-Token")
    token = token or http.headers.get("x-amz-security-token")
    credential = credential_of(claim.access_key_id, token, scheme.family, cloud)
    check_scope(claim, operation, scheme, http.host)
    if scheme.family is Family.S3:
        _check_time_in_s3(claim, expires_s, cloud.clock.now())
        _check_conflicts(claim, given, http)
    else:
        check_skew(claim.timestamp, cloud.clock.now(), scheme, lifetime_s=expires_s)
    default = given.get("X-Amz-Content-Sha256", UNSIGNED)
    verify(claim, credential, http, scheme, payload_hash(http, scheme, default=default))
    return credential


def _check_conflicts(claim: Claim, given: dict[str, str], http: HttpRequest) -> None:
    """Refuse a signed header that the query string repeats with another value.

    Source: S3-API sigv4-query-string-auth, which gives the code and says that the input is conflicting.
    """
    repeated = {name.lower(): value for name, value in given.items()}
    for name in claim.signed_headers.split(";"):
        sent = http.headers.get(name)
        if sent is not None and repeated.get(name, sent) != sent:
            text = f"The input is conflicting: the header {name} and the query parameter of that name differ"
            raise s3_error("InvalidRequest", 400, text)


def _read(given: dict[str, str], scheme: Scheme) -> Claim:
    missing = [name for name in REQUIRED if not given.get(name)]
    if scheme.family is Family.S3:
        if missing or "X-Amz-Expires" not in given:
            raise _parameters_error(MISSING_IN_S3)
    elif missing:
        problems = " ".join(f"AWS query-string parameters must include '{name}'." for name in missing)
        raise refusal(Failure.MALFORMED, scheme.family, f"{problems} Re-examine the query-string parameters.")
    algorithm, timestamp = given["X-Amz-Algorithm"], given["X-Amz-Date"]
    if algorithm not in (ALGORITHM, ALGORITHM_V4A):
        if scheme.family is Family.S3:
            text = 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"'
            raise _parameters_error(text)
        raise refusal(Failure.MALFORMED, scheme.family, f"Unsupported AWS 'algorithm': '{algorithm}'.")
    region_set = given.get("X-Amz-Region-Set", "") if algorithm == ALGORITHM_V4A else None
    key, date, region, service, terminator = split_credential(
        given["X-Amz-Credential"], scheme, is_presigned=True, region_set=region_set
    )
    if seconds(timestamp) is None:
        if scheme.family is Family.S3:
            raise _parameters_error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
        text = f"Date must be in ISO-8601 'basic format'. Got '{timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601"
        raise refusal(Failure.MALFORMED, scheme.family, text)
    signed_headers, signature = given["X-Amz-SignedHeaders"], given["X-Amz-Signature"]
    return Claim(key, date, region, service, terminator, signed_headers, signature, timestamp, True, algorithm)


def _expires_s(given: dict[str, str], scheme: Scheme) -> int:
    text = given.get("X-Amz-Expires")
    if text is None:
        return DEFAULT_EXPIRES_S
    try:
        expires_s = int(text)
    except ValueError:
        problem = "X-Amz-Expires should be a number"
    else:
        if 0 <= expires_s <= MAX_EXPIRES_S:
            return expires_s
        problem = TOO_LONG if expires_s > 0 else "X-Amz-Expires must be non-negative"
    if scheme.family is Family.S3:
        raise _parameters_error(problem)
    raise refusal(Failure.MALFORMED, scheme.family, problem)


def _check_time_in_s3(claim: Claim, expires_s: int, now: float) -> None:
    signed_at = seconds(claim.timestamp) or 0
    if signed_at > now + 900:
        raise s3_error("AccessDenied", 403, "Request is not yet valid", ServerTime=extended(now))
    if now > signed_at + expires_s:
        raise s3_error(
            "AccessDenied",
            403,
            "Request has expired",
            X_Amz_Expires=expires_s,
            Expires=extended(signed_at + expires_s),
            ServerTime=extended(now),
        )


def _parameters_error(text: str) -> Exception:
    return s3_error("AuthorizationQueryParametersError", 400, text)
