"""One changed letter in any part that a signature covers is refused, whichever form of signature it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.authentication import authenticate
from iamsim.cloud import Cloud
from iamsim.errors import ApiError
from iamsim.request import HttpRequest, Operation

from .signing import ALICE, a_cloud, credentials, operation, signed
from .test_post_policy import posted
from .test_presigned import Version2Header, Version2Url, version_2
from .test_sigv2_parameters import sent
from .test_sigv4a import CHUNKS, CRC, RECORDED, Chunked
from .test_sigv4a import cloud as v4a_cloud
from .test_vectors import CHUNKS as PUBLISHED_CHUNKS
from .test_vectors import MAY_2013, chunked, chunked_put

LETTER = re.compile(r"[A-Za-z0-9]")
UNSIGNED_PARAMETERS = re.compile(r"x-id=[^&]*")  # version 2 signs only what names a sub-resource
HEADERS = {"X-Amz-Meta-A": "first", "Content-Type": "text/plain"}


class Case(NamedTuple):
    """A good request, what it calls, the cloud that knows its key, and which parts of it are signed."""

    http: HttpRequest
    called: Operation
    cloud: Cloud
    headers: frozenset[str]
    signs_query: bool = True
    signs_body: bool = True
    fields: frozenset[str] = frozenset()  # of a form


def header_of(service: str, name: str, signer: Any) -> Case:
    host = f"{service}.us-east-1.amazonaws.com"
    url = f"https://{host}/2015/x%20y?a=b&c=d"
    http = signed(signer(credentials(), service, "us-east-1"), url, method="PUT", data=b"a body", headers=HEADERS)
    return Case(http, operation(service, name), a_cloud(), signed_headers(http))


def query_of(service: str, name: str, signer: Any) -> Case:
    url = f"https://{service}.us-east-1.amazonaws.com/x%20y?a=b"
    http = signed(signer(credentials(), service, "us-east-1"), url, headers=HEADERS)
    names = re.findall(r"X-Amz-SignedHeaders=([^&]*)", http.query)[0].split("%3B")
    return Case(http, operation(service, name), a_cloud(), frozenset(names), signs_body=False)


def signed_headers(http: HttpRequest) -> frozenset[str]:
    named = re.search(r"SignedHeaders=([^, ]*)", http.headers["authorization"])
    assert named is not None
    return frozenset({"authorization", *named[1].split(";")})


def of_version_2(signer: Any) -> Case:
    http = version_2(signer)
    is_url = signer is Version2Url
    if is_url:
        http.headers.clear()  # its query holds them, too
    headers = frozenset() if is_url else frozenset({"authorization", "content-type", "date", "x-amz-meta-a"})
    return Case(http, operation("s3", "PutObject"), a_cloud(), headers, signs_body=False)


def of_parameters() -> Case:
    return Case(sent(), operation("sdb", "GetAttributes"), a_cloud(), frozenset())


def of_form(version: int) -> Case:
    conditions = [{"bucket": "bkt"}, ["eq", "$key", "u/${filename}"], ["content-length-range", 1, 10]]
    http = posted([{"bucket": "bkt"}, {"key": "u/f.txt"}, conditions[2]], version=version)
    fields = {"key", "policy", "signature", "AWSAccessKeyId"} if version == 2 else {"key", "policy"}
    fields |= set() if version == 2 else {"x-amz-signature", "x-amz-credential", "x-amz-date", "x-amz-algorithm"}
    return Case(http, operation("s3", "PutObject"), a_cloud(), frozenset(), False, False, frozenset(fields))


def of_chunks() -> Case:
    http = chunked_put(chunked(PUBLISHED_CHUNKS))
    return Case(http, operation("s3", "PutObject"), a_cloud(MAY_2013), signed_headers(http))


def of_v4a() -> Case:
    pytest.importorskip("cryptography")
    return Case(
        replace(RECORDED, headers=dict(RECORDED.headers)),
        operation("s3", "GetObject"),
        v4a_cloud(),
        signed_headers(RECORDED),
    )


def of_v4a_chunks() -> Case:
    http = Chunked(f"{CHUNKS}-TRAILER", CRC).request()
    return Case(http, operation("s3", "PutObject"), v4a_cloud(), signed_headers(http))


CASES: dict[str, Callable[[], Case]] = {
    "header, query protocol": lambda: header_of("iam", "ListUsers", SigV4Auth),
    "header, REST": lambda: header_of("lambda", "Invoke", SigV4Auth),
    "header, JSON": lambda: header_of("dynamodb", "GetItem", SigV4Auth),
    "header, EC2": lambda: header_of("ec2", "DescribeVpcs", SigV4Auth),
    "header, S3": lambda: header_of("s3", "PutObject", S3SigV4Auth),
    "presigned": lambda: query_of("sts", "GetCallerIdentity", SigV4QueryAuth),
    "presigned, S3": lambda: query_of("s3", "GetObject", S3SigV4QueryAuth),
    "chunks": of_chunks,
    "version 2": lambda: of_version_2(Version2Header),
    "version 2, presigned": lambda: of_version_2(Version2Url),
    "version 2, parameters": of_parameters,
    "form": lambda: of_form(4),
    "form, version 2": lambda: of_form(2),
    "version 4A": of_v4a,
    "version 4A, chunks and trailer": of_v4a_chunks,
}


def places(case: Case) -> Iterator[tuple[str, int]]:
    """Every letter and digit that the signature covers: the part, and where in it."""
    http = case.http
    if not case.fields:
        yield from (("method", match.start()) for match in LETTER.finditer(http.method))
    yield from (("path", match.start()) for match in LETTER.finditer(http.path))
    if case.signs_query:
        free = [match.span() for match in UNSIGNED_PARAMETERS.finditer(http.query)]
        for match in LETTER.finditer(http.query):
            if not any(start <= match.start() < end for start, end in free):
                yield "query", match.start()
    for name in sorted(case.headers & http.headers.keys()):
        yield from ((name, match.start()) for match in LETTER.finditer(http.headers[name]))
    body = text_of(http)
    if case.signs_body:
        yield from (("body", match.start()) for match in LETTER.finditer(body))
    for field in sorted(case.fields):
        found = re.search(rf'name="{field}"\r\n\r\n([^\r]*)', body, re.IGNORECASE)
        assert found is not None, field
        yield from (("body", found.start(1) + match.start()) for match in LETTER.finditer(found[1]))


def text_of(http: HttpRequest) -> str:
    assert isinstance(http.body, bytes)
    return http.body.decode("latin-1")


def changed(http: HttpRequest, part: str, at: int) -> HttpRequest:
    """A copy with another letter there, which no change of case or base 64 makes the same again."""

    def other(text: str) -> str:
        letter = "Q" if text[at] not in "Qq" else "8"
        return text[:at] + letter + text[at + 1 :]

    if part == "body":
        return replace(http, body=other(text_of(http)).encode("latin-1"), headers=dict(http.headers))
    if part in ("method", "path", "query"):
        return replace(http, **{part: other(getattr(http, part))}, headers=dict(http.headers))
    return replace(http, headers=http.headers | {part: other(http.headers[part])})


@pytest.mark.parametrize("name", CASES)
def test_one_changed_letter_is_refused(name: str) -> None:
    case = CASES[name]()
    good = replace(case.http, headers=dict(case.http.headers))
    assert authenticate(good, case.called, case.cloud) == ALICE
    everywhere = list(places(case))
    parts = sorted({part for part, _ in everywhere})

    @settings(max_examples=60, derandomize=True, deadline=None)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        part = data.draw(st.sampled_from(parts))
        at = data.draw(st.sampled_from([where for each, where in everywhere if each == part]))
        with pytest.raises(ApiError):
            authenticate(changed(case.http, part, at), case.called, case.cloud)

    check()
