"""The way in for raw HTTPS to AWS's hosts: urllib3 and what is built on it (requests). Bare connections are refused."""

from __future__ import annotations

import io
import socket
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NewConnectionError
from urllib3.util import parse_url

from iamsim.errors import UsageError
from iamsim.intercept.exchange import NO_METADATA, Handle, body_of, request_of
from iamsim.intercept.hosts import is_aws
from iamsim.intercept.patches import Patches
from iamsim.metadata import METADATA_HOSTS, NotOnAws
from iamsim.request import HttpRequest


def intercept(handle: Handle, patches: Patches) -> None:
    """Let `handle` answer urllib3's requests to AWS's hosts, and let nothing else look such a host up."""
    original_urlopen = HTTPConnectionPool.urlopen
    original_getaddrinfo = socket.getaddrinfo

    def urlopen(self: Any, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> Any:
        host = self.host if self.port in (None, 80, 443) else f"{self.host}:{self.port}"
        full = url if url.startswith(("http://", "https://")) else f"{self.scheme}://{host}{url}"  # full for a proxy
        if not is_aws(urlsplit(full).netloc):
            return original_urlopen(self, method, url, body, headers, **options)
        full = parse_url(full).url  # percent-encoded where it must be
        http = request_of(method.upper(), full, headers or self.headers, body)
        http.host = http.headers.get("host", http.host)
        try:
            return _answer(handle, http, full, options)
        except NotOnAws:
            raise MaxRetryError(self, url, NewConnectionError(self, NO_METADATA)) from None

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and is_aws(name):
            if name in METADATA_HOSTS:
                raise ConnectionRefusedError(NO_METADATA)
            raise UsageError(
                f"a connection to `{name}` was refused: while iamsim runs nothing reaches AWS, and iamsim answers only "
                "what comes through botocore, aiobotocore, urllib3, requests, httpx, http.client or urllib.request"
            )
        return original_getaddrinfo(host, *args, **options)

    patches.set(HTTPConnectionPool, "urlopen", urlopen)
    patches.set(socket, "getaddrinfo", getaddrinfo)


def _answer(handle: Handle, http: HttpRequest, url: str, options: dict[str, Any]) -> Any:
    response = handle(http)
    return urllib3.HTTPResponse(
        body=io.BytesIO(body_of(response)),
        headers=response.headers,
        status=response.status,
        version=11,
        reason=None,
        preload_content=options.get("preload_content", True),
        decode_content=options.get("decode_content", True),
        request_method=http.method,
        request_url=url,
    )
