"""Authorization headers that cannot be read, or are written unusually. Source: facts 3.1."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth

from iamsim.authentication import authenticate
from iamsim.errors import ApiError
from iamsim.request import HttpRequest

from .signing import ALICE, KEY, NOW, a_cloud, credentials, operation, signed

SCOPE = f"{KEY}/20150830/us-east-1/iam/aws4_request"
NEEDS = "Authorization header requires '{}' parameter."
NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."


def refused(service: str, name: str, headers: dict[str, str]) -> ApiError:
    http = HttpRequest("POST", f"{service}.amazonaws.com", "/", headers=headers)
    with pytest.raises(ApiError) as caught:
        authenticate(http, operation(service, name), a_cloud())
    return caught.value


@pytest.mark.parametrize(
    ("authorization", "text"),
    [
        ("", "Authorization header cannot be empty."),
        (
            "AWS4-HMAC-SHA256",
            " ".join(map(NEEDS.format, ["Credential", "Signature", "SignedHeaders"]))
            + " Authorization=AWS4-HMAC-SHA256",
        ),
        (
            f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host",
            f"{NEEDS.format('Signature')} Authorization=AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host",
        ),
        (
            "Bearer abc",
            "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'.",
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=x",
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'",
        ),
    ],
)
@pytest.mark.parametrize(
    ("service", "name", "code", "status"),
    [
        ("iam", "ListUsers", "IncompleteSignature", 400),
        ("ec2", "DescribeVpcs", "IncompleteSignature", 400),
        ("dynamodb", "ListTables", "IncompleteSignatureException", 400),
        ("lambda", "ListFunctions", "IncompleteSignatureException", 403),
    ],
)
def test_malformed(service: str, name: str, code: str, status: int, authorization: str, text: str) -> None:
    error = refused(service, name, {"authorization": authorization, "x-amz-date": "20150830T123600Z"})
    assert (error.code, error.status, error.message) == (code, status, text)


def test_without_a_date() -> None:
    authorization = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=x"
    error = refused("iam", "ListUsers", {"authorization": authorization})
    assert error.message == f"{NO_DATE} Authorization={authorization}"
    error = refused("s3", "ListBuckets", {"authorization": authorization})
    assert (error.code, error.status) == ("AccessDenied", 403)
    assert error.message == "AWS authentication requires a valid Date or x-amz-date header"


def test_unreadable_date() -> None:
    authorization = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=x"
    error = refused("iam", "ListUsers", {"authorization": authorization, "x-amz-date": "yesterday"})
    assert error.code == "IncompleteSignature"
    assert error.message.startswith("Date must be in ISO-8601 'basic format'. Got 'yesterday'.")


@pytest.mark.parametrize(
    ("authorization", "code", "text"),
    [
        ("Bearer abc", "InvalidArgument", "Unsupported Authorization Type"),
        (
            "AWS4-HMAC-SHA256 Credential=a",
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; "
            "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=x",
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the Credential is mal-formed; "
            'expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
        ),
    ],
)
def test_malformed_in_s3(authorization: str, code: str, text: str) -> None:
    error = refused("s3", "ListBuckets", {"authorization": authorization, "x-amz-date": "20150830T123600Z"})
    assert (error.code, error.status, error.message) == (code, 400, text)


@pytest.mark.parametrize("write", [lambda a: a.replace(", ", ","), lambda a: a.replace(", ", " ,  ")])
def test_other_blanks_are_read(write: object) -> None:
    http = signed(SigV4Auth(credentials(), "iam", "us-east-1"), "https://iam.amazonaws.com/", method="POST")
    http.headers["authorization"] = write(http.headers["authorization"])  # type: ignore[operator]
    assert authenticate(http, operation("iam", "ListUsers"), a_cloud()) == ALICE


def test_the_parts_may_come_in_any_order() -> None:
    http = signed(SigV4Auth(credentials(), "iam", "us-east-1"), "https://iam.amazonaws.com/", method="POST")
    algorithm, _, rest = http.headers["authorization"].partition(" ")
    http.headers["authorization"] = f"{algorithm} {', '.join(reversed(rest.split(', ')))}"
    assert authenticate(http, operation("iam", "ListUsers"), a_cloud()) == ALICE


@pytest.mark.parametrize("signer", [SigV4Auth, S3SigV4Auth])
def test_the_date_header_serves_as_well(signer: type[SigV4Auth]) -> None:
    service, name = ("s3", "ListBuckets") if signer is S3SigV4Auth else ("iam", "ListUsers")
    http = signed(
        signer(credentials(), service, "us-east-1"),
        f"https://{service}.amazonaws.com/",
        headers={"Date": formatdate(NOW, usegmt=True)},
    )
    assert "x-amz-date" not in http.headers
    assert authenticate(http, operation(service, name), a_cloud()) == ALICE
