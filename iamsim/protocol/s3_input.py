"""Input of S3, where it differs from other REST services: address, chunked bodies and forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from iamsim.errors import ApiError
from iamsim.protocol.aws_chunked import is_chunked, unchunked
from iamsim.protocol.malformed import Malformed
from iamsim.protocol.rest_input import RestReader
from iamsim.protocol.routes import read_query
from iamsim.protocol.s3_address import s3_address
from iamsim.protocol.s3_form import headers_of, is_form, read_form
from iamsim.request import HttpRequest, Params


def s3_parser(operation: Any, reader: RestReader) -> Callable[[HttpRequest], Params]:
    """The function that reads the requests of one S3 operation.

    `CopySource` stays as sent, percent-encoded, since only the caller knows where its key ends.
    """
    members = frozenset(operation.input_shape.members) if operation.input_shape is not None else frozenset()
    return partial(_parse, operation.name, members, reader)


def _parse(name: str, members: frozenset[str], reader: RestReader, http: HttpRequest) -> Params:
    if name == "PutObject" and is_form(http):
        return _parse_form(reader, http)
    params = _address(members, http)
    headers = http.headers
    body: Callable[[], bytes] = http.read
    if is_chunked(headers):
        payload, trailers = unchunked(http)
        headers = {**headers, **trailers, "content-length": str(len(payload))}
        encodings = [each.strip() for each in headers.pop("content-encoding", "").split(",")]
        if kept := ",".join(each for each in encodings if each and each != "aws-chunked"):
            headers["content-encoding"] = kept
        body = lambda: payload  # noqa: E731
    query = read_query(http.query)
    if "Signature" in query or "X-Amz-Signature" in query:
        headers = _hoisted(query) | headers
    try:
        reader.read_outside_path(params, headers, query)
    except Malformed as problem:
        raise ApiError(str(problem), code="InvalidArgument", status=400) from None
    reader.read_body(params, body)
    return params


def _hoisted(query: Mapping[str, list[str]]) -> dict[str, str]:
    """The headers that a presigned URL has in its query string, as it has whatever the signer knew beforehand.

    Observed: 2018-06-22 and 2023-05-04, issues 1808 of aws/aws-sdk-ruby and 4694 of aws/aws-sdk-js-v3 (metadata is
    kept); 2021-01-05, pull request 1017 of aws/aws-sdk-go-v2 (tags are not).
    """
    named = {name.lower(): values[0] for name, values in query.items()}
    return {name: value for name, value in named.items() if name.startswith("x-amz-") and name != "x-amz-tagging"}


def _address(members: frozenset[str], http: HttpRequest) -> Params:
    bucket, key = s3_address(http.host, http.path)
    params: Params = {}
    if bucket and "Bucket" in members:
        params["Bucket"] = _name(bucket)
    if key and "Key" in members:
        params["Key"] = _name(key)
    return params


def _name(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ApiError("Couldn't parse the specified URI.", code="InvalidURI", status=400) from None
    return text


def _parse_form(reader: RestReader, http: HttpRequest) -> Params:
    form = read_form(http)
    if not form.has_file:
        message = "POST requires exactly one file upload per request."
        raise ApiError(message, code="IncorrectNumberOfFilesInPostRequest", status=400)
    if not form.key:
        message = (
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields."
        )
        raise ApiError(message, code="InvalidArgument", status=400)
    params: Params = {"Bucket": _name(s3_address(http.host, http.path).bucket), "Key": form.key}
    reader.read_outside_path(params, headers_of(form), {})
    params["Body"] = form.file
    return params
