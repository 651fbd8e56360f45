"""The canonical request of Signature Version 4: what a client signed, rebuilt from what arrived.

Source: IAM User Guide, reference_sigv-create-signed-request; S3-API sig-v4-header-based-auth. Rules A-30 to A-33.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes

from iamsim.request import HttpRequest

PLAIN_PATH = re.compile(r"/|(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+/?")  # the same normalised and encoded, or not
PLAIN_QUERY = re.compile(r"[A-Za-z0-9_.~&=-]*")
DEFAULT_PORTS = {"https": ":443", "http": ":80"}


def canonical_paths(path: str, *, like_s3: bool) -> Iterator[str]:
    """The canonical URIs that `path`, as sent, may stand for, the usual one first (A-30).

    A second one is given if the client left characters unencoded on the wire, or encoded more than it must: botocore
    signs what it sends, AWS encodes afresh.
    """
    if PLAIN_PATH.fullmatch(path):
        yield path
        return
    encoded = _encoded(path, "/~")
    for form in (path,) if encoded == path else (path, encoded):
        yield (form or "/") if like_s3 else quote(_bytes(normalized(form)), safe="/~")


def normalized(path: str) -> str:
    """`path` without `.`, `..` and empty segments. Source: RFC 3986 section 5.2.4, and AWS's rule on `//`."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment and segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")


def canonical_queries(query: str, *, without: str = "") -> Iterator[str]:
    """The canonical query strings that `query`, as sent, may stand for, the usual one first (A-31).

    `without` names the parameter that holds the signature itself.
    """
    if not query:
        yield ""
        return
    pairs = [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&")) if name != without]
    yield _joined(pairs)
    if not PLAIN_QUERY.fullmatch(query):
        encoded = [(_encoded(name, "~"), _encoded(value, "~")) for name, value in pairs]
        if encoded != pairs:
            yield _joined(encoded)


def _encoded(text: str, safe: str) -> str:
    return quote(unquote_to_bytes(_bytes(text)), safe=safe)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _joined(pairs: list[tuple[str, str]]) -> str:
    return "&".join([f"{name}={value}" for name, value in sorted(pairs)])


def signed_host(http: HttpRequest) -> str:
    """The value of the Host header: the one that was sent, else the host called, without the scheme's usual port."""
    return http.headers.get("host") or http.host.removesuffix(DEFAULT_PORTS.get(http.scheme, ":443"))


def canonical_headers(http: HttpRequest, names: str) -> str:
    """The lines of the headers that `names` lists, separated by `;` (A-32). One that was not sent is empty."""
    headers = http.headers
    lines = []
    for name in names.split(";"):
        value = headers.get(name)
        if value is None:
            value = signed_host(http) if name == "host" else ""
        if " " in value or not value.isascii() or not value.isprintable():
            value = " ".join(value.split())
        lines.append(f"{name}:{value}\n")
    return "".join(lines)


def canonical_requests(
    http: HttpRequest, signed_headers: str, payload_hash: str, *, like_s3: bool, without: str = ""
) -> Iterator[str]:
    """The canonical requests that `http` may stand for; nearly always one."""
    tail = f"{canonical_headers(http, signed_headers)}\n{signed_headers}\n{payload_hash}"
    for path in canonical_paths(http.path, like_s3=like_s3):
        for query in canonical_queries(http.query, without=without):
            yield f"{http.method}\n{path}\n{query}\n{tail}"
