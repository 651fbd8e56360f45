"""A request's body as it comes in: small ones in memory, large ones in a temporary file."""

from __future__ import annotations

import tempfile
from typing import BinaryIO

IN_MEMORY_BYTES = 1 << 20  # what a body may have before it goes to a file


class Body:
    """Collects the pieces of one body. Invariant: no piece is held twice; of a large body none stays in memory."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size_bytes = 0
        self._file: BinaryIO | None = None

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._file is not None:
            self._file.write(piece)
            return
        self._pieces.append(piece)
        self._size_bytes += len(piece)
        if self._size_bytes > IN_MEMORY_BYTES:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
            self._file.writelines(self._pieces)
            self._pieces.clear()

    def content(self) -> bytes | BinaryIO:
        """The whole body: bytes, or a file that stands at its start."""
        if self._file is not None:
            self._file.seek(0)
            return self._file
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def close(self) -> None:
        """Let go of the file, if there is one."""
        if self._file is not None:
            self._file.close()
