"""The one door of the server: a request is for the simulated AWS, or for the server's own endpoints."""

from __future__ import annotations

import contextlib
import logging
import os
from email.utils import formatdate
from functools import lru_cache

from iamsim.enforcement import Enforcement
from iamsim.errors import ApiError
from iamsim.metadata import NotOnAws, is_metadata_host
from iamsim.protocol import identify, scope_of, serialize_error
from iamsim.protocol.s3_address import bucket_in_host
from iamsim.protocol.scope import UNSIGNED
from iamsim.request import HttpRequest, HttpResponse, Operation
from iamsim.server import admin, testers
from iamsim.simulator import Simulator

LOG = logging.getLogger("iamsim.server")
NO_INSTANCE = b"no instance runs this: PUT /_iamsim/instance says which\n"
MAX_HEAD_BYTES = 64 * 1024  # of a request's target and headers together


class Front:
    """Answers whatever comes in at the port, from any thread.

    Without a `simulator` it makes one, with the enforcement that INITIAL_NO_AUTH_ACTION_COUNT asks for.
    """

    def __init__(self, simulator: Simulator | None = None) -> None:
        self.simulator = simulator or Simulator(enforcement=Enforcement.from_environment(os.environ))

    def answer(self, http: HttpRequest) -> HttpResponse:
        """The answer. A mistake of iamsim's own becomes a 500 in the protocol of the call, and is logged."""
        response = self._answer(http)
        if "Date" not in response.headers:
            response.headers["Date"] = _http_date(int(self.simulator.cloud.clock.now()))
        return response

    def _answer(self, http: HttpRequest) -> HttpResponse:
        if _head_bytes(http) > MAX_HEAD_BYTES:
            return _too_large()
        if endpoint := admin.find(http):
            return endpoint(self.simulator, http)
        if self._is_for_the_instance(http):
            try:
                return self.simulator.metadata.tell_instance(http)
            except NotOnAws:
                return HttpResponse(404, {"Content-Type": "text/plain"}, NO_INSTANCE)
        try:
            said = testers.enforcement_of(http)
            return self.simulator.handle(http) if said is None else self.simulator.handle(http, said)
        except Exception as failure:
            LOG.exception("cannot answer %s %s", http.method, http.path)
            return self._internal_failure(http, failure)

    def _is_for_the_instance(self, http: HttpRequest) -> bool:
        """Whether an instance asks about itself: at its own address, or here, where a bucket `latest` gives way."""
        if is_metadata_host(http.host):
            return True
        is_path = http.path.startswith("/latest/") and self.simulator.metadata.instance_id is not None
        return is_path and scope_of(http) == UNSIGNED and not bucket_in_host(http.host)

    def _internal_failure(self, http: HttpRequest, failure: Exception) -> HttpResponse:
        operation: Operation | None = None
        with contextlib.suppress(ApiError):
            operation = identify(http)
        text = f"iamsim failed on this call: {type(failure).__name__}: {failure}. The server's log has the traceback."
        error = ApiError(text, code="InternalFailure", status=500)
        return serialize_error(operation, error, self.simulator.cloud.clock.new_id())


def _head_bytes(http: HttpRequest) -> int:
    return len(http.path) + len(http.query) + sum(map(len, http.headers)) + sum(map(len, http.headers.values()))


def _too_large() -> HttpResponse:
    """Source: Amazon S3 API reference, error responses; AWS's own limit is lower."""
    error = ApiError(
        "Your request header section exceeds the maximum allowed size.",
        code="RequestHeaderSectionTooLarge",
        status=431,
        fields={"MaxSizeAllowed": MAX_HEAD_BYTES},
    )
    return serialize_error(None, error, "")


@lru_cache(maxsize=16)
def _http_date(at: int) -> str:
    return formatdate(at, usegmt=True)
