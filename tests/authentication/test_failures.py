"""Every refusal, family by family: code, status and text. Source: facts section 3."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth

from iamsim.authentication import authenticate
from iamsim.cloud import Cloud
from iamsim.errors import ApiError
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest, Operation

from .signing import ALICE, KEY, NOW, SECRET, TEMPORARY_KEY, TOKEN, a_cloud, credentials, operation, signed

OPERATIONS = {
    "query": ("iam", "ListUsers"),
    "rest-xml": ("cloudfront", "ListDistributions"),
    "query-compatible": ("cloudwatch", "ListMetrics"),
    "ec2": ("ec2", "DescribeInstances"),
    "json": ("dynamodb", "GetItem"),
    "cbor": ("codebuild", "ListBuilds"),
    "rest-json": ("lambda", "ListFunctions"),
    "s3": ("s3", "GetObject"),
}
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
INVALID = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"
NOT_VALIDATED = "AWS was not able to validate the provided access credentials"
UNKNOWN_TO_S3 = "The AWS Access Key Id you provided does not exist in our records."
NO_TOKEN = "Request is missing Authentication Token"
MALFORMED_TOKEN = "The provided token is malformed or otherwise invalid."
LATE = "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"
EARLY = "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"
SKEWED = "The difference between the request time and the current time is too large."
SAME_AS = {"rest-xml": "query", "query-compatible": "query", "cbor": "json"}

UNKNOWN_KEY = {
    "query": ("InvalidClientTokenId", 403, INVALID),
    "ec2": ("AuthFailure", 401, NOT_VALIDATED),
    "json": ("UnrecognizedClientException", 400, INVALID),
    "rest-json": ("UnrecognizedClientException", 403, INVALID),
    "s3": ("InvalidAccessKeyId", 403, UNKNOWN_TO_S3),
}
EXPECTED: dict[str, dict[str, tuple[str, int, str]]] = {
    "unsigned": {
        "query": ("MissingAuthenticationToken", 403, NO_TOKEN),
        "ec2": ("MissingParameter", 400, "The request must contain the parameter AWSAccessKeyId"),
        "json": ("MissingAuthenticationTokenException", 400, NO_TOKEN),
        "rest-json": ("MissingAuthenticationTokenException", 403, "Missing Authentication Token"),
    },
    "unknown key": UNKNOWN_KEY,
    "inactive key": UNKNOWN_KEY,
    "no token": UNKNOWN_KEY,
    "wrong token": UNKNOWN_KEY | {"s3": ("InvalidToken", 400, MALFORMED_TOKEN)},
    "token of a long-term key": UNKNOWN_KEY | {"s3": ("InvalidToken", 400, MALFORMED_TOKEN)},
    "wrong secret": {
        "query": ("SignatureDoesNotMatch", 403, MISMATCH),
        "ec2": ("AuthFailure", 401, NOT_VALIDATED),
        "json": ("InvalidSignatureException", 400, MISMATCH),
        "rest-json": ("InvalidSignatureException", 403, MISMATCH),
        "s3": ("SignatureDoesNotMatch", 403, MISMATCH.replace("AWS Secret Access Key", "key").partition(" Consult")[0]),
    },
    "expired credentials": {
        "query": ("ExpiredToken", 403, EXPIRED),
        "ec2": ("RequestExpired", 400, "Request has expired."),
        "json": ("ExpiredTokenException", 400, EXPIRED),
        "rest-json": ("ExpiredTokenException", 403, EXPIRED),
        "s3": ("ExpiredToken", 400, "The provided token has expired."),
    },
    "late": {
        "query": ("SignatureDoesNotMatch", 403, LATE),
        "ec2": ("RequestExpired", 400, "Request has expired."),
        "json": ("InvalidSignatureException", 400, LATE),
        "rest-json": ("InvalidSignatureException", 403, LATE),
        "s3": ("RequestTimeTooSkewed", 403, SKEWED),
    },
    "early": {
        "query": ("SignatureDoesNotMatch", 403, EARLY),
        "ec2": ("RequestExpired", 400, "Request has expired."),
        "json": ("InvalidSignatureException", 400, EARLY),
        "rest-json": ("InvalidSignatureException", 403, EARLY),
        "s3": ("RequestTimeTooSkewed", 403, SKEWED),
    },
}


def request(service: str, key: str = KEY, **changes: Any) -> HttpRequest:
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    scope = {
        "region_name": "us-east-1",
        "service_name": operation(service, NAMES[service]).model.service_model.signing_name,
    }
    signing = signer(credentials(key), **(scope | changes))
    return signed(signing, f"https://{service}.us-east-1.amazonaws.com/x", method="POST", data=b"body")


NAMES = dict(OPERATIONS.values())


def arrange(situation: str, service: str) -> tuple[HttpRequest, Cloud]:
    cloud = a_cloud()
    is_temporary = situation in ("no token", "wrong token", "expired credentials")
    http = request(service, TEMPORARY_KEY if is_temporary else KEY)
    skew_s = 901 if service in ("ec2", "s3") else 301
    match situation:
        case "unsigned":
            del http.headers["authorization"]
        case "unknown key":
            del cloud.credentials[KEY]
        case "inactive key":
            cloud.credentials[KEY].is_active = False
        case "no token":
            del http.headers["x-amz-security-token"]
        case "wrong token":
            http.headers["x-amz-security-token"] += "x"
        case "token of a long-term key":
            http.headers["x-amz-security-token"] = TOKEN
        case "wrong secret":
            cloud.credentials[KEY].secret_access_key = SECRET.lower()
        case "expired credentials":
            cloud.credentials[TEMPORARY_KEY].expires_at = NOW
        case "late":
            cloud = a_cloud(NOW + skew_s)
        case "early":
            cloud = a_cloud(NOW - skew_s)
    return http, cloud


def refused(http: HttpRequest, called: Operation, cloud: Cloud) -> ApiError:
    with pytest.raises(ApiError) as caught:
        authenticate(http, called, cloud)
    return caught.value


@pytest.mark.parametrize("family", OPERATIONS)
@pytest.mark.parametrize("situation", EXPECTED)
def test_refusal(situation: str, family: str) -> None:
    service, name = OPERATIONS[family]
    http, cloud = arrange(situation, service)
    called = operation(service, name)
    if situation == "unsigned" and family == "s3":
        assert authenticate(http, called, cloud) == Principal.anonymous()
        return
    error = refused(http, called, cloud)
    message, _, details = error.message.partition("\n\nThe Canonical String for this request should have been\n'")
    assert (error.code, error.status, message) == EXPECTED[situation][SAME_AS.get(family, family)]
    assert bool(details) == (message == MISMATCH)
    assert bool(error.fields) == (family == "s3")


@pytest.mark.parametrize("skew_s", [-1, 1])
@pytest.mark.parametrize("family", OPERATIONS)
def test_as_much_skew_as_aws_takes(family: str, skew_s: int) -> None:
    service, name = OPERATIONS[family]
    at = NOW + skew_s * (900 if family in ("ec2", "s3") else 300)
    assert authenticate(request(service), operation(service, name), a_cloud(at)) == ALICE


REGION = "Credential should be scoped to a valid region, not 'eu-west-1'."
SERVICE = "Credential should be scoped to correct service: '{}'."


@pytest.mark.parametrize(
    ("family", "code", "status"),
    [
        ("query", "SignatureDoesNotMatch", 403),
        ("json", "InvalidSignatureException", 400),
        ("rest-json", "InvalidSignatureException", 403),
    ],
)
def test_wrong_scope(family: str, code: str, status: int) -> None:
    service, name = OPERATIONS[family]
    called = operation(service, name)
    error = refused(request(service, region_name="eu-west-1"), called, a_cloud())
    assert (error.code, error.status, error.message) == (code, status, REGION)
    error = refused(request(service, service_name="other"), called, a_cloud())
    assert (error.code, error.status, error.message) == (code, status, SERVICE.format(service))
    error = refused(request(service, service_name="other", region_name="eu-west-1"), called, a_cloud())
    assert error.message == f"{REGION} {SERVICE.format(service)}"
    http = request(service)
    http.headers["authorization"] = http.headers["authorization"].replace("aws4_request", "aws3")
    error = refused(http, called, a_cloud())
    assert error.message == "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3'."
    http = request(service)
    http.headers["authorization"] = http.headers["authorization"].replace("20150830", "20150829")
    error = refused(http, called, a_cloud())
    assert (error.code, error.status, error.message) == (
        code,
        status,
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        "'20150829' != '20150830', from '20150830T123600Z'.",
    )


@pytest.mark.parametrize(
    ("service", "host"), [("dynamodb", "dynamodb.us-east-1.amazonaws.com"), ("iam", "iam.amazonaws.com")]
)
def test_the_host_decides_the_region(service: str, host: str) -> None:
    """Whatever Region the operation was thought to be called in."""
    signer = SigV4Auth(credentials(), service, "eu-west-1")
    http = signed(signer, f"https://{host}/", method="POST")
    called = operation(service, NAMES[service], "eu-west-1")
    assert refused(http, called, a_cloud()).message == REGION
    http = signed(signer, "http://localhost:5000/", method="POST")
    assert authenticate(http, called, a_cloud()) == ALICE


def test_wrong_scope_in_ec2() -> None:
    error = refused(request("ec2", region_name="eu-west-1"), operation("ec2", "DescribeInstances"), a_cloud())
    assert (error.code, error.status, error.message) == ("AuthFailure", 401, NOT_VALIDATED)


@pytest.mark.parametrize(
    ("changes", "text", "fields"),
    [
        (
            {"region_name": "eu-west-1"},
            "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
            {"Region": "us-east-1"},
        ),
        ({"service_name": "ec2"}, 'incorrect service "ec2". This endpoint belongs to "s3".', {}),
    ],
)
def test_wrong_scope_in_s3(changes: dict[str, str], text: str, fields: dict[str, str]) -> None:
    error = refused(request("s3", **changes), operation("s3", "GetObject"), a_cloud())
    assert (error.code, error.status) == ("AuthorizationHeaderMalformed", 400)
    assert (error.message, error.fields) == (f"The authorization header is malformed; {text}", fields)


def test_elements_of_the_errors_of_s3() -> None:
    called = operation("s3", "GetObject")
    fields = {
        situation: refused(*_swap(arrange(situation, "s3"), called)).fields
        for situation in EXPECTED
        if situation != "unsigned"
    }
    assert fields["unknown key"] == {"AWSAccessKeyId": KEY}
    assert fields["wrong token"] == {"Token-0": TOKEN + "x"}
    assert fields["expired credentials"] == {"Token-0": TOKEN}
    assert fields["late"] == {
        "RequestTime": "20150830T123600Z",
        "ServerTime": "2015-08-30T12:51:01Z",
        "MaxAllowedSkewMilliseconds": 900000,
    }
    mismatch = fields["wrong secret"]
    assert mismatch["AWSAccessKeyId"] == KEY
    assert str(mismatch["StringToSign"]).startswith(
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/s3/aws4_request\n"
    )
    assert str(mismatch["StringToSignBytes"]).startswith("41 57 53 34 2d")
    assert str(mismatch["CanonicalRequest"]).startswith("POST\n/x\n\n")
    assert str(mismatch["CanonicalRequestBytes"]).startswith("50 4f 53 54 0a")
    assert len(str(mismatch["SignatureProvided"])) == 64


def _swap(arranged: tuple[HttpRequest, Cloud], called: Operation) -> tuple[HttpRequest, Operation, Cloud]:
    return arranged[0], called, arranged[1]


@pytest.mark.parametrize(
    ("service", "name"),
    [("sts", "AssumeRoleWithWebIdentity"), ("sts", "AssumeRoleWithSAML"), ("cognito-idp", "InitiateAuth")],
)
def test_operations_that_nobody_signs(service: str, name: str) -> None:
    """A-39: a signature on them is ignored."""
    called = operation(service, name)
    for headers in ({}, {"authorization": "AWS4-HMAC-SHA256 nonsense"}):
        http = HttpRequest("POST", f"{service}.us-east-1.amazonaws.com", "/", headers=dict(headers))
        assert authenticate(http, called, a_cloud()) == Principal.anonymous()


def test_two_mechanisms_in_s3() -> None:
    """A-40."""
    http = replace(request("s3"), query="X-Amz-Algorithm=AWS4-HMAC-SHA256")
    error = refused(http, operation("s3", "GetObject"), a_cloud())
    assert (error.code, error.status) == ("InvalidArgument", 400)
    assert error.message == (
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter "
        "or the Authorization header should be specified"
    )


def test_what_should_have_been_signed_is_quoted() -> None:
    http = request("iam")
    http.body = b"other"
    error = refused(http, operation("iam", "ListUsers"), a_cloud())
    canonical = (
        "POST\n/x\n\nhost:iam.us-east-1.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
        + sha256(b"other").hexdigest()
    )
    text = (
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
        + sha256(canonical.encode()).hexdigest()
    )
    assert error.message == (
        f"{MISMATCH}\n\nThe Canonical String for this request should have been\n'{canonical}'\n\n"
        f"The String-to-Sign should have been\n'{text}'\n"
    )


@pytest.mark.parametrize("family", ["query", "json", "rest-json", "ec2"])
def test_unsigned_headers_outside_s3(family: str) -> None:
    service, name = OPERATIONS[family]
    http = request(service)
    http.headers["x-amz-user-agent"] = "aws-sdk-php"  # which its SDK does not sign
    assert authenticate(http, operation(service, name), a_cloud()) == ALICE
    http.headers["x-amz-extra"] = "1"
    error = refused(http, operation(service, name), a_cloud())
    if family == "ec2":
        assert error.code == "AuthFailure"
        return
    assert error.code == ("SignatureDoesNotMatch" if family == "query" else "InvalidSignatureException")
    assert error.message == "'x-amz-extra' must be a 'SignedHeader' in the AWS Authorization."


def test_unsigned_headers_in_s3() -> None:
    http = request("s3")
    http.headers["x-amz-acl"] = "public-read"
    error = refused(http, operation("s3", "GetObject"), a_cloud())
    assert (error.code, error.status, error.fields) == ("AccessDenied", 403, {"HeadersNotSigned": "x-amz-acl"})
    assert error.message == "There were headers present in the request which were not signed"


def test_unsigned_host() -> None:
    http = request("lambda")
    http.headers["authorization"] = http.headers["authorization"].replace("SignedHeaders=host;", "SignedHeaders=")
    error = refused(http, operation("lambda", "ListFunctions"), a_cloud())
    assert error.code == "InvalidSignatureException"
    assert error.message == "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
