"""Presigned URLs of versions 4 and 2: what is accepted, and S3's texts for what is not. Source: A-17, facts 3.1."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from botocore.auth import HmacV1Auth, HmacV1QueryAuth, S3SigV4QueryAuth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from iamsim.authentication import authenticate
from iamsim.cloud import Cloud
from iamsim.errors import ApiError
from iamsim.request import HttpRequest

from .signing import ALICE, KEY, NOW, SESSION, TEMPORARY_KEY, a_cloud, arrived, credentials, operation, signed

GET = operation("s3", "GetObject")
MISSING = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)


def presigned(key: str = KEY, region: str = "us-east-1", **options: Any) -> HttpRequest:
    signer = S3SigV4QueryAuth(credentials(key), "s3", region, **options)
    return signed(signer, "https://bkt.s3.us-east-1.amazonaws.com/a%20b//%C3%A9?versionId=1")


def refused(http: HttpRequest, cloud: Cloud | None = None, called: Any = GET) -> ApiError:
    with pytest.raises(ApiError) as caught:
        authenticate(http, called, cloud or a_cloud())
    return caught.value


@pytest.mark.parametrize(("key", "principal"), [(KEY, ALICE), (TEMPORARY_KEY, SESSION)])
@pytest.mark.parametrize("age_s", [0, 3600])
def test_accepted_until_it_expires(key: str, principal: object, age_s: int) -> None:
    cloud = a_cloud(NOW + age_s)
    cloud.credentials[TEMPORARY_KEY].expires_at = NOW + 4000
    assert authenticate(presigned(key), GET, cloud) == principal


def test_expired() -> None:
    error = refused(presigned(expires=60), a_cloud(NOW + 61))
    assert (error.code, error.status, error.message) == ("AccessDenied", 403, "Request has expired")
    expected = {"X-Amz-Expires": 60, "Expires": "2015-08-30T12:37:00Z", "ServerTime": "2015-08-30T12:37:01Z"}
    assert error.fields == expected


def test_the_url_dies_with_its_credentials() -> None:
    error = refused(presigned(TEMPORARY_KEY, expires=7200), a_cloud(NOW + 3600))
    assert (error.code, error.status, error.message) == ("ExpiredToken", 400, "The provided token has expired.")


def test_not_yet_valid() -> None:
    assert refused(presigned(), a_cloud(NOW - 901)).message == "Request is not yet valid"


@pytest.mark.parametrize("name", ["Algorithm", "Credential", "Signature", "Date", "SignedHeaders", "Expires"])
def test_missing_parameter(name: str) -> None:
    http = presigned()
    query = re.sub(rf"&?X-Amz-{name}=[^&]*", "", http.query)
    error = refused(replace(http, query=query))
    assert (error.code, error.status, error.message) == ("AuthorizationQueryParametersError", 400, MISSING)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        (
            "X-Amz-Credential",
            "a/b",
            "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; "
            'expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
        ),
        (
            "X-Amz-Expires",
            "604801",
            "X-Amz-Expires must be less than a week (in seconds); "
            "that is, the given X-Amz-Expires must be less than 604800 seconds",
        ),
        ("X-Amz-Expires", "soon", "X-Amz-Expires should be a number"),
        ("X-Amz-Expires", "-1", "X-Amz-Expires must be non-negative"),
    ],
)
def test_unreadable_parameter(name: str, value: str, text: str) -> None:
    http = presigned()
    query = urlencode({key: values[0] for key, values in parse_qs(http.query).items()} | {name: value})
    error = refused(replace(http, query=query))
    assert (error.code, error.status, error.message) == ("AuthorizationQueryParametersError", 400, text)


def test_wrong_region() -> None:
    error = refused(presigned(region="eu-west-1"))
    assert error.code == "AuthorizationQueryParametersError"
    assert error.message == (
        "Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'"
    )
    assert error.fields == {"Region": "us-east-1"}


def test_the_global_host_takes_the_region_of_any_bucket() -> None:
    """boto3 presigns for `bucket.s3.amazonaws.com`, whatever the client's Region."""
    signer = S3SigV4QueryAuth(credentials(), "s3", "eu-central-1")
    assert authenticate(signed(signer, "https://bkt.s3.amazonaws.com/k"), GET, a_cloud()) == ALICE


def test_unsigned_header() -> None:
    http = presigned()
    error = refused(replace(http, headers=http.headers | {"x-amz-acl": "private"}))
    assert (error.code, error.fields) == ("AccessDenied", {"HeadersNotSigned": "x-amz-acl"})


def test_a_signed_header_repeated_in_the_query_with_another_value() -> None:
    signer = S3SigV4QueryAuth(credentials(), "s3", "us-east-1")
    url = "https://bkt.s3.us-east-1.amazonaws.com/k?x-amz-acl={}"
    for value, is_refused in (("private", False), ("public-read", True)):
        http = signed(signer, url.format(value), headers={"x-amz-acl": "private"})
        http = replace(http, headers=http.headers | {"x-amz-acl": "private"})
        if is_refused:
            error = refused(http)
            assert (error.code, error.status) == ("InvalidRequest", 400)
        elif "x-amz-acl" in http.query.partition("X-Amz-SignedHeaders=")[2]:
            assert authenticate(http, GET, a_cloud()) == ALICE


def test_other_services_count_the_lifetime_as_skew() -> None:
    called = operation("sts", "GetCallerIdentity")
    signer = SigV4QueryAuth(credentials(), "sts", "us-east-1", expires=60)
    http = signed(signer, "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15")
    assert authenticate(http, called, a_cloud(NOW + 60)) == ALICE
    error = refused(http, a_cloud(NOW + 61), called)
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert error.message == (
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123701Z - 1 min.)"
    )
    error = refused(replace(http, query=http.query.replace("X-Amz-Signature", "X-Amz-Sig")), called=called)
    assert (error.code, error.status) == ("IncompleteSignature", 400)
    assert error.message.startswith("AWS query-string parameters must include 'X-Amz-Signature'.")


class Version2Url(HmacV1QueryAuth):  # type: ignore[misc]
    """botocore's signer, a minute from NOW."""

    def _get_date(self) -> str:
        return str(int(NOW) + 60)


class Version2Header(HmacV1Auth):  # type: ignore[misc]
    """botocore's signer, at NOW."""

    def _get_date(self) -> str:
        return "Sun, 30 Aug 2015 12:36:00 GMT"


def version_2(signer: Any, host: str = "bkt.s3.amazonaws.com", key: str = KEY) -> HttpRequest:
    bucket = "/bkt" if host.startswith("bkt.") else ""
    path = "/a%20b/%C3%A9" if bucket else "/bkt/a%20b/%C3%A9"
    request = AWSRequest(
        method="PUT",
        url=f"https://{host}{path}?versionId=1&response-content-type=text%2Fplain&x-id=PutObject",
        headers={"Content-Type": "text/plain", "X-Amz-Meta-A": "b"},
        auth_path=bucket + path,
    )
    signer(credentials(key)).add_auth(request)
    return arrived(request)


@pytest.mark.parametrize("host", ["bkt.s3.amazonaws.com", "s3.us-east-1.amazonaws.com", "bkt.localhost:5000"])
@pytest.mark.parametrize("signer", [Version2Url, Version2Header])
@pytest.mark.parametrize(("key", "principal"), [(KEY, ALICE), (TEMPORARY_KEY, SESSION)])
def test_version_2(signer: Any, host: str, key: str, principal: object) -> None:
    http = version_2(signer, host, key)
    assert authenticate(http, GET, a_cloud()) == principal
    for tampered in (replace(http, method="GET"), replace(http, path=http.path + "x")):
        error = refused(tampered)
        assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
        assert set(error.fields) == {"AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"}


def test_a_url_of_version_2_may_be_used_without_the_headers_in_its_query() -> None:
    http = version_2(Version2Url)
    assert authenticate(replace(http, headers={}), GET, a_cloud()) == ALICE
    assert refused(replace(http, headers={"content-type": "other"})).code == "SignatureDoesNotMatch"


def test_version_2_refusals() -> None:
    http = version_2(Version2Url)
    error = refused(http, a_cloud(NOW + 61))
    assert (error.code, error.status, error.message) == ("AccessDenied", 403, "Request has expired")
    assert error.fields == {"Expires": "2015-08-30T12:37:00Z", "ServerTime": "2015-08-30T12:37:01Z"}
    error = refused(replace(http, query=http.query.replace("Signature=", "S=")))
    assert error.code == "AccessDenied"
    assert error.message == "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
    error = refused(http, called=operation("s3", "GetObject", "eu-central-1"))
    assert (error.code, error.status) == ("InvalidRequest", 400)
    assert error.message.endswith("is not supported. Please use AWS4-HMAC-SHA256.")
    assert refused(version_2(Version2Header), a_cloud(NOW + 901)).code == "RequestTimeTooSkewed"
