"""Where calls come from now: the innermost place that a test has set, for all threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iamsim.request import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from iamsim.network import VpcEndpoint

Handle = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Origin:
    """A public address; or a private one, and the VPC endpoint through which requests come from there."""

    address: str
    endpoint: VpcEndpoint | None = None


class Origins:
    """The places that are set, the innermost last."""

    def __init__(self) -> None:
        self._set: list[Origin] = []

    @property
    def is_set(self) -> bool:
        """Whether a test has said where calls come from."""
        return bool(self._set)

    @contextmanager
    def set(self, origin: Origin) -> Iterator[None]:
        """Let requests come from `origin` until the block ends."""
        self._set.append(origin)
        try:
            yield
        finally:
            self._set.remove(origin)

    def mark(self, http: HttpRequest) -> None:
        """Write on `http` where it comes from, if a test has said so."""
        if self._set:
            http.source_ip, http.vpc_endpoint = self._set[-1].address, self._set[-1].endpoint

    def marked(self, handle: Handle) -> Handle:
        """`handle`, whose requests come from there."""

        def handle_one(http: HttpRequest) -> HttpResponse:
            self.mark(http)
            return handle(http)

        return handle_one


ORIGINS = Origins()  # of this process, as the simulator that is on
