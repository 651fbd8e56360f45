"""Bodies while they come in."""

from __future__ import annotations

import pytest

from iamsim.server.body import IN_MEMORY_BYTES, Body


def test_a_single_piece_is_not_copied() -> None:
    body, piece = Body(), b"x" * 100
    body.add(piece)
    assert body.content() is piece


@pytest.mark.parametrize("pieces", [[], [b"a", b"b"], [b"x" * IN_MEMORY_BYTES]])
def test_small_ones_are_bytes(pieces: list[bytes]) -> None:
    body = Body()
    for piece in pieces:
        body.add(piece)
    assert body.content() == b"".join(pieces)
    body.close()


def test_large_ones_are_files() -> None:
    body = Body()
    for piece in (b"x" * IN_MEMORY_BYTES, b"y", b"z"):
        body.add(piece)
    file = body.content()
    assert not isinstance(file, bytes)
    assert file.seekable()
    assert file.read() == b"x" * IN_MEMORY_BYTES + b"yz"
    body.close()
    assert file.closed
