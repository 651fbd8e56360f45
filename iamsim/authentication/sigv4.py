"""Signature Version 4 in the Authorization header, and the check of a signature that every form of it shares.

Source: IAM User Guide, reference_sigv-create-signed-request. Rules A-33 to A-38; texts: facts 3.1.
"""

from __future__ import annotations

import hmac
import re
from functools import lru_cache, partial
from hashlib import sha256

from iamsim.authentication.canonical import canonical_requests
from iamsim.authentication.chunks import ChunkSeed
from iamsim.authentication.claim import ALGORITHM, Claim, check_scope, malformed, split_credential
from iamsim.authentication.events import check_events
from iamsim.authentication.failures import Failure, Family, refusal, s3_error
from iamsim.authentication.keys import credential_of
from iamsim.authentication.moments import basic, check_signing_time, http_date, seconds
from iamsim.authentication.payload import SIGNED_EVENTS, check_payload, payload_hash
from iamsim.authentication.scheme import Scheme
from iamsim.authentication.sigv4a import ALGORITHM_V4A, is_signature
from iamsim.cloud import Cloud, Credential
from iamsim.request import HttpRequest, Operation

USUAL_HEADER = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([^,\s]+)")
CANONICAL_STRING = "\n\nThe Canonical String for this request should have been"
STRING_TO_SIGN = "The String-to-Sign should have been"

# A session token may be added after signing outside S3; SDKs for PHP and browsers do not sign who they are.
MAY_BE_UNSIGNED = frozenset({"x-amz-security-token", "x-amz-user-agent"})
SEPARATORS = re.compile(r"[,\s]+")


def authenticate_header(
    authorization: str, http: HttpRequest, operation: Operation, scheme: Scheme, cloud: Cloud
) -> Credential:
    """The credential that signed `http` in its Authorization header."""
    claim = read_header(authorization, http, scheme)
    headers = http.headers
    token = headers.get("x-amz-security-token") or headers.get("x-amz-s3session-token")
    credential = credential_of(claim.access_key_id, token, scheme.family, cloud)
    check_scope(claim, operation, scheme, http.host)
    check_signing_time(claim.timestamp, cloud.clock, scheme)
    verify(claim, credential, http, scheme, payload_hash(http, scheme))
    return credential


def verify(claim: Claim, credential: Credential, http: HttpRequest, scheme: Scheme, payload: str) -> None:
    """Refuse `http` unless the signature that it claims is the one that `credential` gives, and the body is covered."""
    check_signed_headers(claim, http, scheme)
    secret = credential.secret_access_key
    key = b"" if claim.is_v4a else signing_key(secret, claim.date, claim.region, claim.service)
    claimed = _bytes(claim.signature)
    without = "X-Amz-Signature" if claim.is_presigned else ""
    canonicals = canonical_requests(http, claim.signed_headers, payload, like_s3=scheme.signs_like_s3, without=without)
    tried = []
    for canonical in canonicals:
        text = string_to_sign(claim, canonical)
        if claim.is_v4a:
            if is_signature(claim.access_key_id, secret, text.encode(), claim.signature):
                break
        elif hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex().encode(), claimed):
            break
        tried.append((canonical, text))
    else:
        canonical, text = tried[0]
        raise refusal(
            Failure.MISMATCH,
            scheme.family,
            details=f"{CANONICAL_STRING}\n'{canonical}'\n\n{STRING_TO_SIGN}\n'{text}'\n",
            AWSAccessKeyId=claim.access_key_id,
            StringToSign=text,
            SignatureProvided=claim.signature,
            StringToSignBytes=text.encode().hex(" "),
            CanonicalRequest=canonical,
            CanonicalRequestBytes=_bytes(canonical).hex(" "),
        )
    if scheme.signs_like_s3 and (scheme.family is Family.S3 or "x-amz-content-sha256" in http.headers):
        seed = ChunkSeed(key, claim.timestamp, claim.scope, claim.signature)
        if claim.is_v4a:
            proof = partial(is_signature, claim.access_key_id, secret)
            seed = seed._replace(algorithm=ALGORITHM_V4A, is_signed=proof)
        check_payload(http, payload, seed)
    elif payload == SIGNED_EVENTS:
        check_events(http.read(), claim, lambda day: signing_key(secret, day, claim.region, claim.service), scheme)


@lru_cache(maxsize=1024)
def signing_key(secret_access_key: str, date: str, region: str, service: str) -> bytes:
    """The key that signs requests of one day to one service in one Region (A-35)."""
    key = f"AWS4{secret_access_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def string_to_sign(claim: Claim, canonical_request: str) -> str:
    """What the signing key signs (A-34)."""
    return f"{claim.algorithm}\n{claim.timestamp}\n{claim.scope}\n{sha256(_bytes(canonical_request)).hexdigest()}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def check_signed_headers(claim: Claim, http: HttpRequest, scheme: Scheme) -> None:
    """Refuse a signature that leaves out what it must cover (A-32): the host, and every `x-amz-*` header."""
    signed = claim.signed_headers.split(";")
    if scheme.family is Family.S3:
        unsigned = [name for name in http.headers if name.startswith("x-amz-") and name not in signed]
        if "host" not in signed:
            unsigned.insert(0, "host")
        if unsigned:
            text = "There were headers present in the request which were not signed"
            raise s3_error("AccessDenied", 403, text, HeadersNotSigned=", ".join(unsigned))
        return
    problems = []
    if "host" not in signed and ":authority" not in signed:
        problems.append("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    for name in http.headers:
        if name.startswith("x-amz-") and name not in signed and name not in MAY_BE_UNSIGNED:
            problems.append(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    if problems:
        raise refusal(Failure.WRONG_SCOPE, scheme.family, " ".join(problems))


def read_header(authorization: str, http: HttpRequest, scheme: Scheme) -> Claim:
    """The claim in an Authorization header."""
    match, timestamp = USUAL_HEADER.fullmatch(authorization), _timestamp(http)
    if match is not None and seconds(timestamp) is not None:
        credential, signed_headers, signature = match.groups()
        key, date, region, service, terminator = split_credential(credential, scheme)
        return Claim(key, date, region, service, terminator, signed_headers, signature, timestamp)
    algorithm, region_set = ALGORITHM, None
    parts = _read_parts(authorization, scheme)
    if authorization.strip().startswith(ALGORITHM_V4A):
        algorithm, region_set = ALGORITHM_V4A, http.headers.get("x-amz-region-set", "")
    if scheme.family is Family.S3:
        _refuse_incomplete_in_s3(authorization, parts, timestamp)
    else:
        _refuse_incomplete(authorization, parts, timestamp, scheme)
    credential = parts["Credential"]
    key, date, region, service, terminator = split_credential(credential, scheme, region_set=region_set)
    if seconds(timestamp) is None:
        text = f"Date must be in ISO-8601 'basic format'. Got '{timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601"
        raise refusal(Failure.MALFORMED, scheme.family, text)
    signed_headers, signature = parts["SignedHeaders"], parts["Signature"]
    return Claim(key, date, region, service, terminator, signed_headers, signature, timestamp, algorithm=algorithm)


def _timestamp(http: HttpRequest) -> str:
    """When the request says it was signed, in ISO 8601's basic form if it can be read (A-36); "" if it does not say."""
    timestamp = http.headers.get("x-amz-date")
    if timestamp is not None:
        return timestamp
    timestamp = http.headers.get("date", "")
    at = http_date(timestamp) if timestamp and seconds(timestamp) is None else None
    return timestamp if at is None else basic(at)


def _read_parts(authorization: str, scheme: Scheme) -> dict[str, str]:
    """The parts of an Authorization header that is not written as clients usually do."""
    algorithm, _, rest = authorization.strip().partition(" ")
    if not algorithm:
        text = "Authorization header cannot be empty."
        raise malformed(scheme, text, in_s3="the authorization header cannot be empty.")
    is_known = algorithm in (ALGORITHM, ALGORITHM_V4A)
    if not is_known and scheme.family is Family.S3:
        raise s3_error(
            "InvalidArgument",
            400,
            "Unsupported Authorization Type",
            ArgumentName="Authorization",
            ArgumentValue=authorization,
        )
    parts = {}
    for pair in filter(None, SEPARATORS.split(rest)):
        name, equals, value = pair.partition("=")
        if not equals:
            text = (
                f"'{pair}' not a valid key=value pair (missing equal-sign) in Authorization header: '{authorization}'."
            )
            raise malformed(scheme, text, in_s3=THREE_COMPONENTS)
        parts[name] = value
    if not is_known and parts.keys() >= REQUIRED:
        raise malformed(scheme, f"Unsupported AWS 'algorithm': '{algorithm}'.", in_s3=THREE_COMPONENTS)
    return parts


REQUIRED = {"Credential": None, "Signature": None, "SignedHeaders": None}.keys()  # in the order of the text
THREE_COMPONENTS = "the authorization header requires three components: Credential, SignedHeaders, and Signature."
NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."


def _refuse_incomplete(authorization: str, parts: dict[str, str], timestamp: str, scheme: Scheme) -> None:
    if timestamp and len(parts) >= 3 and all(parts.get(name) for name in REQUIRED):
        return
    problems = [f"Authorization header requires '{name}' parameter." for name in REQUIRED if not parts.get(name)]
    if not timestamp:
        problems.append(NO_DATE)
    if problems:
        raise refusal(Failure.MALFORMED, scheme.family, f"{' '.join(problems)} Authorization={authorization}")


def _refuse_incomplete_in_s3(authorization: str, parts: dict[str, str], timestamp: str) -> None:
    if not all(parts.get(name) for name in REQUIRED):
        raise refusal(Failure.MALFORMED, Family.S3, f"The authorization header is malformed; {THREE_COMPONENTS}")
    if not timestamp or seconds(timestamp) is None:
        raise s3_error("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")
