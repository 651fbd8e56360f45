"""Blocks calls that would reach AWS because no mock is on, and remembers where they came from."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import botocore.httpsession
import pytest

from iamsim.intercept.hosts import is_aws
from iamsim.intercept.patches import Patches
from iamsim.testing.place import place


class Block:
    """Calls to AWS while no mock is on: each fails at once, and `taken` tells of it even if the error is hidden."""

    def __init__(self) -> None:
        self._patches = Patches()
        self._is_installed = False
        self._lifted = 0
        self._calls: list[str] = []

    def install(self) -> bool:
        """Block from now on; whether that is new. A mock that starts later replaces what is replaced here."""
        if self._is_installed:
            return False
        self._is_installed = True
        send, getaddrinfo = botocore.httpsession.URLLib3Session.send, socket.getaddrinfo

        def blocked_send(session: Any, request: Any) -> Any:
            host = urlsplit(request.url).hostname or ""
            if is_aws(host):
                self._refuse(f"{request.method} {request.url.partition('?')[0]}")
            return send(session, request)

        def blocked_getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
            name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
            if isinstance(name, str) and is_aws(name):
                self._refuse(f"a connection to {name}")
            return getaddrinfo(host, *args, **options)

        self._patches.set(botocore.httpsession.URLLib3Session, "send", blocked_send)
        self._patches.set(socket, "getaddrinfo", blocked_getaddrinfo)
        return True

    def undo(self) -> None:
        """Block no longer."""
        self._patches.undo()
        self._is_installed = False

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Let calls reach AWS until the block ends."""
        self._lifted += 1
        try:
            yield
        finally:
            self._lifted -= 1

    def taken(self) -> list[str]:
        """What was blocked since the last time somebody asked."""
        calls, self._calls = self._calls, []
        return calls

    def _refuse(self, what: str) -> None:
        """Fail the test, past any `except Exception` of the code under test."""
        if self._lifted:
            return
        text = f"a call to real AWS was blocked: {what}, from {place()}"
        self._calls.append(text)
        pytest.fail(f"{text}\n{ADVICE}", pytrace=False)


ADVICE = (
    "no mock was on: use the fixture `iamsim` or `mock_aws`, or let it through with "
    "`@pytest.mark.iamsim(block_aws=False)` or --no-iamsim-block-aws"
)
BLOCK = Block()  # of this process, as the classes that it patches are
