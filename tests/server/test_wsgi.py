"""The WSGI application, as several servers would call it."""

from __future__ import annotations

import io
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from iamsim.request import HttpRequest, HttpResponse
from iamsim.server import create_app
from iamsim.simulator import Simulator
from tests.server.stand_in import Answering


def call(app: Any, **environ: Any) -> tuple[str, dict[str, str], bytes]:
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Any:
        started[:] = [status, dict(headers)]

    full = {"PATH_INFO": "/", "QUERY_STRING": "", "SCRIPT_NAME": "", "REMOTE_ADDR": "192.0.2.7", **environ}
    setup_testing_defaults(full)
    answer: Any = validator(app)(full, start_response)
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    return started[0], started[1], body


def seen(**environ: Any) -> HttpRequest:
    """The request that comes out of `environ`."""
    found: list[HttpRequest] = []

    def answer(http: HttpRequest) -> HttpResponse:
        http.read()
        found.append(http)
        return HttpResponse(200, {"Content-Type": "text/plain"}, b"")

    call(create_app(Answering(answer)), **environ)
    return found[0]


@pytest.mark.parametrize(
    ("environ", "path", "query"),
    [
        ({"REQUEST_URI": "//a%2Fb?c=%2F", "PATH_INFO": "//a/b"}, "//a%2Fb", "c=%2F"),
        ({"RAW_URI": "/a%20b", "PATH_INFO": "/a b"}, "/a%20b", ""),
        ({"REQUEST_URI": "http://host/a%2Fb?c", "PATH_INFO": "/a/b"}, "/a%2Fb", "c"),
        ({"PATH_INFO": "/a b/\u00c3\u00bc", "QUERY_STRING": "c=d"}, "/a%20b/%C3%BC", "c=d"),
        ({"PATH_INFO": ""}, "/", ""),
    ],
)
def test_the_path(environ: dict[str, str], path: str, query: str) -> None:
    http = seen(**environ)
    assert (http.path, http.query) == (path, query)


def test_headers_and_the_callers_address() -> None:
    http = seen(HTTP_X_AMZ_DATE="today", HTTP_HOST="aws.test", CONTENT_TYPE="text/plain")
    assert http.headers == {"host": "aws.test", "x-amz-date": "today", "content-type": "text/plain"}
    assert (http.host, http.scheme, http.source_ip) == ("aws.test", "http", "192.0.2.7")


def test_bodies() -> None:
    said: dict[str, Any] = {"REQUEST_METHOD": "PUT", "CONTENT_LENGTH": "5", "wsgi.input": io.BytesIO(b"hello, world")}
    assert seen(**said).body == b"hello"
    ended: dict[str, Any] = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b"x" * 3_000_000)}
    assert seen(REQUEST_METHOD="PUT", **ended).body == b"x" * 3_000_000
    assert seen(REQUEST_METHOD="GET", **{"wsgi.input": io.BytesIO(b"another request")}).body == b""


def test_a_chunked_body_of_which_the_server_does_not_tell_the_end() -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "PUT",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_TYPE": "text/plain",
    }
    assert call(create_app(Simulator()), **environ)[0] == "411 Length Required"


def test_streams() -> None:
    app = create_app(Answering(lambda http: HttpResponse(299, {"Content-Type": "text/plain"}, iter([b"a", b"b"]))))
    assert call(app)[0::2] == ("299 Unknown", b"ab")


def test_the_whole() -> None:
    app = create_app(Simulator())
    status, headers, body = call(app, PATH_INFO="/_iamsim/health")
    assert status == "200 OK"
    assert int(headers["Content-Length"]) == len(body)
    assert call(app, PATH_INFO="/no-such-bucket/key")[0] == "404 Not Found"
