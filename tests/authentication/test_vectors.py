"""AWS's published examples, recomputed. Source: facts 4.4 (SigV4 test suite, S3-API sigv4-streaming)."""

from __future__ import annotations

import hmac
import io
from hashlib import sha256

import pytest

from iamsim.authentication import authenticate
from iamsim.authentication.canonical import canonical_requests
from iamsim.authentication.chunks import ChunkSeed, verify_chunks
from iamsim.authentication.claim import Claim
from iamsim.authentication.sigv4 import signing_key, string_to_sign
from iamsim.errors import ApiError
from iamsim.request import HttpRequest

from .signing import ALICE, KEY, SECRET, a_cloud, operation

SUITE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
EMPTY = sha256(b"").hexdigest()
MAY_2013 = 1369353600.0  # 2013-05-24T00:00:00Z
SCOPE_2013 = "20130524/us-east-1/s3/aws4_request"
SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
CHUNKS = [
    (b"a" * 65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
    (b"a" * 1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
    (b"", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
]


@pytest.mark.parametrize(
    ("method", "signature"),
    [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ],
)
def test_the_signature_test_suite(method: str, signature: str) -> None:
    http = HttpRequest(method, "example.amazonaws.com", "/", headers={"x-amz-date": "20150830T123600Z"})
    claim = Claim(
        *("AKIDEXAMPLE", "20150830", "us-east-1", "service", "aws4_request"),
        *("host;x-amz-date", signature, "20150830T123600Z"),
    )
    (canonical,) = canonical_requests(http, claim.signed_headers, EMPTY, like_s3=False)
    key = signing_key(SUITE_SECRET, claim.date, claim.region, claim.service)
    assert hmac_hex(key, string_to_sign(claim, canonical)) == signature


def hmac_hex(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def authorization(signed_headers: str, signature: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential={KEY}/{SCOPE_2013},SignedHeaders={signed_headers},Signature={signature}"


def test_get_object() -> None:
    signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    http = HttpRequest(
        "GET",
        "examplebucket.s3.amazonaws.com",
        "/test.txt",
        headers={
            "range": "bytes=0-9",
            "x-amz-date": "20130524T000000Z",
            "x-amz-content-sha256": EMPTY,
            "authorization": authorization("host;range;x-amz-content-sha256;x-amz-date", signature),
        },
    )
    assert authenticate(http, operation("s3", "GetObject"), a_cloud(MAY_2013)) == ALICE


def test_presigned_get_object() -> None:
    query = (
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2F"
        "aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )
    http = HttpRequest("GET", "examplebucket.s3.amazonaws.com", "/test.txt", query)
    assert authenticate(http, operation("s3", "GetObject"), a_cloud(MAY_2013 + 3600)) == ALICE


def chunked(chunks: list[tuple[bytes, str]]) -> bytes:
    return b"".join(b"%x;chunk-signature=%s\r\n%s\r\n" % (len(data), sig.encode(), data) for data, sig in chunks)


def chunked_put(body: bytes | io.BytesIO) -> HttpRequest:
    signed = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length"
    return HttpRequest(
        "PUT",
        "s3.amazonaws.com",
        "/examplebucket/chunkObject.txt",
        headers={
            "x-amz-date": "20130524T000000Z",
            "x-amz-storage-class": "REDUCED_REDUNDANCY",
            "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "content-encoding": "aws-chunked",
            "x-amz-decoded-content-length": "66560",
            "content-length": "66824",
            "authorization": authorization(f"{signed};x-amz-storage-class", SEED),
        },
        body=body,
    )


def test_chunked_put_object() -> None:
    body = chunked(CHUNKS)
    assert len(body) == 66824
    assert authenticate(chunked_put(body), operation("s3", "PutObject"), a_cloud(MAY_2013)) == ALICE


class Stream(io.BytesIO):
    """A body that cannot be read twice."""

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize("file", [io.BytesIO, Stream])
def test_chunked_put_object_from_a_file(file: type[io.BytesIO]) -> None:
    http = chunked_put(file(chunked(CHUNKS)))
    assert authenticate(http, operation("s3", "PutObject"), a_cloud(MAY_2013)) == ALICE
    assert http.read() == chunked(CHUNKS)


def test_a_bad_chunk_in_a_file_is_refused_at_once() -> None:
    body = chunked(CHUNKS).replace(b"aa", b"ab", 1)
    for http in (chunked_put(body), chunked_put(io.BytesIO(body))):
        with pytest.raises(ApiError, match="SignatureDoesNotMatch"):
            authenticate(http, operation("s3", "PutObject"), a_cloud(MAY_2013))


def test_a_bad_chunk_in_a_stream_is_refused_when_it_is_read() -> None:
    http = chunked_put(Stream(chunked(CHUNKS).replace(b"aa", b"ab", 1)))
    assert authenticate(http, operation("s3", "PutObject"), a_cloud(MAY_2013)) == ALICE
    with pytest.raises(ApiError, match="SignatureDoesNotMatch"):
        http.read()


def test_chunks_with_a_trailer() -> None:
    """Source: S3-API sigv4-streaming-trailers; the signature of the trailer is recomputed from its string to sign."""
    seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
    chunks = [
        (b"a" * 65536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"),
        (b"a" * 1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"),
    ]
    end = (
        b"0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
        b"x-amz-checksum-crc32c:sOO8/Q==\n\r\n"
        b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
    )
    key = signing_key(SECRET, "20130524", "us-east-1", "s3")
    body = io.BytesIO(chunked(chunks) + end)
    decoded = verify_chunks(
        body, ChunkSeed(key, "20130524T000000Z", SCOPE_2013, seed), decoded_length=66560, has_trailer=True
    )
    assert b"".join(decoded) == b"a" * 66560
