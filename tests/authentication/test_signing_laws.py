"""What botocore signs is accepted; with one signed byte changed it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.authentication import authenticate
from iamsim.errors import ApiError
from iamsim.request import HttpRequest, Operation

from .signing import ALICE, KEY, SECRET, SESSION, TEMPORARY_KEY, a_cloud, credentials, operation, signed

FEW = settings(max_examples=40, derandomize=True, deadline=None)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)
SEGMENTS = st.lists(TEXT | st.sampled_from(["", ".", "..", "a b", "é", "+", "%", "~"]), max_size=5)
PATHS = SEGMENTS.map(lambda parts: "/" + quote("/".join(parts), safe="/~"))
QUERIES = st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=4).map(
    lambda pairs: "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
)
VALUES = st.text(st.sampled_from("ab ,;=/é\t"), min_size=1, max_size=12).map(lambda value: f"v{value}v")
HEADERS = st.dictionaries(st.sampled_from(["X-Amz-Meta-A", "X-Amz-Acl", "Content-Type", "Range", "If-Match"]), VALUES)
METHODS = st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"])

CASES = [
    (SigV4Auth, "lambda", "Invoke"),
    (SigV4Auth, "iam", "ListUsers"),
    (S3SigV4Auth, "s3", "PutObject"),
    (SigV4QueryAuth, "sts", "GetCallerIdentity"),
    (S3SigV4QueryAuth, "s3", "GetObject"),
]


def outcome(http: HttpRequest, called: Operation, secret: str = SECRET) -> Any:
    cloud = a_cloud()
    cloud.credentials[KEY].secret_access_key = secret
    try:
        return authenticate(http, called, cloud)
    except ApiError as error:
        return error.code


@pytest.mark.parametrize(("signer", "service", "name"), CASES)
@FEW
@given(method=METHODS, path=PATHS, query=QUERIES, headers=HEADERS, body=st.binary(max_size=20), temporary=st.booleans())
def test_what_botocore_signs_is_accepted(
    signer: Any,
    service: str,
    name: str,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes,
    temporary: bool,
) -> None:
    called = operation(service, name)
    body = b"" if "Query" in signer.__name__ else body  # botocore moves it into the query string
    url = f"https://{service}.us-east-1.amazonaws.com{path}" + (f"?{query}" if query else "")
    key = TEMPORARY_KEY if temporary else KEY
    signing = signer(credentials(key), service, "us-east-1")
    http = signed(signing, url, method=method, data=body, headers=headers)
    assert authenticate(http, called, a_cloud()) == (SESSION if temporary else ALICE)


def tampered(http: HttpRequest, what: str) -> HttpRequest:
    if what == "method":
        return replace(http, method="PATCH")
    if what == "path":
        return replace(http, path=http.path + "x")
    if what == "query":
        return replace(http, query="a=c" + http.query.removeprefix("a=b"))
    if what == "host":
        return replace(http, host="x" + http.host)
    if what == "body":
        return replace(http, body=b"another body")
    return replace(http, headers=http.headers | {what: http.headers[what] + "x"})


@pytest.mark.parametrize("what", ["method", "path", "query", "host", "body", "x-amz-meta-a", "content-type"])
@pytest.mark.parametrize(("signer", "service", "name"), CASES[:3])
def test_one_changed_byte_is_refused(signer: Any, service: str, name: str, what: str) -> None:
    http = signed(
        signer(credentials(), service, "us-east-1"),
        f"https://{service}.us-east-1.amazonaws.com/2015/x?a=b",
        method="PUT",
        data=b"a body",
        headers={"X-Amz-Meta-A": "a", "Content-Type": "text/plain"},
    )
    called = operation(service, name)
    assert outcome(http, called) == ALICE
    expected = {"lambda": "InvalidSignatureException"}.get(service, "SignatureDoesNotMatch")
    if service == "s3" and what == "body":
        expected = "XAmzContentSHA256Mismatch"
    assert outcome(tampered(http, what), called) == expected
    wrong = {"lambda": "InvalidSignatureException"}.get(service, "SignatureDoesNotMatch")
    assert outcome(http, called, secret=SECRET + "x") == wrong


@pytest.mark.parametrize("what", ["method", "path", "query", "host", "x-amz-meta-a"])
@pytest.mark.parametrize(("signer", "service", "name"), CASES[3:])
def test_one_changed_byte_of_a_presigned_request_is_refused(signer: Any, service: str, name: str, what: str) -> None:
    http = signed(
        signer(credentials(), service, "us-east-1"),
        f"https://{service}.us-east-1.amazonaws.com/x?a=b",
        headers={"X-Amz-Meta-A": "a"},
    )
    called = operation(service, name)
    assert outcome(http, called) == ALICE
    assert outcome(tampered(http, what), called) == "SignatureDoesNotMatch"
    assert outcome(http, called, secret=SECRET + "x") == "SignatureDoesNotMatch"


def test_a_path_that_botocore_left_unencoded_is_accepted() -> None:
    signer = S3SigV4Auth(credentials(), "s3", "us-east-1")
    http = signed(signer, "https://s3.us-east-1.amazonaws.com/bkt/a:b@c")
    assert outcome(http, operation("s3", "GetObject")) == ALICE


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_usual_port_is_not_part_of_the_signed_host(scheme: str) -> None:
    port = {"http": 80, "https": 443}[scheme]
    http = signed(SigV4Auth(credentials(), "iam", "us-east-1"), f"{scheme}://iam.amazonaws.com:{port}/", method="POST")
    assert outcome(http, operation("iam", "ListUsers")) == ALICE
    assert outcome(replace(http, host="iam.amazonaws.com:8080"), operation("iam", "ListUsers")) != ALICE
