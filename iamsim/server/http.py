"""The way in over HTTP: an ASGI application, since ASGI keeps what WSGI loses.

SigV4 signs the path and the header names as they were sent. ASGI hands over the raw path (`%2F` and `//` survive) and
the raw header names; WSGI turns `-` and `_` into the same character, so that `x-amz-meta-my_key` cannot be verified.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

from iamsim.request import HttpRequest, HttpResponse
from iamsim.server.body import Body
from iamsim.server.front import Front
from iamsim.server.workers import Workers

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PIECE_BYTES = 1 << 20  # how much of an answer is given to the transport at a time
NOT_IN_A_VALUE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")  # RFC 9110, section 5.5
WITHOUT_BODY = (204, 304)


class HttpApplication:
    """The ASGI application: reads a request, has `front` answer it in a thread, and sends the answer."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.workers = Workers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. A client that leaves before its request is complete gets no answer."""
        if scope["type"] != "http":
            return
        headers = _headers(scope)
        body = Body(headers)
        try:
            if await _receive(body, receive):
                response = await self._answer(_request(scope, headers, body))
                await self._send(response, scope["method"], send)
        except asyncio.CancelledError:
            pass  # the server stops before the client has sent or read all: the connection is closed
        finally:
            body.close()

    async def _answer(self, http: HttpRequest) -> HttpResponse:
        try:
            return await self.workers.run(self.front.answer, http)
        except asyncio.CancelledError:  # the server stops, and this call, a long poll perhaps, does not end
            return HttpResponse(503, {"Connection": "close"}, b"")

    async def _send(self, response: HttpResponse, method: str, send: Send) -> None:
        body = response.body
        headers = [(name.encode("latin-1"), _value(value)) for name, value in response.headers.items()]
        has_body = method != "HEAD" and response.status not in WITHOUT_BODY
        if isinstance(body, bytes) and has_body and not any(name.lower() == b"content-length" for name, _ in headers):
            headers.append((b"Content-Length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        if not has_body:
            await send({"type": "http.response.body"})
        elif isinstance(body, bytes):
            for at in range(0, max(len(body), 1), PIECE_BYTES):
                end = at + PIECE_BYTES
                await send({"type": "http.response.body", "body": body[at:end], "more_body": end < len(body)})
                if end < len(body):
                    await asyncio.sleep(0)  # lets the loop see that the client has left
        else:
            await self._send_stream(body, send)

    async def _send_stream(self, pieces: Iterator[bytes], send: Send) -> None:
        """Each piece goes out when it is there; to make the next one may take its time, so it is done in a thread."""
        while (piece := await self.workers.run(next, pieces, None)) is not None:
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})


async def _receive(body: Body, receive: Receive) -> bool:
    """Read the body to its end. False: the client left before."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        if piece := message.get("body"):
            body.add(piece)
        if not message.get("more_body"):
            return True


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def _request(scope: Scope, headers: dict[str, str], body: Body) -> HttpRequest:
    client, server = scope.get("client"), scope.get("server")
    return HttpRequest(
        method=scope["method"],
        host=headers.get("host") or (f"{server[0]}:{server[1]}" if server else "localhost"),
        path=scope["raw_path"].decode("latin-1") or "/",
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body.content(),
        scheme=scope["scheme"],
        source_ip=client[0] if client else "127.0.0.1",
    )


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()


def _value(text: str) -> bytes:
    """A header's value on the wire. A line break, which a caller can ask for in S3's `response-*`, becomes a blank."""
    return NOT_IN_A_VALUE.sub(b" ", str(text).encode("utf-8"))
