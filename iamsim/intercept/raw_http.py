"""The way in for raw HTTPS to AWS's hosts: urllib3 and what is built on it (requests); everything else is refused."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Mapping
from typing import Any

import urllib3
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util import Url, parse_url

from iamsim.errors import UsageError
from iamsim.intercept.hosts import is_aws
from iamsim.intercept.patches import Patches
from iamsim.request import HttpRequest, HttpResponse

Handle = Callable[[HttpRequest], HttpResponse]


def intercept(handle: Handle, patches: Patches) -> None:
    """Let `handle` answer urllib3's requests to AWS's hosts, and let nothing else look such a host up."""
    original_urlopen = HTTPConnectionPool.urlopen
    original_getaddrinfo = socket.getaddrinfo

    def urlopen(self: Any, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> Any:
        host = self.host if self.port in (None, 80, 443) else f"{self.host}:{self.port}"
        if not is_aws(host):
            return original_urlopen(self, method, url, body, headers, **options)
        parts: Url = parse_url(url)
        return _answer(handle, method, self.scheme, host, parts, body, headers or self.headers, options)

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and is_aws(name):
            raise UsageError(
                f"a connection to `{name}` was refused: while iamsim runs nothing reaches AWS, and iamsim answers only "
                "what comes through botocore, urllib3 or requests"
            )
        return original_getaddrinfo(host, *args, **options)

    patches.set(HTTPConnectionPool, "urlopen", urlopen)
    patches.set(socket, "getaddrinfo", getaddrinfo)


def _answer(
    handle: Handle,
    method: str,
    scheme: str,
    host: str,
    url: Any,
    body: Any,
    headers: Mapping[str, Any],
    options: dict[str, Any],
) -> Any:
    fields = {
        name.lower(): value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in headers.items()
    }
    if isinstance(body, str):
        body = body.encode("utf-8")
    elif body is not None and not hasattr(body, "read") and not isinstance(body, bytes | bytearray):
        body = b"".join(body)
    response = handle(
        HttpRequest(
            method=method.upper(),
            host=fields.get("host", host),
            path=url.path or "/",
            query=url.query or "",
            headers=fields,
            body=bytes(body) if isinstance(body, bytearray) else body or b"",
            scheme=scheme,
        )
    )
    payload = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return urllib3.HTTPResponse(
        body=io.BytesIO(payload),
        headers=response.headers,
        status=response.status,
        version=11,
        reason=None,
        preload_content=options.get("preload_content", True),
        decode_content=options.get("decode_content", True),
        request_method=method.upper(),
        request_url=url.url,
    )
