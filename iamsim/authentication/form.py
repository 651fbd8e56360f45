"""A browser's upload form (`multipart/form-data`): its fields, and how large the file is."""

from __future__ import annotations

import re
from typing import NamedTuple

from iamsim.authentication.failures import s3_error
from iamsim.errors import ApiError
from iamsim.request import HttpRequest

BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
PARAMETER = re.compile(r'\b(filename|name)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


class Form(NamedTuple):
    """The fields of a form before its file, names in lower case."""

    fields: dict[str, str]
    file_size_bytes: int


def is_form(http: HttpRequest) -> bool:
    """Whether `http` posts a browser's form."""
    return http.method == "POST" and http.headers.get("content-type", "").startswith("multipart/form-data")


def read_form(http: HttpRequest) -> Form:
    """The form in the body. Fields after the file are ignored, as S3 does. `${filename}` in a value is filled in."""
    match = BOUNDARY.search(http.headers.get("content-type", ""))
    if match is None:
        raise _malformed()
    body, delimiter = http.read(), b"--" + match[1].encode()
    fields: dict[str, str] = {}
    file_name, file_size_bytes = "", 0
    at = body.find(delimiter)
    while at >= 0 and not body.startswith(b"--", at + len(delimiter)):
        start = body.find(b"\r\n\r\n", at)
        end = body.find(b"\r\n" + delimiter, start)
        if start < 0 or end < 0:
            raise _malformed()
        described = {name.lower(): value for name, value in _parameters(body[at:start])}
        name = described.get("name", "").lower()
        if name == "file":
            file_name = described.get("filename", "").replace("\\", "/").rpartition("/")[2]
            file_size_bytes = max(end - start - 4, 0)
            break
        fields[name] = body[start + 4 : end].decode(errors="replace")
        at = end + 2
    filled = {name: value.replace("${filename}", file_name) for name, value in fields.items()}
    return Form(filled, file_size_bytes)


def _parameters(head: bytes) -> list[tuple[str, str]]:
    for line in head.decode(errors="replace").splitlines():
        if line.lower().startswith("content-disposition:"):
            return PARAMETER.findall(line)
    return []


def _malformed() -> ApiError:
    text = "The body of your POST request is not well-formed multipart/form-data."
    return s3_error("MalformedPOSTRequest", 400, text)
