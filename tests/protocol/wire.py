"""Requests as botocore writes them and answers as botocore reads them, without any network."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSRequest, AWSResponse, HeadersDict
from botocore.parsers import create_parser
from botocore.response import StreamingBody
from botocore.serialize import create_serializer

from iamsim.errors import ApiError
from iamsim.protocol import identify, parse, serialize, serialize_error
from iamsim.protocol.catalog import catalog
from iamsim.reference.service_model import service_model
from iamsim.request import HttpRequest, HttpResponse, Operation, Params

SCOPE = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"


@cache
def serializer(protocol: str) -> Any:
    return create_serializer(protocol, include_validation=False)


def request_of(model: Any, protocol: str, params: Params) -> HttpRequest:
    """The request in which botocore sends `params`, signed for the service in eu-west-1."""
    wire = serializer(protocol).serialize_to_request(params, model)
    service = model.service_model
    host = f"{service.endpoint_prefix}.eu-west-1.amazonaws.com"
    request = AWSRequest(
        wire["method"], f"https://{host}{wire['url_path']}", params=wire["query_string"] or None, data=wire["body"]
    ).prepare()
    url = urlsplit(request.url)
    headers = {name.lower(): str(value) for name, value in wire["headers"].items()}
    headers["authorization"] = SCOPE.format(service.signing_name)
    body = request.body or b""
    if not isinstance(body, bytes):
        body = body.read() if hasattr(body, "read") else body.encode()
    return HttpRequest(wire["method"], url.netloc, url.path or "/", url.query, headers, body)


class Raw(io.BytesIO):
    """What urllib3 gives botocore as the raw body of an answer."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        while piece := self.read(7):
            yield piece


def content(response: HttpResponse) -> bytes:
    return response.body if isinstance(response.body, bytes) else b"".join(response.body)


def read_answer(model: Any, protocol: str, response: HttpResponse) -> Any:
    """The result that botocore reads from an answer, without its metadata."""
    body: Any = content(response)
    if model.has_event_stream_output:
        body = Raw(body)
    elif model.has_streaming_output:
        body = StreamingBody(Raw(body), len(body))
    answer = {
        "headers": HeadersDict(response.headers),
        "status_code": response.status,
        "body": body,
        "context": {"operation_name": model.name},
    }
    parsed = create_parser(protocol).parse(answer, model.output_shape)
    parsed.pop("ResponseMetadata", None)
    return parsed


def protocols_of(service: str) -> list[str]:
    """The protocols in which botocore can speak to a service."""
    metadata = service_model(service).metadata
    return list(metadata.get("protocols", [metadata["protocol"]]))


def services() -> list[str]:
    return sorted(catalog().by_name)


class Exchange:
    """What passed when a client made a call."""

    http: HttpRequest
    operation: Operation
    params: Params
    response: HttpResponse


def client(service: str, handler: Callable[[Operation, Params], Any], **options: Any) -> tuple[Any, Exchange]:
    """A real client whose requests `handler` answers; an ApiError that it raises is the answer."""
    exchange = Exchange()

    def answer(request: Any, **_: Any) -> AWSResponse:
        url = urlsplit(request.url)
        body = request.body if request.body is not None else b""
        headers = {k.lower(): v.decode() if isinstance(v, bytes) else str(v) for k, v in request.headers.items()}
        body = body.encode() if isinstance(body, str) else body
        http = HttpRequest(request.method, url.netloc, url.path or "/", url.query, headers, body, url.scheme)
        operation = identify(http)
        exchange.http, exchange.operation = http, operation
        try:
            exchange.params = parse(operation, http)
            response = serialize(operation, handler(operation, exchange.params), "request-1")
        except ApiError as failure:
            response = serialize_error(operation, failure, "request-1")
        exchange.response = response
        raw = Raw(b"" if request.method == "HEAD" else content(response))
        return AWSResponse(request.url, response.status, HeadersDict(response.headers), raw)

    options.setdefault("region_name", "eu-west-1")
    session = options.pop("session", None) or boto3
    made = session.client(service, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret", **options)
    made.meta.events.register_first("before-send.*", answer)
    return made, exchange
