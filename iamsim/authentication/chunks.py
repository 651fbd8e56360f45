"""Bodies in signed chunks (`Content-Encoding: aws-chunked`): each chunk's signature covers the one before it.

    hex-size;chunk-signature=<64 hex>\\r\\n<data>\\r\\n ... 0;chunk-signature=<64 hex>\\r\\n[trailers]\\r\\n

In version 4A the signatures are of different lengths, and filled up with `*` to one.

Source: S3-API sigv4-streaming, sigv4-streaming-trailers; facts 4.2.
"""

from __future__ import annotations

import hmac
import io
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import BinaryIO, NamedTuple

from iamsim.authentication.failures import Failure, Family, refusal, s3_error
from iamsim.errors import ApiError

CHUNK_LINE = re.compile(rb"([0-9a-fA-F]{1,8});chunk-signature=([0-9a-f]{64}|[0-9a-f]{2,144}\**)")
PADDING = "*"  # of version 4A
BLANKS = " \t"
EMPTY_HASH = sha256(b"").hexdigest()
MAX_LINE_BYTES = 16 * 1024
MAX_TRAILERS = 64
MIN_CHUNK_BYTES = 8 * 1024  # of every chunk but the last
BLOCK_BYTES = 64 * 1024


class ChunkSeed(NamedTuple):
    """What the signatures of the chunks start from."""

    key: bytes  # the signing key; in version 4A there is none
    timestamp: str
    scope: str
    signature: str  # of the request's headers
    algorithm: str = "AWS4-HMAC-SHA256"
    is_signed: Callable[[bytes, str], bool] | None = None  # version 4A: whether that signature is one of that text

    def proves(self, text: str, signature: str) -> bool:
        """Whether `signature` is one of `text`."""
        if self.is_signed is not None:
            return self.is_signed(text.encode(), signature)
        return hmac.compare_digest(hmac.digest(self.key, text.encode(), "sha256").hex().encode(), signature.encode())


class ChunkVerifier:
    """Decodes and verifies a body piece by piece; it never holds more than a line and the piece it was given.

    Invariant: data of a chunk may be handed out before its signature is seen; what was handed out counts only once
    `finish` has returned.
    """

    def __init__(self, seed: ChunkSeed, decoded_length: int | None = None, has_trailer: bool = False) -> None:
        self._seed = seed
        self._previous = seed.signature
        self._decoded_length = decoded_length
        self._has_trailer = has_trailer
        self._line = b""  # the beginning of a line of which the end has not come yet
        self._left = 0  # bytes of data still to come in this chunk
        self._digest = sha256()
        self._claimed = ""  # the signature of this chunk
        self._decoded = 0
        self._small_chunks = 0
        self._read = self._read_chunk_line  # what the next line is
        self._trailers: list[str] = []
        self._is_complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded data in the next bytes of the body. Raises SignatureDoesNotMatch at the end of a bad chunk."""
        at = 0
        while at < len(data):
            if self._left:
                piece = data[at : at + self._left]
                at += len(piece)
                self._take(piece)
                yield piece
                continue
            end = data.find(b"\n", at)
            if end < 0:
                self._line += data[at:]
                if len(self._line) > MAX_LINE_BYTES:
                    raise incomplete()
                return
            line, self._line = self._line + data[at:end], b""
            at = end + 1
            self._read(line.removesuffix(b"\r"))

    def finish(self) -> None:
        """Raises IncompleteBody unless the body ended where it should."""
        if not self._is_complete or self._line.strip():
            raise incomplete()
        if self._decoded_length is not None and self._decoded != self._decoded_length:
            raise incomplete()

    def _read_chunk_line(self, line: bytes) -> None:
        match = CHUNK_LINE.fullmatch(line)
        if match is None:
            raise incomplete()
        self._left, self._claimed = int(match[1], 16), match[2].decode()
        self._digest = sha256()
        if self._left:
            if self._small_chunks:
                raise s3_error(
                    "InvalidChunkSizeError",
                    403,
                    f"Only the last chunk is allowed to have a size less than {MIN_CHUNK_BYTES} bytes",
                )
            self._small_chunks += self._left < MIN_CHUNK_BYTES
            self._read = self._read_end_of_data
        else:
            self._check_chunk()
            self._is_complete = not self._has_trailer
            self._read = self._read_trailer if self._has_trailer else self._read_end_of_body

    def _take(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._left -= len(piece)
        self._decoded += len(piece)
        if not self._left:
            self._check_chunk()

    def _check_chunk(self) -> None:
        self._check("PAYLOAD", f"{EMPTY_HASH}\n{self._digest.hexdigest()}", self._claimed)

    def _read_end_of_data(self, line: bytes) -> None:
        if line:
            raise incomplete()
        self._read = self._read_chunk_line

    def _read_end_of_body(self, line: bytes) -> None:
        if line:
            raise incomplete()

    def _read_trailer(self, line: bytes) -> None:
        if not line:
            return
        name, _, value = line.decode(errors="replace").partition(":")
        value = value.strip(BLANKS)
        if name.lower() != "x-amz-trailer-signature":
            self._trailers.append(f"{name.lower().strip()}:{value}\n")
            if len(self._trailers) > MAX_TRAILERS:
                raise incomplete()
            return
        self._check("TRAILER", sha256("".join(self._trailers).encode()).hexdigest(), value)
        self._is_complete = True
        self._read = self._read_end_of_body

    def _check(self, kind: str, hashes: str, claimed: str) -> None:
        seed = self._seed
        text = f"{seed.algorithm}-{kind}\n{seed.timestamp}\n{seed.scope}\n{self._previous}\n{hashes}"
        signature = claimed.rstrip(PADDING) if seed.is_signed is not None else claimed
        if not seed.proves(text, signature):
            raise refusal(Failure.MISMATCH, Family.S3, StringToSign=text, SignatureProvided=claimed)
        self._previous = signature


def verify_chunks(
    stream: BinaryIO, seed: ChunkSeed, *, decoded_length: int | None = None, has_trailer: bool = False
) -> Iterator[bytes]:
    """The decoded data of a body of signed chunks, read and verified in blocks. See ChunkVerifier's invariant."""
    verifier = ChunkVerifier(seed, decoded_length, has_trailer)
    while block := stream.read(BLOCK_BYTES):
        yield from verifier.feed(block)
    verifier.finish()


class CheckedBody(io.RawIOBase):
    """A body of signed chunks, as sent, that is verified while somebody reads it."""

    def __init__(self, stream: BinaryIO, verifier: ChunkVerifier) -> None:
        super().__init__()
        self._stream = stream
        self._verifier = verifier

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: a private buffer protocol
        block = self._stream.read(len(buffer))
        if block:
            for _ in self._verifier.feed(block):
                pass
        elif len(buffer):
            self._verifier.finish()
        buffer[: len(block)] = block
        return len(block)


def incomplete() -> ApiError:
    """S3's error for a body that does not end, or whose chunks cannot be read."""
    return s3_error("IncompleteBody", 400, "The request body terminated unexpectedly")
