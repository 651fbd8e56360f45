"""ServerThread: starting, stopping, and TLS."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from iamsim.errors import UsageError
from iamsim.request import HttpRequest, HttpResponse
from iamsim.server import ServerThread, certificate, serve_in_thread, thread
from iamsim.server.thread import listening_socket
from iamsim.simulator import Simulator
from tests.server.stand_in import Answering, Gate
from tests.server.wire import Wire, request


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_it_answers_for_the_simulator_that_it_was_given() -> None:
    simulator = Simulator()
    with serve_in_thread(simulator) as server:
        assert server.simulator is simulator
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert requests.get(f"{server.url}/_iamsim/health", timeout=10).json()["status"] == "ok"
    with pytest.raises(ConnectionRefusedError):
        Wire(server.port)


def test_without_one_the_environment_switches_enforcement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INITIAL_NO_AUTH_ACTION_COUNT", "7")
    assert ServerThread().simulator.pipeline.enforcement().after == 7


def test_it_can_be_started_again() -> None:
    server = ServerThread(Simulator())
    server.stop()  # nothing to stop
    with server:
        with pytest.raises(UsageError, match="has been started already"):
            server.start()
        port = server.port
    with server:
        assert server.port == port
        assert requests.get(f"{server.url}/_iamsim/health", timeout=10).ok


def test_a_port_in_use(taken: int) -> None:
    with pytest.raises(UsageError) as caught:
        ServerThread(Simulator(), port=taken).start()
    assert str(caught.value) == (
        f"cannot listen on `127.0.0.1:{taken}`: address already in use; choose another host or port (0: a free port)"
    )


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with listening_socket("127.0.0.1", 0) as made:
        assert made.proto == socket.IPPROTO_TCP  # what asyncio looks at before it sets TCP_NODELAY


def test_calls_under_way_end_before_it_stops() -> None:
    gate = Gate()

    def answer(http: HttpRequest) -> HttpResponse:
        gate.wait()
        return HttpResponse(200, {}, b"done")

    server = ServerThread(Answering(answer)).start()
    idle, busy = Wire(server.port), Wire(server.port)
    busy.send(request("GET", "/"))
    assert gate.entered.wait(10)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    assert idle.receive() == b""  # the connections that do nothing are closed at once
    gate.open.set()
    assert busy.answer().body == b"done"
    stopping.join(10)
    assert not stopping.is_alive()
    for connection in (idle, busy):
        connection.close()


def test_a_client_that_keeps_its_connection_does_not_keep_the_server(caplog: pytest.LogCaptureFixture) -> None:
    server = ServerThread(tls=True).start()
    with requests.Session() as client:
        assert client.get(f"{server.url}/_iamsim/health", verify=str(server.certificate), timeout=10).ok
        server.stop()
    assert not [record for record in caplog.records if "graceful shutdown" in record.message]


def test_a_call_that_does_not_end_is_cut_off(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(thread, "GRACE_S", 0)
    gate = Gate()

    def answer(http: HttpRequest) -> HttpResponse:
        gate.wait()
        return HttpResponse(200, {}, b"too late")

    server = ServerThread(Answering(answer)).start()
    with closing(Wire(server.port)) as busy:
        busy.send(request("GET", "/"))
        assert gate.entered.wait(10)
        server.stop()
        assert busy.answer().status == 503
    gate.open.set()
    assert "Traceback" not in caplog.text


def test_a_call_that_waits_keeps_nobody_waiting() -> None:
    gate = Gate()

    def answer(http: HttpRequest) -> HttpResponse:
        if http.path == "/slow":
            gate.wait()
        return HttpResponse(200, {}, http.path.encode())

    with ServerThread(Answering(answer)) as server:
        slow = [Wire(server.port) for _ in range(20)]
        for connection in slow:
            connection.send(request("GET", "/slow"))
        assert gate.entered.wait(10)
        quick = Wire(server.port)
        assert quick.ask(request("GET", "/quick")).body == b"/quick"
        gate.open.set()
        for connection in slow:
            assert connection.answer().body == b"/slow"
        for connection in [*slow, quick]:
            connection.close()


class TestTls:
    def test_clients_trust_the_certificate(self) -> None:
        with ServerThread(Simulator(), tls=True) as server:
            assert server.url.startswith("https://127.0.0.1:")
            assert server.certificate is not None
            with requests.Session() as session:
                url = f"{server.url}/_iamsim/health"
                assert session.get(url, verify=str(server.certificate), timeout=10).ok
            with requests.Session() as session, pytest.raises(requests.exceptions.SSLError):
                session.get(url, timeout=10)
        assert not server.certificate.exists()

    def test_the_names_in_it(self, tmp_path: Path) -> None:
        from cryptography import x509

        made = certificate.self_signed(tmp_path, "aws.test")
        parsed = x509.load_pem_x509_certificate(made.certificate.read_bytes())
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert set(names.get_values_for_type(x509.DNSName)) >= {"localhost", "*.localhost", "aws.test", "*.aws.test"}
        assert made.key.stat().st_mode & 0o077 == 0

    def test_without_cryptography(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "cryptography", None)
        with pytest.raises(UsageError) as caught:
            ServerThread(Simulator(), tls=True).start()
        assert str(caught.value) == "TLS needs the package `cryptography`: pip install 'iamsim[server]'"


def test_without_uvicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uvicorn", None)
    with pytest.raises(UsageError) as caught:
        ServerThread(Simulator()).start()
    assert str(caught.value) == "the server needs the package `uvicorn`: pip install 'iamsim[server]'"
