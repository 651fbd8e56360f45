"""`iamsim serve`: its messages, its exit codes, its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests
from click.testing import CliRunner

from iamsim.cli.serve import serve
from tests.server.wire import Wire, request

COMMAND = [sys.executable, "-c", "from iamsim.cli.serve import serve; serve()"]


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(serve, arguments)
    assert result.exit_code == 2
    return result.output.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "99999"], "Error: Invalid value for '--port': 99999 is not in the range 0<=x<=65535."),
        (["--nonsense"], "Error: No such option '--nonsense'."),
        (["--enforce", "often"], "Error: `--enforce often`: give `always`, `never` or `after` and a number of calls"),
        (["--enforce", "after"], "Error: `--enforce after`: give `always`, `never` or `after` and a number of calls"),
        (
            ["--enforce", "after", "-1"],
            "Error: No such option '-1'.",
        ),
        (["4"], "Error: unexpected argument `4`"),
    ],
)
def test_bad_options(arguments: list[str], message: str) -> None:
    assert refused(*arguments) == message


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        message = refused("--port", str(port))
    assert message == (
        f"Error: cannot listen on `127.0.0.1:{port}`: address already in use; choose another host or port (0: a free "
        "port)"
    )


def test_a_misspelt_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INITIAL_NO_AUTH_ACTION_COUNT", "some")
    assert refused("--port", "0").startswith(
        "Error: `INITIAL_NO_AUTH_ACTION_COUNT` is `some`: give the number of calls"
    )


class Running:
    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "--port", "0", *arguments],
            env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.greeting = self.process.stdout.readline()
        found = re.search(r"https?://\S+:(\d+)", self.greeting)
        assert found, self.greeting
        self.url, self.port = found[0], int(found[1])

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        assert self.process.stdout is not None
        output = self.process.stdout.read()
        return self.process.wait(10), output

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def running() -> Iterator[list[Running]]:
    made: list[Running] = []
    yield made
    for each in made:
        each.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_from_start_to_end(running: list[Running], number: signal.Signals) -> None:
    server = Running("--enforce", "after", "3")
    running.append(server)
    assert server.greeting == f"iamsim simulates AWS on {server.url}; IAM is enforced after 3 calls. Ctrl+C ends it.\n"
    assert server.url.startswith("http://127.0.0.1:")
    assert requests.get(f"{server.url}/_iamsim/enforcement", timeout=10).json() == {"enforce": 3}
    with closing(Wire(server.port)) as idle:
        assert idle.ask(request("GET", "/_iamsim/health")).status == 200
        code, output = server.end(number)
        assert code == 0
        assert output == f"  export AWS_ENDPOINT_URL={server.url}\niamsim has stopped.\n"
        assert idle.receive() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_environment_and_tls(running: list[Running]) -> None:
    server = Running("--tls", INITIAL_NO_AUTH_ACTION_COUNT="0")
    running.append(server)
    assert "IAM is enforced on every call" in server.greeting
    assert server.url.startswith("https://")
    code, output = server.end(signal.SIGTERM)
    assert code == 0
    assert re.search(r"^  export AWS_CA_BUNDLE=/\S+/certificate.pem$", output, re.MULTILINE)
