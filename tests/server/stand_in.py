"""Simulators that answer what a test tells them to."""

from __future__ import annotations

import threading
from collections.abc import Callable

from iamsim.request import HttpRequest, HttpResponse
from iamsim.simulator import Simulator


class Answering(Simulator):
    """Answers every call with what `answer` gives."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__()
        self._answer = answer

    def handle(self, http: HttpRequest) -> HttpResponse:
        return self._answer(http)


class Gate:
    """An answer that waits: `entered` is set when a call waits in `wait`, `open` lets it go on."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def wait(self) -> None:
        self.entered.set()
        assert self.open.wait(10)
