"""What every way in shares: a URL and headers as a client has them, as the request that the pipeline takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from iamsim.request import HttpRequest, HttpResponse

Handle = Callable[[HttpRequest], HttpResponse]
NO_METADATA = "this process runs on no simulated instance: see `iamsim.testing.on_instance`"


def request_of(method: str, url: str, headers: Mapping[str, Any], body: Any) -> HttpRequest:
    """The request for `url`. The body is None, text, bytes, a binary file, or several pieces of bytes."""
    parts = urlsplit(url)
    return HttpRequest(
        method=method,
        host=parts.netloc,
        path=parts.path or "/",
        query=parts.query,
        headers={name.lower(): header_text(value) for name, value in headers.items()},
        body=_body(body),
        scheme=parts.scheme,
    )


def header_text(value: Any) -> str:
    """A header's value as text; bytes are UTF-8, as botocore sends them, or else Latin-1."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def body_of(response: HttpResponse) -> bytes:
    """The whole body."""
    return response.body if isinstance(response.body, bytes) else b"".join(response.body)


def _body(body: Any) -> Any:
    if body is None:
        return b""
    if isinstance(body, bytes) or hasattr(body, "read"):
        return body
    if isinstance(body, str):
        return body.encode("utf-8")
    return bytes(body) if isinstance(body, bytearray | memoryview) else b"".join(body)
