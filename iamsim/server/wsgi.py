"""The simulated AWS as a WSGI application, to be run by a WSGI server of one's own.

WSGI cannot tell `-` from `_` in a header's name: S3 metadata with `_` in its keys needs `iamsim serve` or ServerThread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from iamsim.request import HttpRequest
from iamsim.server.body import Body
from iamsim.server.front import Front
from iamsim.simulator import Simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

RAW_TARGETS = ("REQUEST_URI", "RAW_URI")  # where WSGI servers put the request target as it was sent
PIECE_BYTES = 1 << 16


def create_app(simulator: Simulator | None = None) -> WSGIApplication:
    """The WSGI application that answers for `simulator`; without one, for a new one that the environment switches."""
    front = Front(simulator)

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        headers = _headers(environ)
        if "transfer-encoding" in headers and not environ.get("wsgi.input_terminated"):
            # nobody says where such a body ends
            start_response("411 Length Required", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        body = Body(headers)
        try:
            for piece in _pieces(environ):
                body.add(piece)
            http = _request(environ, headers, body)
            response = front.answer(http)
        finally:
            body.close()
        told = dict(response.headers)
        if isinstance(response.body, bytes) and http.method != "HEAD" and response.status not in (204, 304):
            told.setdefault("Content-Length", str(len(response.body)))
        start_response(f"{response.status} {_phrase(response.status)}", [*told.items()])
        return [response.body] if isinstance(response.body, bytes) else response.body

    return application


def _pieces(environ: dict[str, Any]) -> Iterator[bytes]:
    """The body. Its length is said, or the server ends the stream where a chunked body ends."""
    read: Callable[[int], bytes] = environ["wsgi.input"].read
    if length := environ.get("CONTENT_LENGTH"):
        left = int(length)
        while left and (piece := read(min(left, PIECE_BYTES))):
            left -= len(piece)
            yield piece
    elif environ.get("wsgi.input_terminated"):
        while piece := read(PIECE_BYTES):
            yield piece


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return headers


def _request(environ: dict[str, Any], headers: dict[str, str], body: Body) -> HttpRequest:
    path, query = _target(environ)
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        host=headers.get("host") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        path=path,
        query=query,
        headers=headers,
        body=body.content(),
        scheme=environ.get("wsgi.url_scheme", "http"),
        source_ip=environ.get("REMOTE_ADDR") or "127.0.0.1",
    )


def _target(environ: dict[str, Any]) -> tuple[str, str]:
    """Path and query as sent. A server that does not keep them has decoded the path: then it is encoded afresh."""
    raw = next((environ[name] for name in RAW_TARGETS if environ.get(name)), None)
    if raw is None:
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        return quote(path.encode("latin-1"), safe="/~") or "/", environ.get("QUERY_STRING", "")
    if not raw.startswith("/"):  # the absolute form: http://host/path
        url = urlsplit(raw)
        return url.path or "/", url.query
    path, _, query = raw.partition("?")
    return path, query


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
