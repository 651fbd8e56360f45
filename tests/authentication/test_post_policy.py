"""Uploads from a browser's form, signed as botocore signs them. Source: S3-API sigv4-HTTPPOSTConstructPolicy; A-17."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from botocore.auth import HmacV1PostAuth, S3SigV4PostAuth
from botocore.awsrequest import AWSRequest

from iamsim.authentication import access_key_of, authenticate
from iamsim.errors import ApiError
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest

from .signing import ALICE, KEY, NOW, SESSION, TEMPORARY_KEY, a_cloud, botocore_at, credentials, operation

PUT = operation("s3", "PutObject")
CONDITIONS: list[Any] = [{"bucket": "bkt"}, ["starts-with", "$key", "u/"], ["content-length-range", 1, 10]]
LATER = "2015-08-30T12:37:00Z"


def posted(
    conditions: list[Any] = CONDITIONS,
    *,
    key: str = KEY,
    version: int = 4,
    fields: dict[str, str] | None = None,
    file: bytes = b"contents",
    expiration: str = LATER,
    host: str = "bkt.s3.amazonaws.com",
    path: str = "/",
) -> HttpRequest:
    request = AWSRequest(method="POST", url=f"https://{host}{path}")
    request.context["s3-presign-post-policy"] = {"expiration": expiration, "conditions": list(conditions)}
    request.context["s3-presign-post-fields"] = {"key": "u/${filename}"}
    signer = S3SigV4PostAuth(credentials(key), "s3", "us-east-1") if version == 4 else HmacV1PostAuth(credentials(key))
    with botocore_at(NOW):
        signer.add_auth(request)
    return form(request.context["s3-presign-post-fields"] | (fields or {}), file, host, path)


def form(fields: dict[str, str], file: bytes, host: str = "bkt.s3.amazonaws.com", path: str = "/") -> HttpRequest:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(b'Content-Disposition: form-data; name="file"; filename="f.txt"\r\nContent-Type: x\r\n\r\n' + file)
    parts.append(b'Content-Disposition: form-data; name="after"\r\n\r\nignored')
    body = b"".join(b"--xyz\r\n" + part + b"\r\n" for part in parts) + b"--xyz--\r\n"
    return HttpRequest("POST", host, path, headers={"content-type": "multipart/form-data; boundary=xyz"}, body=body)


def refused(http: HttpRequest, at: float = NOW) -> ApiError:
    with pytest.raises(ApiError) as caught:
        authenticate(http, PUT, a_cloud(at))
    return caught.value


@pytest.mark.parametrize("version", [2, 4])
@pytest.mark.parametrize(("key", "principal"), [(KEY, ALICE), (TEMPORARY_KEY, SESSION)])
@pytest.mark.parametrize(("host", "path"), [("bkt.s3.amazonaws.com", "/"), ("s3.us-east-1.amazonaws.com", "/bkt")])
def test_accepted(version: int, key: str, principal: Principal, host: str, path: str) -> None:
    http = posted(version=version, key=key, host=host, path=path)
    assert access_key_of(http) == key
    assert authenticate(http, PUT, a_cloud()) == principal


def test_a_form_that_nobody_signed() -> None:
    assert authenticate(form({"key": "k"}, b"x"), PUT, a_cloud()) == Principal.anonymous()


def test_expired() -> None:
    error = refused(posted(), NOW + 61)
    assert (error.code, error.status) == ("AccessDenied", 403)
    assert error.message == "Invalid according to Policy: Policy expired."


@pytest.mark.parametrize(
    ("conditions", "shown"),
    [
        ([["eq", "$key", "x"]], '["eq", "$key", "x"]'),
        ([{"bucket": "other"}, ["starts-with", "$key", ""]], '["eq", "$bucket", "other"]'),
        ([["starts-with", "$key", "v/"]], '["starts-with", "$key", "v/"]'),
    ],
)
def test_failed_condition(conditions: list[Any], shown: str) -> None:
    error = refused(posted(conditions))
    assert (error.code, error.status) == ("AccessDenied", 403)
    assert error.message == f"Invalid according to Policy: Policy Condition failed: {shown}"


def test_the_file_name_is_filled_in_before_conditions_are_checked() -> None:
    conditions = [{"bucket": "bkt"}, ["eq", "$key", "u/f.txt"]]
    assert authenticate(posted(conditions), PUT, a_cloud()) == ALICE


def test_fields_that_the_policy_does_not_name() -> None:
    assert authenticate(posted(fields={"x-ignore-a": "b"}), PUT, a_cloud()) == ALICE
    error = refused(posted(fields={"x-amz-meta-a": "b", "acl": "private"}))
    assert error.message == "Invalid according to Policy: Extra input fields: x-amz-meta-a, acl"


@pytest.mark.parametrize(
    ("file", "code", "fields"),
    [
        (b"", "EntityTooSmall", {"ProposedSize": 0, "MinSizeAllowed": 1}),
        (b"x" * 11, "EntityTooLarge", {"ProposedSize": 11, "MaxSizeAllowed": 10}),
    ],
)
def test_size(file: bytes, code: str, fields: dict[str, int]) -> None:
    error = refused(posted(file=file))
    assert (error.code, error.status, error.fields) == (code, 400, fields)


@pytest.mark.parametrize(("version", "name"), [(4, "x-amz-signature"), (2, "signature")])
def test_wrong_signature(version: int, name: str) -> None:
    error = refused(posted(version=version, fields={name: "x"}))
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert error.fields["SignatureProvided"] == "x"


def test_a_changed_policy_is_refused() -> None:
    policy = b64encode(json.dumps({"expiration": LATER, "conditions": []}).encode()).decode()
    assert refused(posted(fields={"policy": policy})).code == "SignatureDoesNotMatch"


def test_an_unknown_key() -> None:
    cloud = a_cloud()
    del cloud.credentials[KEY]
    with pytest.raises(ApiError, match="InvalidAccessKeyId"):
        authenticate(posted(), PUT, cloud)


def test_a_signature_without_a_policy() -> None:
    error = refused(form({"key": "k", "x-amz-signature": "x"}, b"x"))
    assert (error.code, error.status) == ("InvalidArgument", 400)
    assert error.message == (
        "Bucket POST must contain a field named 'policy'.  If it is specified, please check the order of the fields."
    )


@pytest.mark.parametrize(
    ("conditions", "expiration", "text"),
    [
        ([["like", "$key", "a"]], LATER, 'Invalid Policy: Invalid Condition: ["like", "$key", "a"]'),
        (CONDITIONS, "soon", "Invalid Policy: Invalid 'expiration' value: 'soon'"),
    ],
)
def test_an_invalid_policy(conditions: list[Any], expiration: str, text: str) -> None:
    error = refused(posted(conditions, expiration=expiration))
    assert (error.code, error.status, error.message) == ("InvalidPolicyDocument", 400, text)


def test_a_broken_body() -> None:
    http = posted()
    http.body = b"--xyz\r\nnothing"
    assert refused(http).code == "MalformedPOSTRequest"
    http.headers["content-type"] = "multipart/form-data"
    assert refused(http).code == "MalformedPOSTRequest"
