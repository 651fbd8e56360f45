"""S3's Signature Version 2, in the Authorization header and in presigned URLs: still what boto3 presigns by default.

Source: S3 User Guide (2013), RESTAuthentication; rule A-17.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Iterator

from iamsim.authentication.failures import Failure, Family, refusal, s3_error
from iamsim.authentication.keys import credential_of
from iamsim.authentication.moments import basic, check_signing_time, extended, http_date, seconds
from iamsim.authentication.presigned import parameters
from iamsim.authentication.scheme import Scheme
from iamsim.cloud import Cloud, Credential
from iamsim.request import HttpRequest, Operation

# Regions opened before 2014; younger ones never took version 2.
REGIONS = frozenset(
    {
        *("us-east-1", "us-west-1", "us-west-2", "us-gov-west-1", "sa-east-1", "eu-west-1"),
        *("ap-southeast-1", "ap-southeast-2", "ap-northeast-1"),
    }
)
REQUIRED = ("Signature", "Expires", "AWSAccessKeyId")
SUBRESOURCES = frozenset(
    {
        *("accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle", "location"),
        *("logging", "metrics", "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment"),
        *("restore", "select", "select-type", "storageClass", "tagging", "torrent", "uploadId", "uploads", "versionId"),
        *("versioning", "versions", "website", "response-cache-control", "response-content-disposition"),
        *("response-content-encoding", "response-content-language", "response-content-type", "response-expires"),
    }
)
BUCKET_HOST = re.compile(r"(?P<bucket>.+?)\.s3[.-]")


def is_presigned(query: str) -> bool:
    """Whether the query string holds a signature of version 2, or a part of one."""
    return any(f"&{name}=" in f"&{query}" for name in ("Signature", "AWSAccessKeyId"))


def authenticate_header(
    authorization: str, http: HttpRequest, operation: Operation, scheme: Scheme, cloud: Cloud
) -> Credential:
    """The credential that signed `http` with `Authorization: AWS <access key>:<signature>`."""
    _check_region(operation)
    access_key_id, colon, signature = authorization[4:].strip().partition(":")
    if not colon:
        text = "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature"
        raise s3_error("InvalidArgument", 400, text, ArgumentName="Authorization", ArgumentValue=authorization)
    credential = credential_of(access_key_id, http.headers.get("x-amz-security-token"), Family.S3, cloud)
    date = http.headers.get("x-amz-date") or http.headers.get("date", "")
    at = seconds(date) or http_date(date)
    if at is None:
        raise s3_error("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")
    check_signing_time(basic(at), cloud.clock, scheme)
    _verify(credential, signature, http, "" if "x-amz-date" in http.headers else date, {})
    return credential


def authenticate_query(http: HttpRequest, operation: Operation, cloud: Cloud) -> Credential:
    """The credential that presigned the URL of `http`."""
    _check_region(operation)
    given = parameters(http.query)
    if not all(given.get(name) for name in REQUIRED):
        text = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
        raise s3_error("AccessDenied", 403, text)
    expires = given["Expires"]
    if not expires.isdecimal():
        raise s3_error("AccessDenied", 403, f"Invalid date (should be seconds since epoch): {expires}")
    token = given.get("x-amz-security-token") or http.headers.get("x-amz-security-token")
    credential = credential_of(given["AWSAccessKeyId"], token, Family.S3, cloud)
    now = cloud.clock.now()
    if now > int(expires):
        elements = {"Expires": extended(int(expires)), "ServerTime": extended(now)}
        raise s3_error("AccessDenied", 403, "Request has expired", **elements)
    _verify(credential, given["Signature"], http, expires, given)
    return credential


def signature_of(secret_access_key: str, text: str) -> str:
    """The signature of `text`, as version 2 writes it."""
    return b64encode(hmac.digest(secret_access_key.encode(), text.encode("utf-8", "surrogateescape"), "sha1")).decode()


def _check_region(operation: Operation) -> None:
    if operation.region not in REGIONS and not operation.region.endswith("-global"):
        text = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
        raise s3_error("InvalidRequest", 400, text)


def _verify(credential: Credential, signature: str, http: HttpRequest, date: str, given: dict[str, str]) -> None:
    claimed = signature.encode()
    texts = [_string_to_sign(http, date, given, resource) for resource in _resources(http, given)]
    for text in texts:
        if hmac.compare_digest(signature_of(credential.secret_access_key, text).encode(), claimed):
            return
    raise refusal(
        Failure.MISMATCH,
        Family.S3,
        AWSAccessKeyId=credential.access_key_id,
        StringToSign=texts[0],
        SignatureProvided=signature,
        StringToSignBytes=texts[0].encode("utf-8", "surrogateescape").hex(" "),
    )


def _string_to_sign(http: HttpRequest, date: str, given: dict[str, str], resource: str) -> str:
    """What the secret key signs. A presigned URL may hold in its query what would else be headers."""
    fields = {name.lower(): value for name, value in given.items()} | http.headers
    amz = sorted((name, value) for name, value in fields.items() if name.startswith("x-amz-"))
    lines = [http.method, fields.get("content-md5", ""), fields.get("content-type", ""), date]
    return "\n".join([*lines, *(f"{name}:{value.strip()}" for name, value in amz), resource])


def _resources(http: HttpRequest, given: dict[str, str]) -> Iterator[str]:
    """The canonical resource: with the bucket of the host's name in front, if there may be one."""
    named = given or parameters(http.query)
    subresources = sorted(pair.partition("=")[0] for pair in http.query.split("&"))
    chosen = [
        f"{name}={named[name]}" if f"{name}=" in http.query else name for name in subresources if name in SUBRESOURCES
    ]
    tail = f"?{'&'.join(chosen)}" if chosen else ""
    path = http.path or "/"
    match = BUCKET_HOST.match(http.host)
    if match is not None:
        yield f"/{match['bucket']}{path}{tail}"
        return
    yield path + tail
    yield f"/{http.host.partition('.')[0]}{path}{tail}"  # a bucket in front of a host that is not AWS's
