"""Which bodies a signature covers, and how S3 refuses one that is not covered. Source: facts 4.2."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth

from iamsim.authentication import authenticate
from iamsim.errors import ApiError
from iamsim.request import HttpRequest

from .signing import ALICE, a_cloud, credentials, operation, signed

PUT = operation("s3", "PutObject")
URL = "https://bkt.s3.us-east-1.amazonaws.com/k"


class WithPayload(S3SigV4Auth):  # type: ignore[misc]
    """botocore's signer with a payload hash of the test's choice."""

    def __init__(self, claimed: str) -> None:
        super().__init__(credentials(), "s3", "us-east-1")
        self.claimed = claimed

    def payload(self, request: object) -> str:
        return self.claimed


def put(claimed: str, body: bytes) -> HttpRequest:
    return signed(WithPayload(claimed), URL, method="PUT", data=body)


def refused(http: HttpRequest) -> ApiError:
    with pytest.raises(ApiError) as caught:
        authenticate(http, PUT, a_cloud())
    return caught.value


@pytest.mark.parametrize("claimed", ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"])
def test_bodies_that_are_not_covered(claimed: str) -> None:
    http = replace(put(claimed, b"body"), body=io.BytesIO(b"another"))
    assert authenticate(http, PUT, a_cloud()) == ALICE
    assert http.read() == b"another"


def test_a_body_that_is_a_file_is_hashed_and_left_where_it_was() -> None:
    http = put(sha256(b"body").hexdigest(), b"body")
    file = io.BytesIO(b"..body")
    file.seek(2)
    http.body = file
    assert authenticate(http, PUT, a_cloud()) == ALICE
    assert http.read() == b"body"


def test_another_body() -> None:
    error = refused(put(sha256(b"other").hexdigest(), b"body"))
    assert (error.code, error.status) == ("XAmzContentSHA256Mismatch", 400)
    assert error.message == "The provided 'x-amz-content-sha256' header does not match what was computed."
    assert error.fields == {
        "ClientComputedContentSHA256": sha256(b"other").hexdigest(),
        "S3ComputedContentSHA256": sha256(b"body").hexdigest(),
    }


def test_no_hash() -> None:
    http = put("UNSIGNED-PAYLOAD", b"")
    del http.headers["x-amz-content-sha256"]
    error = refused(http)
    assert (error.code, error.status) == ("InvalidRequest", 400)
    assert error.message == "Missing required header for this request: x-amz-content-sha256"


def test_no_such_constant() -> None:
    error = refused(put("SOMETHING", b""))
    assert (error.code, error.status) == ("InvalidArgument", 400)
    assert error.fields == {"ArgumentName": "x-amz-content-sha256", "ArgumentValue": "SOMETHING"}


def test_only_some_operations_of_other_services_take_unsigned_bodies() -> None:
    def http(service: str) -> HttpRequest:
        signer = SigV4Auth(credentials(), service, "us-east-1")
        url = f"https://{service}.us-east-1.amazonaws.com/x"
        return signed(signer, url, method="PUT", data=b"body", payload_signing_enabled=False)

    unsigned_body, plain = operation("ebs", "PutSnapshotBlock"), operation("lambda", "Invoke")
    assert authenticate(http("ebs"), unsigned_body, a_cloud()) == ALICE
    with pytest.raises(ApiError) as caught:
        authenticate(http("lambda"), plain, a_cloud())
    assert caught.value.code == "InvalidSignatureException"
