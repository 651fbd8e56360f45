"""Bodies while they come in."""

from __future__ import annotations

import pytest

from iamsim.server.body import IN_MEMORY_BYTES, Body

CHUNKED = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
LARGE = [b"x" * IN_MEMORY_BYTES, b"y", b"z"]


@pytest.mark.parametrize("pieces", [[], [b"a", b"b"], LARGE])
def test_most_are_bytes(pieces: list[bytes]) -> None:
    body = Body({})
    for piece in pieces:
        body.add(piece)
    content = body.content()
    assert content == b"".join(pieces)
    assert body.content() is content  # one and the same, not a copy
    body.close()
    assert content == b"".join(pieces)


def test_large_ones_that_are_decoded_later_are_files() -> None:
    body = Body(CHUNKED)
    for piece in LARGE:
        body.add(piece)
    file = body.content()
    assert not isinstance(file, bytes)
    assert file.seekable()
    assert file.read() == b"".join(LARGE)
    body.close()
    assert file.closed


def test_small_ones_never_are() -> None:
    body = Body(CHUNKED)
    body.add(b"0\r\n\r\n")
    assert body.content() == b"0\r\n\r\n"
