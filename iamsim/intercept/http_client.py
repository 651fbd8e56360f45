"""The way in for the standard library's `http.client`, and `urllib.request` above it.

A connection to one of AWS's hosts gets an object in place of its socket, which takes the bytes of a request and has
those of the answer. Everything else that http.client does, it does itself.
"""

from __future__ import annotations

import io
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection, parse_headers
from typing import Any
from urllib.parse import urlsplit

from iamsim.intercept.exchange import NO_METADATA, Handle, body_of, request_of
from iamsim.intercept.hosts import is_aws
from iamsim.intercept.patches import Patches
from iamsim.metadata import NotOnAws, is_metadata_host
from iamsim.request import HttpResponse


class Socket:
    """What `http.client` needs of a socket: takes one request, and has its answer."""

    def __init__(self, handle: Handle, scheme: str, host: str) -> None:
        self._handle = handle
        self._scheme = scheme
        self._host = host
        self._sent = bytearray()

    def sendall(self, data: Any) -> None:
        """Take a part of the request."""
        self._sent += data

    def makefile(self, *_: Any, **__: Any) -> io.BufferedIOBase:
        """The answer to what was sent, as bytes."""
        sent = io.BytesIO(bytes(self._sent))
        self._sent.clear()
        method, target, _version = sent.readline().decode("latin-1").split(" ", 2)
        fields: dict[str, str] = {}
        for name, value in parse_headers(sent).items():
            key = name.lower()
            fields[key] = f"{fields[key]},{value}" if key in fields else value
        body = _unchunked(sent) if fields.pop("transfer-encoding", "").lower() == "chunked" else sent.read()
        url = target if target.startswith(("http://", "https://")) else f"{self._scheme}://{self._host}{target}"
        return io.BytesIO(_bytes(self._handle(request_of(method, url, fields, body))))

    def settimeout(self, timeout: float | None) -> None:
        """Nothing to wait for."""

    def close(self) -> None:
        """Nothing to give back."""


def intercept(handle: Handle, patches: Patches) -> None:
    """Let `handle` answer the requests that connections to AWS's hosts are asked to make."""
    original = HTTPConnection.putrequest

    def putrequest(self: Any, method: str, url: str, *args: Any, **options: Any) -> None:
        through_proxy = urlsplit(url) if url.startswith(("http://", "https://")) else None
        host = through_proxy.netloc if through_proxy else self._tunnel_host or self.host
        if is_aws(host):
            scheme = "https" if isinstance(self, HTTPSConnection) else "http"
            if is_metadata_host(host):  # nobody may be there, which shows when one connects
                try:
                    handle(request_of("GET", f"{scheme}://{host}/", {}, b""))
                except NotOnAws:
                    raise ConnectionRefusedError(NO_METADATA) from None
            self.sock = Socket(handle, scheme, host)
        original(self, method, url, *args, **options)

    patches.set(HTTPConnection, "putrequest", putrequest)


def _unchunked(stream: io.BytesIO) -> bytes:
    pieces = []
    while size := int(stream.readline().split(b";")[0], 16):
        pieces.append(stream.read(size))
        stream.readline()
    return b"".join(pieces)


def _bytes(response: HttpResponse) -> bytes:
    """The answer as HTTP/1.1; the connection ends with it, so that none outlives the simulator."""
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    lines = [f"HTTP/1.1 {response.status} {reason}"]
    lines += [
        f"{name}: {value}"
        for name, value in response.headers.items()
        if name.lower() not in ("transfer-encoding", "connection")
    ]
    head = "\r\n".join([*lines, "Connection: close", "", ""])
    return head.encode("utf-8") + body_of(response)
