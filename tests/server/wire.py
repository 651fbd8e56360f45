"""A plain connection to a server: what is sent is what a test says, to the byte."""

from __future__ import annotations

import socket
from http.client import HTTPResponse
from typing import NamedTuple


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> bytes:
        """What comes next; nothing once the server has closed."""
        return self.socket.recv(65536)

    def answer(self, method: str = "GET") -> Answer:
        """The next answer. Its request must have been the only one under way."""
        response = HTTPResponse(self.socket, method=method)
        try:
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())
        finally:
            response.close()

    def ask(self, data: bytes) -> Answer:
        self.send(data)
        return self.answer(data.split(b" ", 1)[0].decode("latin-1"))

    def close(self) -> None:
        self.socket.close()


def request(method: str, target: str, *headers: str, body: bytes = b"", host: str = "127.0.0.1") -> bytes:
    """A request, unsigned. The length of `body` is said if there is one and no header speaks of it."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers]
    said = any(line.lower().startswith(("content-length:", "transfer-encoding:")) for line in headers)
    if not said and (body or method in ("PUT", "POST")):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
