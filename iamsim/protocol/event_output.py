"""Event streams in answers: events that a mock gives, to messages on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from iamsim.errors import ApiError
from iamsim.protocol.event_stream import message

BodyWriter = Callable[[Mapping[str, Any]], bytes]


class EventWriter:
    """Writes the events of one stream shape. `body_writer` makes the writer of a payload of a shape."""

    def __init__(self, shape: Any, body_writer: Callable[[Any, str], BodyWriter], content_type: str) -> None:
        self._events = {name: _Event(name, member, body_writer, content_type) for name, member in shape.members.items()}

    def write(self, events: Iterable[Mapping[str, Any]], first: bytes = b"") -> Iterator[bytes]:
        """The messages of `events`, each `{event name: its members}`; an ApiError among them ends the stream."""
        if first:
            yield first
        try:
            for event in events:
                for name, members in event.items():
                    yield self._events[name].write(members or {})
        except ApiError as failure:
            yield self.write_error(failure)

    def write_error(self, failure: ApiError) -> bytes:
        """The message that ends a stream with an error: an exception of the model, or an error of any code."""
        for name, event in self._events.items():
            if event.exception and failure.code in (name, event.shape_name):
                return event.write({"message": failure.message, "Message": failure.message, **failure.fields})
        return message({":message-type": "error", ":error-code": failure.code, ":error-message": failure.message}, b"")


class _Event:
    def __init__(self, name: str, shape: Any, body_writer: Callable[[Any, str], BodyWriter], content_type: str) -> None:
        self.exception = bool(shape.metadata.get("exception"))
        self.shape_name = shape.name
        self._fixed: dict[str, Any] = {":message-type": "exception" if self.exception else "event"}
        self._fixed[":exception-type" if self.exception else ":event-type"] = name
        self._headers = []
        self._payload = ""
        self._payload_kind = ""
        payload_shape = shape
        for member_name, member in shape.members.items():
            if member.serialization.get("eventheader"):
                self._headers.append(member_name)
            elif member.serialization.get("eventpayload"):
                self._payload, self._payload_kind, payload_shape = member_name, member.type_name, member
        self._body: BodyWriter | None = None
        if self._payload_kind == "blob":
            self._fixed[":content-type"] = "application/octet-stream"
        elif self._payload_kind == "string":
            self._fixed[":content-type"] = "text/plain"
        elif len(self._headers) < len(shape.members):
            self._fixed[":content-type"] = content_type
            self._body = body_writer(payload_shape, name)

    def write(self, members: Mapping[str, Any]) -> bytes:
        headers = dict(self._fixed)
        for name in self._headers:
            if members.get(name) is not None:
                headers[name] = members[name]
        if self._body is not None:
            payload = self._body(members.get(self._payload) or {} if self._payload else members)
        else:
            payload = members.get(self._payload) or b""
        return message(headers, payload.encode() if isinstance(payload, str) else bytes(payload))
