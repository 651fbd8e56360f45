"""Bodies in signed chunks, however they are cut. Source: S3-API sigv4-streaming; facts 4.2."""

from __future__ import annotations

import hmac
import io
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.authentication.chunks import CheckedBody, ChunkSeed, ChunkVerifier, verify_chunks
from iamsim.errors import ApiError

SEED = ChunkSeed(b"key", "20130524T000000Z", "20130524/us-east-1/s3/aws4_request", "0" * 64)
EMPTY = sha256(b"").hexdigest()
FULL = 8 * 1024


def sign(kind: str, previous: str, hashes: str) -> str:
    text = f"AWS4-HMAC-SHA256-{kind}\n{SEED.timestamp}\n{SEED.scope}\n{previous}\n{hashes}"
    return hmac.digest(SEED.key, text.encode(), "sha256").hex()


def encoded(chunks: list[bytes], trailer: str = "") -> bytes:
    previous, parts = SEED.signature, []
    for chunk in [*chunks, b""]:
        previous = sign("PAYLOAD", previous, f"{EMPTY}\n{sha256(chunk).hexdigest()}")
        parts.append(b"%x;chunk-signature=%s\r\n" % (len(chunk), previous.encode()) + (chunk and chunk + b"\r\n"))
    if trailer:
        signature = sign("TRAILER", previous, sha256(f"{trailer}\n".encode()).hexdigest())
        parts.append(f"{trailer}\r\nx-amz-trailer-signature:{signature}\r\n".encode())
    return b"".join(parts) + b"\r\n"


def decoded(body: bytes, *, length: int | None = None, has_trailer: bool = False) -> bytes:
    return b"".join(verify_chunks(io.BytesIO(body), SEED, decoded_length=length, has_trailer=has_trailer))


def refusal_of(body: bytes, *, length: int | None = None, has_trailer: bool = False) -> tuple[str, int | None]:
    with pytest.raises(ApiError) as caught:
        decoded(body, length=length, has_trailer=has_trailer)
    return caught.value.code, caught.value.status


CHUNKS = [b"\r\n" * (FULL // 2), b"b" * FULL, b"c" * 10]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 17000), max_size=12), trailer=st.sampled_from(["", "x-amz-checksum-crc32:AAAAAA=="])
)
def test_it_does_not_matter_how_the_body_is_cut(cuts: list[int], trailer: str) -> None:
    body, verifier = encoded(CHUNKS, trailer), ChunkVerifier(SEED, None, bool(trailer))
    found: list[bytes] = []
    edges = [0, *sorted(cuts), len(body)]
    for start, end in pairwise(edges):
        found += verifier.feed(body[start:end])
    verifier.finish()
    assert b"".join(found) == b"".join(CHUNKS)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(at=st.integers(0, FULL * 2 + 300))
def test_one_changed_byte_is_refused(at: int) -> None:
    body = bytearray(encoded(CHUNKS, "x-amz-checksum-crc32:AAAAAA=="))
    body[at] ^= 1
    with pytest.raises(ApiError):
        decoded(bytes(body), has_trailer=True)


def test_bad_chunk() -> None:
    assert refusal_of(encoded([b"a" * 10]).replace(b"aaaa", b"aaab")) == ("SignatureDoesNotMatch", 403)


def test_bad_trailer() -> None:
    body = encoded([b"a" * 10], "x-amz-checksum-crc32:AAAAAA==").replace(b"AAAAAA", b"AAAAAB")
    assert refusal_of(body, has_trailer=True) == ("SignatureDoesNotMatch", 403)


@pytest.mark.parametrize("end", [b"", b"0"])
def test_a_body_that_ends_early(end: bytes) -> None:
    body = encoded([b"a" * 10])
    assert refusal_of(body[: body.index(b"\r\n0;") + 2] + end) == ("IncompleteBody", 400)


def test_a_trailer_that_does_not_come() -> None:
    assert refusal_of(encoded([b"a" * 10]), has_trailer=True) == ("IncompleteBody", 400)


def test_another_length_than_announced() -> None:
    assert decoded(encoded([b"a" * 10]), length=10) == b"a" * 10
    assert refusal_of(encoded([b"a" * 10]), length=11) == ("IncompleteBody", 400)


def test_only_the_last_chunk_may_be_small() -> None:
    assert refusal_of(encoded([b"a" * 10, b"b" * 10])) == ("InvalidChunkSizeError", 403)


def test_a_line_without_end_is_not_kept() -> None:
    assert refusal_of(b"1" * (1 << 20)) == ("IncompleteBody", 400)


def test_a_file_is_verified_while_it_is_read() -> None:
    good, bad = encoded(CHUNKS), encoded(CHUNKS).replace(b"cccc", b"cccd")
    assert CheckedBody(io.BytesIO(good), ChunkVerifier(SEED)).read() == good
    with pytest.raises(ApiError, match="SignatureDoesNotMatch"):
        CheckedBody(io.BytesIO(bad), ChunkVerifier(SEED)).read()
