"""The body of a request as its protocol wrote it."""

from __future__ import annotations

import zlib

from iamsim.protocol.malformed import Malformed
from iamsim.request import HttpRequest

MAX_BODY_BYTES = 1 << 30  # what a compressed body may grow to


def uncompressed(http: HttpRequest) -> bytes:
    """The body, decompressed if the request says `Content-Encoding: gzip`. Raises Malformed."""
    body = http.read()
    if http.headers.get("content-encoding", "").strip().lower() != "gzip":
        return body
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(body, MAX_BODY_BYTES)
    except zlib.error as problem:
        raise Malformed(f"The request body is not valid gzip: {problem}") from None
    if not stream.eof:
        raise Malformed("The compressed request body is truncated or too large")
    return plain
