"""Bodies in S3's `aws-chunked` encoding: chunks with or without signatures, and trailers. Checks no signature.

Source: Amazon S3 API reference, sigv4-streaming and sigv4-streaming-trailers.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import BinaryIO, NamedTuple

from iamsim.errors import ApiError
from iamsim.request import HttpRequest

LONGEST_LINE = 16 * 1024
PIECE = 1 << 20  # how much is copied at a time


class Unchunked(NamedTuple):
    """The payload, and the trailers by their names in lower case."""

    payload: bytes
    trailers: Mapping[str, str]


def is_chunked(headers: Mapping[str, str]) -> bool:
    """Whether the body is in chunks: said by the payload hash, or by the content encoding alone."""
    payload = headers.get("x-amz-content-sha256", "")
    if payload.startswith("STREAMING-") and not payload.endswith("-EVENTS"):  # events are no chunks
        return True
    return "x-amz-decoded-content-length" in headers and "aws-chunked" in headers.get("content-encoding", "")


def unchunked(http: HttpRequest) -> Unchunked:
    """The decoded body. A body that is a file is decoded piece by piece and left where it was.

    Raises ApiError `IncompleteBody` for a body that ends too early, `InvalidRequest` for one that is not in chunks.
    """
    body = http.body
    if isinstance(body, bytes) or not http.can_rewind:
        return _decode(io.BytesIO(http.read()))
    start = body.tell()
    try:
        return _decode(body)
    finally:
        body.seek(start)


def _decode(stream: BinaryIO) -> Unchunked:
    payload = io.BytesIO()
    while True:
        size = _chunk_size(_line(stream))
        if size == 0:
            return Unchunked(payload.getvalue(), _trailers(stream))
        left = size
        while left:
            piece = stream.read(min(left, PIECE))
            if not piece:
                raise _incomplete()
            payload.write(piece)
            left -= len(piece)
        if _line(stream):
            raise ApiError("The chunk is longer than it says", code="InvalidRequest", status=400)


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise _incomplete()
    return line.rstrip(b"\r\n")


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
        raise ApiError("The chunk size is not a hexadecimal number", code="InvalidRequest", status=400)
    return int(digits, 16)


def _trailers(stream: BinaryIO) -> dict[str, str]:
    trailers: dict[str, str] = {}
    while line := stream.readline(LONGEST_LINE).strip():
        name, _, value = line.decode("latin-1").partition(":")
        trailers[name.strip().lower()] = value.strip()
    return trailers


def _incomplete() -> ApiError:
    message = "The request body terminated unexpectedly"
    return ApiError(message, code="IncompleteBody", status=400)
