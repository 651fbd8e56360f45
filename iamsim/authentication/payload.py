"""How the body is covered by a signature: hashed, in signed chunks, or not at all (A-33, facts 4.2)."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO, cast

from iamsim.authentication.chunks import CheckedBody, ChunkSeed, ChunkVerifier
from iamsim.authentication.failures import Family, s3_error
from iamsim.authentication.scheme import Scheme
from iamsim.request import HttpRequest

UNSIGNED = "UNSIGNED-PAYLOAD"
UNSIGNED_CHUNKS = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_CHUNKS_AND_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
SIGNED_EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
V4A_CHUNKS = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
V4A_CHUNKS_AND_TRAILER = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"

EMPTY_HASH = sha256(b"").hexdigest()
HASH = re.compile(r"[0-9a-fA-F]{64}")
BLOCK_BYTES = 1 << 20


def payload_hash(http: HttpRequest, scheme: Scheme, *, default: str | None = None) -> str:
    """The last line of the canonical request. `default` is S3's for a request without `x-amz-content-sha256`."""
    claimed = http.headers.get("x-amz-content-sha256")
    if scheme.signs_like_s3:
        claimed = claimed or default
        if claimed is not None:
            return claimed
        if scheme.family is Family.S3:
            raise s3_error("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256")
    elif claimed in (UNSIGNED, UNSIGNED_CHUNKS) and scheme.body_may_be_unsigned:
        return claimed
    elif claimed == SIGNED_EVENTS and scheme.has_event_stream:
        return SIGNED_EVENTS
    body = http.read()
    return sha256(body).hexdigest() if body else EMPTY_HASH


def check_payload(http: HttpRequest, claimed: str, seed: ChunkSeed) -> None:
    """Refuse a body that is not the one which S3's header `x-amz-content-sha256` describes.

    A file is read through and left where it was. Signed chunks in a stream that cannot be rewound are checked while
    somebody reads them: `http.body` then raises the error.
    """
    if claimed in (UNSIGNED, UNSIGNED_CHUNKS):
        return
    chunks = (SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER)
    if seed.is_signed is not None:
        chunks = (V4A_CHUNKS, V4A_CHUNKS_AND_TRAILER)
    if claimed in chunks:
        _check_chunks(http, ChunkVerifier(seed, _decoded_length(http), claimed.endswith("-TRAILER")))
    elif HASH.fullmatch(claimed):
        computed = _hash_of(http)
        if computed != claimed.lower():
            raise s3_error(
                "XAmzContentSHA256Mismatch",
                400,
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                ClientComputedContentSHA256=claimed,
                S3ComputedContentSHA256=computed,
            )
    else:
        raise s3_error(
            "InvalidArgument",
            400,
            f"x-amz-content-sha256 must be {UNSIGNED}, {UNSIGNED_CHUNKS}, {SIGNED_CHUNKS}, "
            f"{SIGNED_CHUNKS_AND_TRAILER}, {V4A_CHUNKS}, {V4A_CHUNKS_AND_TRAILER} or a valid sha256 value.",
            ArgumentName="x-amz-content-sha256",
            ArgumentValue=claimed,
        )


def _check_chunks(http: HttpRequest, verifier: ChunkVerifier) -> None:
    body = http.body
    if isinstance(body, bytes):
        _consume(BytesIO(body), verifier)
    elif http.can_rewind:
        start = body.tell()
        _consume(body, verifier)
        body.seek(start)
    else:
        http.body = cast(BinaryIO, CheckedBody(body, verifier))


def _consume(stream: BinaryIO, verifier: ChunkVerifier) -> None:
    while block := stream.read(BLOCK_BYTES):
        for _ in verifier.feed(block):
            pass
    verifier.finish()


def _decoded_length(http: HttpRequest) -> int:
    length = http.headers.get("x-amz-decoded-content-length", "")
    if not length.isdecimal():
        raise s3_error("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")
    return int(length)


def _hash_of(http: HttpRequest) -> str:
    body = http.body
    if isinstance(body, bytes):
        return sha256(body).hexdigest() if body else EMPTY_HASH
    return _hash_of_file(body) if http.can_rewind else sha256(http.read()).hexdigest()


def _hash_of_file(file: BinaryIO) -> str:
    start, digest = file.tell(), sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    file.seek(start)
    return digest.hexdigest()
