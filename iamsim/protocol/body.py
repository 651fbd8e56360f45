"""The body of a request as its protocol wrote it."""

from __future__ import annotations

import zlib

from iamsim.errors import ApiError
from iamsim.protocol.aws_chunked import is_chunked, unchunked
from iamsim.protocol.malformed import Malformed
from iamsim.request import HttpRequest

MAX_BODY_BYTES = 64 << 20  # what a compressed body may grow to; no document of AWS's comes near it


def uncompressed(http: HttpRequest) -> bytes:
    """The body as it was before its `Content-Encoding`: `gzip`, `aws-chunked` or both. Raises Malformed."""
    encodings = http.headers.get("content-encoding", "").lower()
    body = http.read()
    if is_chunked(http.headers):
        try:
            body = unchunked(http).payload
        except ApiError as problem:
            raise Malformed(problem.message) from None
    return _inflated(body) if "gzip" in encodings else body


def _inflated(body: bytes) -> bytes:
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(body, MAX_BODY_BYTES)
    except zlib.error as problem:
        raise Malformed(f"The request body is not valid gzip: {problem}") from None
    if not stream.eof:
        raise Malformed("The compressed request body is truncated or too large")
    return plain
