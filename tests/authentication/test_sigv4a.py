"""Signature Version 4A, where `cryptography` is installed; against botocore's own signer where `awscrt` is."""

from __future__ import annotations

import io
import sys
from calendar import timegm
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamsim.authentication import authenticate
from iamsim.authentication.moments import seconds
from iamsim.authentication.sigv4a import holds_region, private_value
from iamsim.clock import Clock
from iamsim.cloud import Cloud, Credential
from iamsim.errors import ApiError, NotMocked
from iamsim.protocol.scope import Scope, scope_of
from iamsim.request import HttpRequest

from .signing import ALICE, a_cloud, operation

KEY, SECRET = "AKIDEXAMPLE", "s"
SIGNED_AT = timegm((2026, 11, 20, 13, 8, 48))
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
RECORDED = HttpRequest(  # as awscrt 0.38.1 signed it through botocore 1.40.61; recorded 2026-11-20
    "GET",
    "bucket.s3.amazonaws.com",
    "/key",
    headers={
        "host": "bucket.s3.amazonaws.com",
        "x-amz-date": "20261120T130848Z",
        "x-amz-region-set": "us-east-1",
        "x-amz-content-sha256": EMPTY,
        "authorization": (
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20261120/s3/aws4_request, "
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-region-set, Signature=30440220193ca4d9e3eaaa83fe"
            "4058f7cb16f3da8581779c22d5bbb92564f9b09fdda92e02201fd806cc4b1a446b1721bc2dae5602c9fbd3858f83e77fe29322fe7c"
            "75ff10dc"
        ),
    },
)


def cloud(at: float = SIGNED_AT) -> Cloud:
    made = a_cloud()
    made.clock = Clock(at=at)
    made.credentials[KEY] = Credential(KEY, SECRET, ALICE)
    return made


def copy(**headers: str) -> HttpRequest:
    return replace(
        RECORDED, headers=RECORDED.headers | {name.replace("_", "-"): value for name, value in headers.items()}
    )


def refused(http: HttpRequest) -> ApiError:
    with pytest.raises(ApiError) as raised:
        authenticate(http, operation("s3", "GetObject"), cloud())
    return raised.value


def test_a_recorded_signature() -> None:
    pytest.importorskip("cryptography")
    assert authenticate(copy(), operation("s3", "GetObject"), cloud()) == ALICE


def test_what_was_changed_is_refused() -> None:
    pytest.importorskip("cryptography")
    error = refused(replace(copy(), path="/other"))
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert str(error.fields["StringToSign"]).startswith(
        "AWS4-ECDSA-P256-SHA256\n20261120T130848Z\n20261120/s3/aws4_request\n"
    )
    for signature in ("00", "zz", "", "30440220"):
        start = RECORDED.headers["authorization"].partition("Signature=")[0]
        assert refused(copy(authorization=f"{start}Signature={signature}")).status in (400, 403)


def test_the_set_of_regions_holds_the_one_called() -> None:
    error = refused(copy(x_amz_region_set="eu-*,us-west-2"))
    assert (error.code, error.status) == ("AuthorizationHeaderMalformed", 400)
    assert holds_region("*", "us-east-1")
    assert holds_region("us-west-1, us-east-*", "us-east-1")
    assert not holds_region("", "us-east-1")


def test_the_usual_rules_hold() -> None:
    with pytest.raises(ApiError) as raised:
        authenticate(copy(), operation("s3", "GetObject"), cloud(SIGNED_AT + 901))
    assert raised.value.code == "RequestTimeTooSkewed"
    assert refused(copy(x_amz_acl="private")).code == "AccessDenied"
    unknown = RECORDED.headers["authorization"].replace(KEY, "AKIDOTHER")
    assert refused(copy(authorization=unknown)).code == "InvalidAccessKeyId"


def test_without_the_package_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ec", None)
    with pytest.raises(NotMocked, match=r"Signature Version 4A .* install it"):
        authenticate(copy(), operation("s3", "GetObject"), cloud())


def test_keys_are_derived_as_aws_derives_them() -> None:
    """Source: the published key-derivation vector of aws-c-auth."""
    elliptic = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    value = private_value("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom")
    public = elliptic.derive_private_key(value, elliptic.SECP256R1()).public_key().public_numbers()
    assert f"{public.x:064x}" == "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb"
    assert f"{public.y:064x}" == "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0"


@pytest.mark.parametrize(("service", "kind"), [("s3", "s3v4a"), ("s3", "s3v4a-query"), ("events", "v4a")])
def test_what_botocore_signs(service: str, kind: str) -> None:
    pytest.importorskip("cryptography")
    pytest.importorskip("awscrt")
    signer: Any = botocore.auth.AUTH_TYPE_MAPS[kind](Credentials(KEY, SECRET), service, "us-east-1")
    method, body = ("GET", b"") if kind.endswith("-query") else ("PUT", b"x")
    host = f"{service}.us-east-1.amazonaws.com"
    request = AWSRequest(method, f"https://{host}/bucket/a%20b", {}, body)
    signer.add_auth(request)
    prepared = request.prepare()
    path, _, query = prepared.url.partition(host)[2].partition("?")
    headers = {name.lower(): str(value) for name, value in prepared.headers.items()}
    http = HttpRequest(method, host, path, query, headers, prepared.body or b"")
    moment = headers.get("x-amz-date") or parse_qs(query)["X-Amz-Date"][0]
    called = operation(service, "GetObject" if service == "s3" else "PutEvents")
    assert authenticate(http, called, cloud(seconds(moment) or 0)) == ALICE
    http.path += "c"
    with pytest.raises(ApiError):
        authenticate(http, called, cloud(seconds(moment) or 0))


class Chunked:
    """A body of chunks, signed in version 4A by hand: botocore has no signer for it. Source: facts 4.2."""

    TIME = "20261120T130848Z"
    SCOPE = "20261120/s3/aws4_request"

    def __init__(self, constant: str, trailer: str = "") -> None:
        elliptic: Any = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
        hashes: Any = pytest.importorskip("cryptography.hazmat.primitives.hashes")
        self._key = elliptic.derive_private_key(private_value(KEY, SECRET), elliptic.SECP256R1())
        self._how = elliptic.ECDSA(hashes.SHA256())
        self._trailer = trailer
        self._headers = {
            "content-encoding": "aws-chunked",
            "host": "bucket.s3.amazonaws.com",
            "x-amz-content-sha256": constant,
            "x-amz-date": self.TIME,
            "x-amz-decoded-content-length": str(8192 + 10),
            "x-amz-region-set": "us-*",
        }

    def sign(self, text: str) -> str:
        signature: str = self._key.sign(text.encode(), self._how).hex()
        return signature

    def request(self, *, padding: str = "*") -> HttpRequest:
        names = ";".join(self._headers)
        lines = "".join(f"{name}:{value}\n" for name, value in self._headers.items())
        constant = self._headers["x-amz-content-sha256"]
        canonical = f"PUT\n/key\n\n{lines}\n{names}\n{constant}"
        head = f"AWS4-ECDSA-P256-SHA256{{}}\n{self.TIME}\n{self.SCOPE}\n"
        previous = self.sign(head.format("") + sha256(canonical.encode()).hexdigest())
        authorization = (
            f"AWS4-ECDSA-P256-SHA256 Credential={KEY}/{self.SCOPE}, SignedHeaders={names}, Signature={previous}"
        )
        body = b""
        for chunk in (b"a" * 8192, b"b" * 10, b""):
            text = f"{head.format('-PAYLOAD')}{previous}\n{EMPTY}\n{sha256(chunk).hexdigest()}"
            previous = self.sign(text)
            body += b"%x;chunk-signature=%s\r\n" % (len(chunk), previous.ljust(144, padding).encode())
            body += chunk and chunk + b"\r\n"
        if self._trailer:
            signed = self.sign(
                f"{head.format('-TRAILER')}{previous}\n{sha256(f'{self._trailer}{chr(10)}'.encode()).hexdigest()}"
            )
            body += f"{self._trailer}\r\nx-amz-trailer-signature:{signed.ljust(144, padding)}\r\n".encode()
        headers = self._headers | {"authorization": authorization}
        return HttpRequest("PUT", "bucket.s3.amazonaws.com", "/key", headers=headers, body=body + b"\r\n")


CHUNKS = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
CRC = "x-amz-checksum-crc32:AAAAAA=="


@pytest.mark.parametrize(("constant", "trailer"), [(CHUNKS, ""), (f"{CHUNKS}-TRAILER", CRC)])
@pytest.mark.parametrize("padding", ["*", ""])
def test_chunks(constant: str, trailer: str, padding: str) -> None:
    if not padding:
        made = Chunked(constant, trailer).request(padding=" ")
        made.body = made.body.replace(b" ", b"") if isinstance(made.body, bytes) else made.body
    else:
        made = Chunked(constant, trailer).request()
    assert authenticate(made, operation("s3", "PutObject"), cloud()) == ALICE


@pytest.mark.parametrize("old", [b"aaaa", b"bbbb", b"crc32:AAAA"])
def test_changed_chunks_are_refused(old: bytes) -> None:
    made = Chunked(f"{CHUNKS}-TRAILER", CRC).request()
    assert isinstance(made.body, bytes)
    made.body = made.body.replace(old, old[:-1] + b"X", 1)
    with pytest.raises(ApiError) as raised:
        authenticate(made, operation("s3", "PutObject"), cloud())
    assert (raised.value.code, raised.value.status) == ("SignatureDoesNotMatch", 403)


def test_chunks_of_one_version_in_a_request_of_the_other() -> None:
    made = Chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD").request()
    with pytest.raises(ApiError) as raised:
        authenticate(made, operation("s3", "PutObject"), cloud())
    assert (raised.value.code, raised.value.status) == ("InvalidArgument", 400)


def test_a_stream_is_verified_while_it_is_read() -> None:
    made = Chunked(CHUNKS).request()
    assert isinstance(made.body, bytes)

    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

    made.body = Stream(made.body.replace(b"bbbb", b"bbbX"))
    assert authenticate(made, operation("s3", "PutObject"), cloud()) == ALICE
    with pytest.raises(ApiError, match="SignatureDoesNotMatch"):
        made.read()


@pytest.mark.parametrize("service", ["s3", "events"])
def test_the_region_of_a_presigned_request_is_in_its_query(service: str) -> None:
    query = f"X-Amz-Credential=AKID%2F20261120%2F{service}%2Faws4_request&X-Amz-Region-Set=eu-west-1%2Cus-*"
    assert scope_of(HttpRequest("GET", "localhost:5000", "/", query)) == Scope(service, "eu-west-1")
    query = query.replace("eu-west-1%2C", "")
    assert scope_of(HttpRequest("GET", "localhost:5000", "/", query)) == Scope(service, "")
