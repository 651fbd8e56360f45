"""What the server's process needs for a large upload: the object, once, and not much beside it."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.server.test_serve_command import Running

SIZE, PIECE = 64 << 20, 1 << 20
CRC32 = "susw7Q=="  # of so many zeros. Without it the mock works out CRC-64, which takes its time
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")


@pytest.fixture
def server() -> Iterator[Running]:
    running = Running("--enforce", "never")
    yield running
    running.close()


def peak_bytes(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def send(url: str, head: str, pieces: Iterator[bytes]) -> str:
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(f"PUT /bucket/key HTTP/1.1\r\nHost: {host}\r\n{head}\r\n\r\n".encode())
        for piece in pieces:
            connection.sendall(piece)
        return connection.recv(4096).decode().partition("\r\n")[0]


def plain() -> tuple[str, Iterator[bytes]]:
    return f"Content-Length: {SIZE}", (bytes(PIECE) for _ in range(SIZE // PIECE))


def chunked() -> tuple[str, Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        for _ in range(SIZE // PIECE):
            yield b"%x\r\n%s\r\n" % (PIECE, bytes(PIECE))
        yield b"0\r\n\r\n"

    length = sum(len(b"%x\r\n\r\n" % PIECE) + PIECE for _ in range(SIZE // PIECE)) + 5
    head = f"Content-Length: {length}\r\nContent-Encoding: aws-chunked\r\nx-amz-decoded-content-length: {SIZE}"
    return f"{head}\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER", pieces()


@pytest.mark.parametrize("upload", [plain, chunked])
def test_a_large_upload_is_held_once(server: Running, upload: Callable[[], tuple[str, Iterator[bytes]]]) -> None:
    assert requests.put(f"{server.url}/bucket", timeout=30).status_code == 200
    before = peak_bytes(server.process.pid)
    head, pieces = upload()
    assert send(server.url, f"{head}\r\nx-amz-checksum-crc32: {CRC32}", pieces).startswith("HTTP/1.1 200")
    assert SIZE <= peak_bytes(server.process.pid) - before < 1.4 * SIZE
