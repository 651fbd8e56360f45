"""From an operation's result to the bytes of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from iamsim.protocol import cbor
from iamsim.protocol.answer_ids import S3_SERVICES, host_id
from iamsim.protocol.cbor_output import CborWriters
from iamsim.protocol.event_output import EventWriter
from iamsim.protocol.event_stream import CONTENT_TYPE, message
from iamsim.protocol.json_output import JsonWriters, encode
from iamsim.protocol.rest_output import RestHeaders
from iamsim.protocol.s3_form_answer import answer_form
from iamsim.protocol.s3_output import ROOT_NAMES, S3_NAMESPACE, bucket_location
from iamsim.protocol.xml_output import XmlWriters, escape, write_members
from iamsim.request import HttpResponse, Operation

Result = Mapping[str, Any]
Serializer = Callable[[Result, str], HttpResponse]
MANY = 16_384  # operations; more than anybody calls
RPC_KINDS = {"json": "json", "amz-cbor": "amz-cbor", "smithy-rpc-v2-cbor": "cbor"}  # whose documents they send
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def serialize(operation: Operation, result: Result | None, request_id: str) -> HttpResponse:
    """The answer of an operation that succeeded. Members that are None are absent; unknown ones are left out."""
    return _serializer(operation.model, operation.service, operation.protocol)(result or {}, request_id)


@lru_cache(maxsize=MANY)
def _serializer(model: Any, service: str, protocol: str) -> Serializer:
    if protocol == "query":
        return _query_serializer(model)
    if protocol == "ec2":
        return _ec2_serializer(model)
    if protocol in ("json", "amz-cbor", "smithy-rpc-v2-cbor"):
        return _rpc_serializer(model, protocol)
    return _rest_serializer(model, service, protocol)


@cache
def writers_of(service_model: Any, kind: str) -> Any:
    """The writers of a service's shapes, shared by its operations. `kind`: json, cbor, amz-cbor, xml or ec2."""
    if kind == "ec2":
        return XmlWriters(milliseconds=True, item_name="item")
    if kind == "xml":
        return XmlWriters(milliseconds=service_model.service_name == "s3")
    if kind == "json":
        return JsonWriters()
    return CborWriters(in_milliseconds=kind == "amz-cbor")


def _query_serializer(model: Any) -> Serializer:
    shape = model.output_shape
    namespace = escape(model.metadata.get("xmlNamespace", ""))
    writers = writers_of(model.service_model, "xml").members(shape) if shape is not None else {}
    start = f'<{model.name}Response xmlns="{namespace}">'
    wrapper = shape.serialization.get("resultWrapper", "") if shape is not None else ""
    open_wrapper, close_wrapper = (f"<{wrapper}>", f"</{wrapper}>") if wrapper else ("", "")
    end = f"</{model.name}Response>"

    def serialize_query(result: Result, request_id: str) -> HttpResponse:
        metadata = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        text = start + open_wrapper + write_members(writers, result) + close_wrapper + metadata + end
        return _answer(200, text.encode("utf-8", "xmlcharrefreplace"), "text/xml", request_id)

    return serialize_query


def _ec2_serializer(model: Any) -> Serializer:
    shape = model.output_shape
    writers = writers_of(model.service_model, "ec2").members(shape) if shape is not None else {}
    namespace = model.metadata.get("xmlNamespace", "http://ec2.amazonaws.com/doc/2016-11-15").rstrip("/")
    start = f'{DECLARATION}<{model.name}Response xmlns="{escape(namespace)}/">'
    end = f"</{model.name}Response>"

    def serialize_ec2(result: Result, request_id: str) -> HttpResponse:
        text = f"{start}<requestId>{request_id}</requestId>{write_members(writers, result)}{end}"
        return _answer(200, text.encode("utf-8", "xmlcharrefreplace"), "text/xml;charset=UTF-8", request_id)

    return serialize_ec2


def _rpc_serializer(model: Any, protocol: str) -> Serializer:
    shape = model.output_shape
    kind = RPC_KINDS[protocol]
    write_bytes = _document_writer(shape, model.service_model, kind)
    content_type = rpc_content_type(protocol, model.metadata)
    events = shape.event_stream_name if shape is not None else None
    if events:
        return _rpc_stream_serializer(model, events, write_bytes, content_type, kind)

    def serialize_rpc(result: Result, request_id: str) -> HttpResponse:
        answer = _answer(200, write_bytes(result), content_type, request_id)
        if kind == "cbor":
            answer.headers["smithy-protocol"] = "rpc-v2-cbor"
        return answer

    return serialize_rpc


def rpc_content_type(protocol: str, metadata: Mapping[str, Any]) -> str:
    """What the bodies of answers are in these protocols, by the service's metadata."""
    if protocol == "smithy-rpc-v2-cbor":
        return "application/cbor"
    return f"application/x-{protocol if protocol == 'amz-cbor' else 'amz-json'}-{metadata.get('jsonVersion', '1.0')}"


def _document_writer(shape: Any, service_model: Any, kind: str) -> Callable[[Result], bytes]:
    if shape is None:
        return lambda result: b"" if kind == "json" else cbor.dumps({})
    writer = writers_of(service_model, kind).writer(shape) or dict
    if kind == "json":
        return lambda result: encode(writer(result)).encode()
    return lambda result: cbor.dumps(writer(result))


def _rpc_stream_serializer(
    model: Any, name: str, write_bytes: Callable[[Result], bytes], content_type: str, kind: str
) -> Serializer:
    """The first message of such a stream holds the other members."""
    writer = _event_writer(model, name, kind, content_type)

    def serialize_stream(result: Result, request_id: str) -> HttpResponse:
        rest = {key: value for key, value in result.items() if key != name}
        headers = {":message-type": "event", ":event-type": "initial-response", ":content-type": content_type}
        first = message(headers, write_bytes(rest))
        answer = HttpResponse(200, {"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": request_id})
        if kind == "cbor":
            answer.headers["smithy-protocol"] = "rpc-v2-cbor"
        answer.body = writer.write(result.get(name) or (), first)
        return answer

    return serialize_stream


def _event_writer(model: Any, name: str, kind: str, content_type: str) -> EventWriter:
    def body_writer(shape: Any, event: str) -> Callable[[Result], bytes]:
        if kind == "xml":
            return _xml_writer(model.service_model, shape, event, "")
        return _document_writer(shape, model.service_model, kind)

    return EventWriter(model.output_shape.members[name], body_writer, content_type)


def _xml_writer(service_model: Any, shape: Any, root: str, namespace: str) -> Callable[[Result], bytes]:
    """The writer of a document; `namespace` is that of the root where the shape has none."""
    writers = writers_of(service_model, "xml")
    write = writers.writer(shape, root)
    opening = f'<{root} xmlns="{namespace}"' if namespace and "xmlNamespace" not in shape.serialization else ""

    def write_document(result: Result) -> bytes:
        out: list[str] = []
        write(out, result)
        if opening:
            out[0] = opening + out[0][len(root) + 1 :]
        return (DECLARATION + "".join(out)).encode("utf-8", "xmlcharrefreplace")

    return write_document


def _rest_serializer(model: Any, service: str, protocol: str) -> Serializer:
    shape = model.output_shape
    headers_of = RestHeaders(shape)
    status = int(model.http.get("responseCode", 200))
    body_of, content_type = _rest_body(model, service, protocol)

    def serialize_rest(result: Result, request_id: str) -> HttpResponse:
        headers: dict[str, str] = {}
        if service in S3_SERVICES:
            headers["x-amz-request-id"] = request_id
            headers["x-amz-id-2"] = host_id(request_id)
        else:
            headers["x-amzn-RequestId"] = request_id
        body = body_of(result)
        if content_type and body != b"":
            headers["Content-Type"] = content_type
        headers_of.write(headers, result)
        if isinstance(body, bytes) and "Content-Length" not in headers and model.http.get("method") != "HEAD":
            headers["Content-Length"] = str(len(body))
        if "Content-Range" in headers and service == "s3":
            return HttpResponse(206, headers, body)
        return HttpResponse(headers_of.status(result, status), headers, body)

    if asked := model.http.get("form"):
        return lambda result, request_id: answer_form(asked, serialize_rest(result, request_id))
    return serialize_rest


def _rest_body(model: Any, service: str, protocol: str) -> tuple[Callable[[Result], Any], str]:
    """The function that gives the body, and its content type."""
    shape = model.output_shape
    if shape is None:
        return lambda result: b"", ""
    if service == "s3" and model.name == "GetBucketLocation":
        return bucket_location, "application/xml"
    is_json = protocol == "rest-json"
    content_type = "application/json" if is_json else "application/xml"
    payload = shape.serialization.get("payload")
    if payload is None:
        if not any("location" not in member.serialization for member in shape.members.values()):
            return lambda result: b"", ""
        if int(model.http.get("responseCode", 200)) == 204:
            return lambda result: b"", ""
        if is_json:
            return _document_writer(shape, model.service_model, "json"), content_type
        return _rest_xml(model, service, shape), content_type
    member = shape.members[payload]
    if member.serialization.get("eventstream"):
        writer = _event_writer(
            model, payload, "json" if is_json else "xml", "application/json" if is_json else "text/xml"
        )
        return lambda result: writer.write(result.get(payload) or ()), CONTENT_TYPE
    if member.type_name in ("blob", "string"):
        stream_type = "binary/octet-stream" if service == "s3" else "application/octet-stream"
        return lambda result: _stream(result.get(payload)), stream_type if member.type_name == "blob" else content_type
    document = (
        _document_writer(member, model.service_model, "json") if is_json else _rest_xml(model, service, member, payload)
    )
    empty = b"{}" if is_json else b""
    return lambda result: document(result[payload]) if result.get(payload) is not None else empty, content_type


def _rest_xml(model: Any, service: str, shape: Any, payload: str = "") -> Callable[[Result], bytes]:
    namespace = S3_NAMESPACE if service == "s3" else model.metadata.get("xmlNamespace", "")
    if isinstance(namespace, dict):
        namespace = namespace.get("uri", "")
    root = shape.serialization.get("name") or (payload if payload else f"{model.name}Result")
    if service == "s3" and not payload:
        root = ROOT_NAMES.get(model.name, root)
    return _xml_writer(model.service_model, shape, root, namespace)


def _stream(value: Any) -> bytes | Iterator[bytes]:
    """The body as it goes out: bytes, or pieces of them."""
    if value is None:
        return b""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if hasattr(value, "read"):
        pieces: Iterator[bytes] = iter(lambda: value.read(1 << 20), b"")
        return pieces
    return (bytes(piece) for piece in value)


def _answer(status: int, body: bytes, content_type: str, request_id: str) -> HttpResponse:
    headers = {"x-amzn-RequestId": request_id, "Content-Type": content_type, "Content-Length": str(len(body))}
    return HttpResponse(status, headers, body)
