"""A server in a thread of its own: for tests, and for the command line."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from iamsim.errors import UsageError
from iamsim.server.certificate import self_signed
from iamsim.server.front import Front
from iamsim.server.http import HttpApplication
from iamsim.simulator import Simulator

BACKLOG = 512  # connections that wait to be taken
KEEP_ALIVE_S = 120  # how long a connection may idle; longer than SDKs keep theirs
GRACE_S = 3  # what calls under way get to finish when the server stops
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - to listen there must be asked for


class ServerThread:
    """A simulated AWS that listens on a port; a free one unless `port` says which.

    ```python
    with ServerThread() as server:
        s3 = boto3.client("s3", endpoint_url=server.url)
    ```

    `simulator` is what answers, `url` where; `certificate`, with `tls`, is the file that clients must trust.
    """

    def __init__(
        self, simulator: Simulator | None = None, *, host: str = "127.0.0.1", port: int = 0, tls: bool = False
    ) -> None:
        self._front = Front(simulator)
        self._host, self._port, self._tls = host, port, tls
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._thread: threading.Thread | None = None
        self._server: Any = None
        self._application: HttpApplication | None = None
        self.certificate: Path | None = None

    @property
    def simulator(self) -> Simulator:
        """The simulator behind the port."""
        return self._front.simulator

    @property
    def port(self) -> int:
        """The port; the one that was found once the server has started."""
        return self._port

    @property
    def url(self) -> str:
        """What clients take as `endpoint_url`."""
        host = EVERY_ADDRESS.get(self._host, self._host)
        return f"{'https' if self._tls else 'http'}://{f'[{host}]' if ':' in host else host}:{self._port}"

    def start(self) -> ServerThread:
        """Listen. Raises UsageError if the address cannot be had or a package is missing."""
        if self._thread is not None:
            raise UsageError(f"the server at {self.url} has been started already")
        try:
            import httptools  # noqa: F401 - the parser that uvicorn is to use
            import uvicorn

            from iamsim.server.connection import Connection
        except ImportError as missing:
            raise UsageError(f"the server needs the package `{missing.name}`: pip install 'iamsim[server]'") from None
        self._application = HttpApplication(self._front)
        config = uvicorn.Config(
            self._application,
            http=Connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="error",  # its warnings are about what clients do
            access_log=False,
            proxy_headers=False,  # the caller's address is the connection's, whatever a header says
            server_header=False,
            date_header=False,  # the simulator's time is told, not the machine's
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
            backlog=BACKLOG,
            **self._tls_options(),
        )
        config.load()
        listening = listening_socket(self._host, self._port)
        self._port = listening.getsockname()[1]
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name="iamsim-server", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Take no more calls, let those under way finish, and let go of the port."""
        if self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join()
        self._thread = None
        if self._application is not None:
            self._application.workers.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> ServerThread:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _tls_options(self) -> dict[str, Any]:
        if not self._tls:
            return {}
        self._folder = tempfile.TemporaryDirectory(prefix="iamsim-")
        try:
            made = self_signed(Path(self._folder.name), self._host)
        except UsageError:
            self._folder.cleanup()
            raise
        self.certificate = made.certificate
        return {"ssl_certfile": str(made.certificate), "ssl_keyfile": str(made.key)}


@contextmanager
def serve_in_thread(simulator: Simulator | None = None, **options: Any) -> Iterator[ServerThread]:
    """A server for the length of a `with` block; the options are ServerThread's."""
    with ServerThread(simulator, **options) as server:
        yield server


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises UsageError if the address cannot be had.

    It says that it is TCP's, which `socket.create_server` leaves open: only then does asyncio set TCP_NODELAY, without
    which every answer waits 40 ms for the client to acknowledge its head.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere this would let two servers share a port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as refused:
        made.close()
        reason = (refused.strerror or str(refused)).lower()
        raise UsageError(
            f"cannot listen on `{host}:{port}`: {reason}; choose another host or port (0: a free port)"
        ) from None
    return made
