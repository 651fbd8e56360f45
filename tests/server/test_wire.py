"""HTTP itself, byte by byte: connections, bodies of every form, malformed requests."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

import pytest

from iamsim.clock import Clock
from iamsim.request import HttpRequest, HttpResponse
from iamsim.server import ServerThread
from iamsim.server.front import MAX_HEAD_BYTES
from iamsim.simulator import Simulator
from tests.server.stand_in import Answering, Gate
from tests.server.wire import Wire, request

Connect = Callable[[], Wire]
HEALTH = request("GET", "/_iamsim/health")


@pytest.fixture(scope="module")
def seen() -> list[HttpRequest]:
    return []


@pytest.fixture(scope="module")
def echo(seen: list[HttpRequest]) -> Iterator[ServerThread]:
    """A server that answers with the body it got."""

    def answer(http: HttpRequest) -> HttpResponse:
        seen.append(http)
        return HttpResponse(200, {"X-Header": "caf\u00e9\r\nX-Injected: 1"}, http.read())

    with ServerThread(Answering(answer)) as server:
        yield server


@pytest.fixture
def mirror(echo: ServerThread, seen: list[HttpRequest]) -> Iterator[Wire]:
    """A connection to it."""
    seen.clear()
    connection = Wire(echo.port)
    yield connection
    connection.close()


class TestRequests:
    def test_the_target_arrives_as_it_was_sent(self, mirror: Wire, seen: list[HttpRequest]) -> None:
        mirror.ask(request("GET", "//a%2Fb//../c%20d/?x=%2F&y&z=a+b"))
        assert (seen[0].path, seen[0].query) == ("//a%2Fb//../c%20d/", "x=%2F&y&z=a+b")

    def test_the_absolute_form(self, mirror: Wire, seen: list[HttpRequest]) -> None:
        mirror.ask(request("GET", "http://example.test/a/b?c=d"))
        assert (seen[0].path, seen[0].query) == ("/a/b", "c=d")

    def test_headers(self, mirror: Wire, seen: list[HttpRequest]) -> None:
        sent = ["X-Amz-Meta-My_Key: one", "X-Twice: 1", "X-Twice:  2 ", "X-Utf: \u00fc", "X-Forwarded-For: 203.0.113.9"]
        mirror.ask(request("GET", "/", *sent, host="bucket.localhost:5000"))
        headers = seen[0].headers
        assert headers["x-amz-meta-my_key"] == "one"
        assert headers["x-twice"] == "1,2"
        assert headers["x-utf"] == "\u00fc"
        assert seen[0].host == "bucket.localhost:5000"
        assert (seen[0].source_ip, seen[0].scheme) == ("127.0.0.1", "http")

    def test_a_chunked_body(self, mirror: Wire, seen: list[HttpRequest]) -> None:
        start = request("PUT", "/key", "Transfer-Encoding: chunked")
        body = b"5\r\nhello\r\n7;extension=1\r\n, world\r\n0\r\nX-Trailer: 1\r\n\r\n"
        assert mirror.ask(start + body).body == b"hello, world"
        assert mirror.ask(request("PUT", "/key", body=b"next")).body == b"next"

    def test_a_chunked_body_in_small_pieces(self, mirror: Wire) -> None:
        mirror.send(request("PUT", "/key", "Transfer-Encoding: chunked"))
        for piece in (b"3", b"\r\nab", b"c", b"\r\n0\r", b"\n\r\n"):
            mirror.send(piece)
        assert mirror.answer().body == b"abc"

    def test_expect_100_continue(self, mirror: Wire) -> None:
        mirror.send(request("PUT", "/key", "Expect: 100-continue", "Content-Length: 5"))
        assert mirror.receive() == b"HTTP/1.1 100 Continue\r\n\r\n"
        mirror.send(b"hello")
        assert mirror.answer().body == b"hello"

    def test_a_large_body(self, mirror: Wire) -> None:
        body = b"0123456789abcdef" * (1 << 18)
        answer = mirror.ask(request("PUT", "/key", body=body))
        assert answer.body == body
        assert int(answer.headers["content-length"]) == len(body)

    def test_half_a_body_is_no_request(self, mirror: Wire, echo: ServerThread, seen: list[HttpRequest]) -> None:
        mirror.send(request("PUT", "/key", "Content-Length: 10") + b"half")
        mirror.close()
        other = Wire(echo.port)
        other.ask(request("GET", "/other"))
        other.close()
        assert [http.path for http in seen] == ["/other"]


class TestAnswers:
    def test_connections_are_kept(self, wire: Connect) -> None:
        connection = wire()
        for _ in range(3):
            assert connection.ask(HEALTH).status == 200

    def test_pipelined_requests_are_answered_in_order(self, mirror: Wire) -> None:
        mirror.send(request("PUT", "/1", body=b"first") + request("PUT", "/2", "Connection: close", body=b"second"))
        received = b"".join(iter(mirror.receive, b""))
        assert 0 < received.index(b"first") < received.index(b"second")

    def test_connection_close(self, wire: Connect) -> None:
        connection = wire()
        assert connection.ask(request("GET", "/_iamsim/health", "Connection: close")).status == 200
        assert connection.receive() == b""

    def test_http_1_0(self, wire: Connect) -> None:
        connection = wire()
        assert connection.ask(b"GET /_iamsim/health HTTP/1.0\r\n\r\n").status == 200
        assert connection.receive() == b""

    def test_head_has_no_body(self, mirror: Wire) -> None:
        answer = mirror.ask(request("HEAD", "/key"))
        assert (answer.status, answer.body) == (200, b"")
        assert mirror.ask(request("PUT", "/key", body=b"next")).body == b"next"

    def test_a_line_break_in_a_value_starts_no_header(self, mirror: Wire) -> None:
        headers = mirror.ask(request("GET", "/")).headers
        assert "x-injected" not in headers
        assert headers["x-header"].endswith("  X-Injected: 1")

    def test_the_date_is_the_simulators(self) -> None:
        with ServerThread(Simulator(clock=Clock(at=1_000_000_000))) as server:
            connection = Wire(server.port)
            answer = connection.ask(HEALTH)
            connection.close()
        assert parsedate_to_datetime(answer.headers["date"]).timestamp() == 1_000_000_000

    def test_a_streamed_answer_comes_as_it_is_made(self) -> None:
        gate = Gate()

        def pieces() -> Iterator[bytes]:
            yield b"first"
            gate.wait()
            yield b""
            yield b"second"

        with ServerThread(Answering(lambda http: HttpResponse(200, {}, pieces()))) as server:
            connection = Wire(server.port)
            connection.send(request("GET", "/"))
            received = connection.receive()
            while b"first" not in received:
                received += connection.receive()
            gate.open.set()
            while not received.endswith(b"0\r\n\r\n"):
                received += connection.receive()
            assert received.endswith(b"5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n")
            connection.send(request("HEAD", "/"))
            assert connection.answer("HEAD").body == b""
            connection.close()


@pytest.mark.parametrize("tls", [False, True])
def test_a_client_that_leaves_while_it_reads(tls: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is written to a connection that is gone; asyncio would log each attempt, with TLS at least."""
    with ServerThread(Answering(lambda http: HttpResponse(200, {}, b"x" * (32 << 20))), tls=tls) as server:
        for _ in range(2):
            leaving = Wire(server.port)
            if tls:
                context = ssl.create_default_context(cafile=str(server.certificate))
                leaving.socket = context.wrap_socket(leaving.socket, server_hostname="127.0.0.1")
            leaving.send(request("GET", "/"))
            assert leaving.receive()
            leaving.close()
    assert caplog.text == ""


class TestBadRequests:
    @pytest.mark.parametrize(
        "sent",
        [
            b"nonsense\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
            b"PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: ten\r\n\r\n",
            b"PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            b"PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS, to a port without it
        ],
    )
    def test_what_is_not_http_gets_400_and_the_server_lives(self, wire: Connect, sent: bytes) -> None:
        connection = wire()
        assert connection.ask(sent).status == 400
        assert connection.receive() == b""
        assert wire().ask(HEALTH).status == 200

    def test_huge_headers(self, wire: Connect) -> None:
        answer = wire().ask(request("GET", "/", "X-Large: " + "x" * MAX_HEAD_BYTES))
        assert answer.status == 431
        assert b"Your request header section exceeds the maximum allowed size." in answer.body

    def test_a_huge_target(self, wire: Connect) -> None:
        assert wire().ask(request("GET", "/" + "x" * (MAX_HEAD_BYTES - 10))).status == 431
        assert wire().ask(request("GET", "/" + "x" * MAX_HEAD_BYTES * 2)).status == 400

    def test_an_unknown_operation_gets_awss_error(self, wire: Connect) -> None:
        answer = wire().ask(request("POST", "/", "X-Amz-Target: DynamoDB_20120810.Nonsense", body=b"{}"))
        assert answer.status == 400
        assert b"UnknownOperationException" in answer.body

    def test_a_mistake_of_ours_is_a_500_in_the_calls_protocol(self, caplog: pytest.LogCaptureFixture) -> None:
        def fail(http: HttpRequest) -> HttpResponse:
            raise LookupError("the cupboard is bare")

        with ServerThread(Answering(fail)) as server:
            connection = Wire(server.port)
            answer = connection.ask(request("GET", "/bucket/key"))
            connection.close()
        assert answer.status == 500
        assert b"<Code>InternalFailure</Code>" in answer.body
        assert b"iamsim failed on this call: LookupError: the cupboard is bare" in answer.body
        assert "the cupboard is bare" in caplog.text
