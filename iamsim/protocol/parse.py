"""From the bytes of a request to the operation's parameters."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any
from urllib.parse import parse_qsl

from iamsim.errors import ApiError
from iamsim.protocol import cbor
from iamsim.protocol.aws_chunked import is_chunked
from iamsim.protocol.body import uncompressed
from iamsim.protocol.cbor_input import CborReaders
from iamsim.protocol.event_input import EventReader, initial_request
from iamsim.protocol.json_input import JsonReaders
from iamsim.protocol.malformed import Malformed
from iamsim.protocol.query_input import QueryReaders, tree
from iamsim.protocol.rest_input import RestReader
from iamsim.protocol.routes import read_query
from iamsim.protocol.s3_input import s3_parser
from iamsim.protocol.xml_input import XmlReaders, local, parse_xml
from iamsim.request import HttpRequest, Operation, Params

MANY = 16_384  # operations; more than anybody calls

Parser = Callable[[HttpRequest], Params]


def parse(operation: Operation, http: HttpRequest) -> Params:
    """The operation's input with the member names of its model; a member that the request has not is absent.

    Raises ApiError (`SerializationException`, `MalformedXML`, ...) for a request that cannot be read.
    """
    try:
        return _parser(operation.model, operation.service, operation.protocol)(http)
    except Malformed as problem:
        raise malformed(operation, str(problem)) from None
    except RecursionError:
        raise malformed(operation, "The request is nested too deeply") from None


def malformed(operation: Operation, message: str) -> ApiError:
    """The error that a request which cannot be read gets in the operation's protocol."""
    if operation.service == "s3":
        if operation.model.http.get("method") in ("PUT", "POST"):
            text = "The XML you provided was not well-formed or did not validate against our published schema"
            return ApiError(text, code="MalformedXML", status=400)
        return ApiError(message, code="InvalidArgument", status=400)
    code = {"query": "MalformedInput", "ec2": "InvalidParameterValue", "rest-xml": "MalformedInput"}
    return ApiError(message, code=code.get(operation.protocol, "SerializationException"), status=400)


@lru_cache(maxsize=MANY)
def _parser(model: Any, service: str, protocol: str) -> Parser:
    if protocol in ("query", "ec2"):
        return _query_parser(model, service, protocol)
    if protocol in ("json", "amz-cbor", "smithy-rpc-v2-cbor"):
        read_body = {"json": _json_body, "amz-cbor": _amz_cbor_body}.get(protocol, _cbor_body)
        if model.input_shape is None:
            return lambda http: {}
        make_body = partial(read_body, service_model=model.service_model)
        if model.has_event_stream_input:
            return _stream_parser(model.input_shape, make_body)
        return partial(_parse_document, make_body(model.input_shape))
    make_body = partial(_json_body if protocol == "rest-json" else _xml_body, service_model=model.service_model)
    reader = RestReader(model, make_body)
    if service == "s3":
        return s3_parser(model, reader)
    return partial(_parse_rest, reader, model)


def _query_parser(model: Any, service: str, protocol: str) -> Parser:
    shape = model.input_shape
    reader = _readers(model.service_model, protocol).reader(shape) if shape is not None else None

    def parse_form(http: HttpRequest) -> Params:
        parameters: list[tuple[str, str]] = []
        try:
            if http.query:
                parameters = parse_qsl(http.query, keep_blank_values=True, errors="surrogateescape")
            if http.method != "GET" and (body := uncompressed(http)):
                text = body.decode("utf-8", "surrogateescape")
                parameters += parse_qsl(text, keep_blank_values=True, errors="surrogateescape")
        except ValueError as problem:
            raise Malformed(str(problem)) from None
        params: Params = reader(tree(parameters)) if reader is not None else {}
        if service == "sqs" and "QueueUrl" in shape.members and "QueueUrl" not in params and len(http.path) > 1:
            params["QueueUrl"] = f"{http.scheme}://{http.host}{http.path.rstrip('/')}"  # the request was sent to it
        return params

    return parse_form


def _stream_parser(shape: Any, make_body: Callable[[Any], Callable[[bytes], Any]]) -> Parser:
    name = shape.event_stream_name
    events, read_rest = EventReader(shape.members[name], make_body), make_body(shape)

    def parse_stream(http: HttpRequest) -> Params:
        body = uncompressed(http)
        first = initial_request(body)
        params: Params = read_rest(first) if first else {}
        return params | {name: events.read(body)}

    return parse_stream


def _parse_document(read_body: Callable[[bytes], Params], http: HttpRequest) -> Params:
    body = uncompressed(http)
    return read_body(body) if body else {}


def _parse_rest(reader: RestReader, model: Any, http: HttpRequest) -> Params:
    query = read_query(http.query)
    if http.method == "POST" and model.http.get("method") == "GET":  # a search sent as a form
        query = {**query, **read_query(http.read().decode("utf-8", "replace"))}
    is_plain = model.has_streaming_input and not is_chunked(http.headers)
    body = http.read if is_plain else partial(uncompressed, http)
    return reader.read(http, query, body)


@cache
def _readers(service_model: Any, protocol: str) -> Any:
    """The readers of a service's shapes, shared by its operations."""
    if protocol in ("query", "ec2"):
        return QueryReaders(ec2=protocol == "ec2")
    if protocol == "amz-cbor":
        return CborReaders(ticks=1000)
    return {"json": JsonReaders, "cbor": CborReaders, "xml": XmlReaders}[protocol]()


def _json_body(shape: Any, service_model: Any) -> Callable[[bytes], Any]:
    reader = _readers(service_model, "json").reader(shape)

    def read(data: bytes) -> Any:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as problem:
            raise Malformed(f"Unable to parse the request body: {problem}"[:300]) from None
        return reader(value)

    return read


def _cbor_body(shape: Any, service_model: Any) -> Callable[[bytes], Any]:
    reader = _readers(service_model, "cbor").reader(shape)
    return lambda data: reader(cbor.loads(data))


def _amz_cbor_body(shape: Any, service_model: Any) -> Callable[[bytes], Any]:
    reader = _readers(service_model, "amz-cbor").reader(shape)
    return lambda data: reader(cbor.loads(data))


def _xml_body(shape: Any, service_model: Any) -> Callable[[bytes], Any]:
    reader = _readers(service_model, "xml").reader(shape)
    root_name = shape.serialization.get("name") if service_model.service_name == "s3" else None
    if root_name is None:
        return lambda data: reader(parse_xml(data))

    def read(data: bytes) -> Any:
        root = parse_xml(data)
        if local(root.tag) != root_name:
            raise Malformed(f"The document is no {root_name}")
        return reader(root)

    return read
