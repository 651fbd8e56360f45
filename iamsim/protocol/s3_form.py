"""Browser uploads to S3: a `multipart/form-data` form posted to a bucket.

Source: Amazon S3 API reference, RESTObjectPOST and sigv4-HTTPPOSTForms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from iamsim.errors import ApiError
from iamsim.protocol.malformed import Malformed
from iamsim.protocol.xml_input import local, parse_xml
from iamsim.request import HttpRequest

BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
PARAMETER = re.compile(r'\b(name|filename)="((?:[^"\\]|\\.)*)"|\b(name|filename)=([^;\s"]+)', re.IGNORECASE)


@dataclass(slots=True)
class Form:
    """The fields of a form by their names in lower case, and the file."""

    fields: dict[str, str] = field(default_factory=dict)
    file: bytes = b""
    filename: str = ""
    has_file: bool = False
    content_type: str = ""  # of the file part

    @property
    def key(self) -> str:
        """The object's key, with the name of the file in the place of `${filename}`."""
        return self.fields.get("key", "").replace("${filename}", self.filename)


def is_form(http: HttpRequest) -> bool:
    """Whether a request is a form."""
    return http.method == "POST" and http.headers.get("content-type", "").lower().startswith("multipart/form-data")


def read_form(http: HttpRequest) -> Form:
    """The fields of a posted form; what follows the file is ignored. Raises ApiError for what is no form."""
    boundary = BOUNDARY.search(http.headers.get("content-type", ""))
    if boundary is None:
        raise _bad("The body of your POST request is not well-formed multipart/form-data.")
    body = b"\r\n" + http.read()
    mark = b"\r\n--" + boundary[1].encode("latin-1", "replace")
    form = Form()
    at = body.find(mark)
    while at >= 0 and not form.has_file:
        start = at + len(mark)
        if body[start : start + 2] == b"--":
            break
        at = body.find(mark, start)
        head_end = body.find(b"\r\n\r\n", start)
        if at < 0 or head_end < 0 or head_end > at:
            raise _bad("The body of your POST request is not well-formed multipart/form-data.")
        _read_part(form, body[start:head_end], body, head_end + 4, at)
    return form


def _read_part(form: Form, head: bytes, body: bytes, start: int, end: int) -> None:
    headers = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    names = {}
    for quoted_name, quoted, bare_name, bare in PARAMETER.findall(headers.get("content-disposition", "")):
        names[(quoted_name or bare_name).lower()] = re.sub(r"\\(.)", r"\1", quoted) or bare
    name = names.get("name", "").lower()
    if name == "file":
        form.file, form.has_file = body[start:end], True
        form.filename = re.split(r"[\\/]", names.get("filename", ""))[-1]
        form.content_type = headers.get("content-type", "")
    elif name:
        form.fields[name] = body[start:end].decode("utf-8", "replace")


def headers_of(form: Form) -> dict[str, str]:
    """The headers with which a PutObject request would say what the fields say."""
    headers = {name: value for name, value in form.fields.items() if name not in ("key", "tagging", "acl", "bucket")}
    if "acl" in form.fields:
        headers["x-amz-acl"] = form.fields["acl"]
    if tagging := form.fields.get("tagging"):
        headers["x-amz-tagging"] = _tags(tagging)
    headers["content-length"] = str(len(form.file))
    return headers


def _tags(document: str) -> str:
    """`a=b&c=d` of a `<Tagging>` document."""
    try:
        root = parse_xml(document.encode())
    except Malformed:
        text = "The XML you provided was not well-formed or did not validate against our published schema"
        raise ApiError(text, code="MalformedXML", status=400) from None
    pairs = []
    for tag in root.iter():
        if local(tag.tag) == "Tag":
            texts = {local(child.tag): child.text or "" for child in tag}
            pairs.append(f"{quote_plus(texts.get('Key', ''))}={quote_plus(texts.get('Value', ''))}")
    return "&".join(pairs)


def _bad(message: str) -> ApiError:
    return ApiError(message, code="MalformedPOSTRequest", status=400)
