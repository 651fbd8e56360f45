"""Whatever arrives is either somebody's call or AWS's refusal, never a crash."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.authentication import access_key_of, authenticate, claimed_principal
from iamsim.errors import ApiError
from iamsim.request import HttpRequest

from .signing import KEY, a_cloud, operation

PIECES = st.sampled_from(
    [
        *("AWS4-HMAC-SHA256 ", "AWS ", f"Credential={KEY}", "/20150830", "/us-east-1", "/s3", "/iam", "/aws4_request"),
        *(
            ", ",
            "SignedHeaders=host",
            "Signature=",
            "x",
            "=",
            ";",
            "\udcff",
            "é",
            " ",
            "20150830T123600Z",
            "&",
            "9" * 30,
        ),
        *("X-Amz-Algorithm=AWS4-HMAC-SHA256", f"X-Amz-Credential={KEY}%2F20150830%2Fus-east-1%2Fs3%2Faws4_request"),
        *("X-Amz-Date=20150830T123600Z", "X-Amz-Expires=", "X-Amz-SignedHeaders=host", "X-Amz-Signature=x", "60"),
        *(f"AWSAccessKeyId={KEY}", "Signature=x", "Expires=", "%ff", "%", "/", "..", f"{KEY}:x"),
    ]
)
TEXT = st.lists(PIECES, max_size=10).map("".join)


@pytest.mark.parametrize(("service", "name"), [("iam", "ListUsers"), ("s3", "GetObject"), ("sdb", "Select")])
@settings(max_examples=60, derandomize=True, deadline=None)
@given(authorization=st.none() | TEXT, date=st.none() | TEXT, query=TEXT, path=TEXT, body=st.binary(max_size=9))
def test_nonsense(
    service: str, name: str, authorization: str | None, date: str | None, query: str, path: str, body: bytes
) -> None:
    sent = {"authorization": authorization, "x-amz-date": date, "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
    headers = {header: value for header, value in sent.items() if value is not None}
    http = HttpRequest("GET", f"{service}.amazonaws.com", f"/{path}", query, headers, body)
    access_key_of(http)
    claimed_principal(http, a_cloud())
    with contextlib.suppress(ApiError):
        authenticate(http, operation(service, name), a_cloud())
