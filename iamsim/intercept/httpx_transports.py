"""The way in for httpx: its transports' requests to AWS's hosts are answered by a simulator, such as presigned URLs."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import urljoin

from iamsim.intercept.exchange import NO_METADATA, Handle, body_of, header_text, request_of
from iamsim.intercept.hosts import is_aws
from iamsim.intercept.patches import Patches
from iamsim.metadata import NotOnAws
from iamsim.request import HttpRequest, HttpResponse


def intercept(handle: Handle, patches: Patches) -> None:
    """Let `handle` answer httpx's requests to AWS's hosts, if and when httpx is imported."""
    patches.when_imported("httpx", partial(_hook, handle=handle, patches=patches))


def _hook(httpx: Any, handle: Handle, patches: Patches) -> None:
    original = httpx.HTTPTransport.handle_request
    original_async = httpx.AsyncHTTPTransport.handle_async_request

    def handle_request(self: Any, request: Any) -> Any:
        if not is_aws(request.url.host):
            return original(self, request)
        http = _request(httpx, request, b"".join(request.stream))
        try:
            return _response(httpx, request, handle(http))
        except NotOnAws:
            raise httpx.ConnectError(NO_METADATA, request=request) from None

    async def handle_async_request(self: Any, request: Any) -> Any:
        if not is_aws(request.url.host):
            return await original_async(self, request)
        run_sync = import_module("anyio.to_thread").run_sync  # httpx's own; a call that waits must not stop the loop
        http = _request(httpx, request, b"".join([piece async for piece in request.stream]))
        try:
            return _response(httpx, request, await run_sync(handle, http))
        except NotOnAws:
            raise httpx.ConnectError(NO_METADATA, request=request) from None

    patches.set(httpx.HTTPTransport, "handle_request", handle_request)
    patches.set(httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request)


def _request(httpx: Any, request: Any, body: bytes) -> HttpRequest:
    url = str(request.url.copy_with(raw_path=b"/", fragment=None))
    target = request.extensions.get("target", request.url.raw_path)
    headers: dict[str, str] = {}
    for name, value in request.headers.raw:
        key = name.decode("latin-1").lower()
        text = header_text(value)
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return request_of(request.method, urljoin(url, target.decode("latin-1")), headers, body)


def _response(httpx: Any, request: Any, response: HttpResponse) -> Any:
    headers = [(name, value.encode("utf-8")) for name, value in response.headers.items()]
    return httpx.Response(response.status, headers=headers, stream=httpx.ByteStream(body_of(response)), request=request)
