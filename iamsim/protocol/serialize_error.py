"""From an error to the bytes of its answer. Shapes of the bodies: one function a protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from iamsim.errors import ApiError
from iamsim.protocol import cbor
from iamsim.protocol.answer_ids import S3_SERVICES, host_id
from iamsim.protocol.error_shapes import KnownError, known_error
from iamsim.protocol.json_output import encode
from iamsim.protocol.rest_output import RestHeaders
from iamsim.protocol.serialize import DECLARATION, rpc_content_type, writers_of
from iamsim.protocol.xml_output import element, escape
from iamsim.request import HttpResponse, Operation

NOT_IN_XML = re.compile("&#x(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef]);")  # as `escape` writes them


def serialize_error(operation: Operation | None, error: ApiError, request_id: str) -> HttpResponse:
    """The answer of an operation that failed, or of a request that calls none (`operation` is None).

    The status is the error's own, else what the model says, else 400. An answer to HEAD and a 304 have no body.
    """
    if operation is None:
        protocol, service = getattr(error, "protocol", "json"), ""
        if protocol == "s3":
            protocol, service = "rest-xml", "s3"
        known = KnownError(error.code, error.code, error.status or 400, None)
        namespace = method = ""
        writers: Any = None
    else:
        protocol, service = operation.protocol, operation.service
        known = known_error(operation.model.service_model, service, error.code)
        namespace = _namespace(operation.model.metadata.get("xmlNamespace", ""))
        method = operation.model.http.get("method", "")
        writers = operation.model.service_model
    status = error.status or known.status
    headers: dict[str, str] = {}
    if service in S3_SERVICES:
        headers["x-amz-request-id"] = request_id
        headers["x-amz-id-2"] = host_id(request_id)
    else:
        headers["x-amzn-RequestId"] = request_id
    body = _BODIES[protocol](_Failure(error, known, status, service, namespace, request_id, writers), headers)
    if known.shape is not None and protocol.startswith("rest-"):
        RestHeaders(known.shape).write(headers, error.fields)
    headers.update(error.headers)
    if method == "HEAD" or status == 304:
        headers.pop("Content-Type", None)
        return HttpResponse(status, headers, b"")
    headers["Content-Length"] = str(len(body))
    return HttpResponse(status, headers, body)


class _Failure:
    """One error on its way out, as the functions below need it."""

    def __init__(
        self, error: ApiError, known: KnownError, status: int, service: str, namespace: str, request_id: str, model: Any
    ) -> None:
        self.error = error
        self.known = known
        self.service = service
        self.namespace = f' xmlns="{escape(namespace)}"' if namespace else ""
        self.request_id = request_id
        self.model = model
        self.side = "Sender" if status < 500 else "Receiver"

    def elements(self) -> str:
        """The further members as XML elements."""
        writers = {}
        if self.known.shape is not None:
            writers = writers_of(self.model, "xml").members(self.known.shape)
        out: list[str] = []
        for name, value in self.error.fields.items():
            if value is None:
                continue
            if name in writers:
                writers[name](out, value)
            else:
                out.append(element(name, value))
        return "".join(out)

    def members(self, kind: str) -> dict[str, Any]:
        """The message and the further members for a JSON or CBOR body."""
        shape = self.known.shape
        key = "Message" if self.known.type in ("AccessDeniedException", "ForbiddenException") else "message"
        members: dict[str, Any] = {}
        fields = dict(self.error.fields)
        if shape is not None:
            names = {name.lower(): name for name in shape.members}
            if "message" in names:
                key = shape.members[names["message"]].serialization.get("name", names["message"])
            writer = writers_of(self.model, kind).writer(shape)
            members = dict(writer(fields)) if writer is not None else {}
            fields = {name: value for name, value in fields.items() if name not in shape.members}
        if self.error.message or not members:
            members.setdefault(key, self.error.message)
        return {**fields, **members}


def _query(failure: _Failure, headers: dict[str, str]) -> bytes:
    headers["Content-Type"] = "text/xml"
    text = (
        f"<ErrorResponse{failure.namespace}><Error><Type>{failure.side}</Type>{_code(failure)}{failure.elements()}</Error>"
        f"<RequestId>{failure.request_id}</RequestId></ErrorResponse>"
    )
    return _readable(text)


def _ec2(failure: _Failure, headers: dict[str, str]) -> bytes:
    headers["Content-Type"] = "text/xml;charset=UTF-8"
    text = (
        f"{DECLARATION}<Response><Errors><Error>{_code(failure)}{failure.elements()}</Error></Errors>"
        f"<RequestID>{failure.request_id}</RequestID></Response>"
    )
    return _readable(text)


def _rest_xml(failure: _Failure, headers: dict[str, str]) -> bytes:
    headers["Content-Type"] = "application/xml"
    if failure.service != "s3":
        return DECLARATION.encode() + _query(failure, {})
    text = (
        f"{DECLARATION}<Error>{_code(failure)}{failure.elements()}"
        f"<RequestId>{failure.request_id}</RequestId><HostId>{host_id(failure.request_id)}</HostId></Error>"
    )
    return _readable(text)


def _code(failure: _Failure) -> str:
    return element("Code", failure.known.code) + element("Message", failure.error.message)


def _json(failure: _Failure, headers: dict[str, str]) -> bytes:
    headers["Content-Type"] = rpc_content_type("json", failure.model.metadata if failure.model is not None else {})
    _query_compatible(failure, headers)
    return encode({"__type": failure.known.type, **failure.members("json")}).encode()


def _rest_json(failure: _Failure, headers: dict[str, str]) -> bytes:
    headers["Content-Type"] = "application/json"
    headers["x-amzn-ErrorType"] = failure.known.code
    return encode(failure.members("json")).encode()


def _cbor(failure: _Failure, headers: dict[str, str]) -> bytes:
    headers["Content-Type"] = "application/cbor"
    headers["smithy-protocol"] = "rpc-v2-cbor"
    _query_compatible(failure, headers)
    return cbor.dumps({"__type": failure.known.type, **failure.members("cbor")})


def _amz_cbor(failure: _Failure, headers: dict[str, str]) -> bytes:
    headers["Content-Type"] = rpc_content_type("amz-cbor", failure.model.metadata if failure.model is not None else {})
    _query_compatible(failure, headers)
    return cbor.dumps({"__type": failure.known.type, **failure.members("amz-cbor")})


def _query_compatible(failure: _Failure, headers: dict[str, str]) -> None:
    """A service that once spoke the query protocol gives its old code in a header."""
    if failure.model is not None and failure.model.is_query_compatible:
        headers["x-amzn-query-error"] = f"{failure.known.code};{failure.side}"


def _readable(text: str) -> bytes:
    """XML that every client reads: what a caller sent and XML has no character for is replaced."""
    return NOT_IN_XML.sub("\ufffd", text).encode("utf-8", "xmlcharrefreplace")


def _namespace(trait: str | Mapping[str, str]) -> str:
    return trait if isinstance(trait, str) else trait.get("uri", "")


_BODIES = {
    "query": _query,
    "ec2": _ec2,
    "rest-xml": _rest_xml,
    "json": _json,
    "amz-cbor": _amz_cbor,
    "rest-json": _rest_json,
    "smithy-rpc-v2-cbor": _cbor,
}
