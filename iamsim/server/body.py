"""A request's body as it comes in, held once."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from typing import BinaryIO

from iamsim.protocol.aws_chunked import is_chunked

IN_MEMORY_BYTES = 1 << 20  # what a body in `aws-chunked` may have before it goes to a file


class Body:
    """Collects the pieces of one body.

    Most bodies are bytes in the end, made in place: S3's mock keeps that very object. One in `aws-chunked` encoding
    is decoded first, so that a large one goes to a temporary file and only what is decoded takes memory.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._is_decoded_later = is_chunked(headers)
        self._stream: BinaryIO = io.BytesIO()

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self._stream.write(piece)
        if self._is_decoded_later and isinstance(self._stream, io.BytesIO) and self._stream.tell() > IN_MEMORY_BYTES:
            file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
            file.write(self._stream.getbuffer())
            self._stream = file

    def content(self) -> bytes | BinaryIO:
        """The whole body: bytes, or a file that stands at its start."""
        if isinstance(self._stream, io.BytesIO):
            return self._stream.getvalue()
        self._stream.seek(0)
        return self._stream

    def close(self) -> None:
        """Let go of it."""
        self._stream.close()
