"""Event streams in requests: messages on the wire to events, each `{event name: its members}`. Checks no signature.

Source: Smithy, amazon-eventstream; Amazon Transcribe developer guide, streaming-http2 (the signed envelope).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from iamsim.protocol.event_stream import Message, messages
from iamsim.protocol.malformed import Malformed

BodyReader = Callable[[bytes], Any]
Event = dict[str, Any]

SIGNATURE = ":chunk-signature"  # the header of a message that holds a signed message, or ends the stream if it is empty
INITIAL = "initial-request"  # the event that holds the other members, where no HTTP request can


class EventReader:
    """Reads the events of one stream shape. `body_reader` makes the reader of a payload of a shape."""

    def __init__(self, shape: Any, body_reader: Callable[[Any], BodyReader]) -> None:
        self._events = {name: _EventReader(member, body_reader) for name, member in shape.members.items()}

    def read(self, data: bytes) -> list[Event]:
        """The events of a whole body, but for `initial-request`. Raises Malformed."""
        return [self._event(each) for each in unsigned(data) if each.headers.get(":event-type") != INITIAL]

    def _event(self, received: Message) -> Event:
        name = received.headers.get(":event-type")
        if received.headers.get(":message-type") != "event" or name not in self._events:
            raise Malformed(f"Unknown event {name!r} in the stream"[:200])
        return {str(name): self._events[str(name)].read(received)}


def unsigned(data: bytes) -> list[Message]:
    """The messages of a body, taken out of the envelope in which an SDK signs each. Raises Malformed."""
    found: list[Message] = []
    for received in messages(data):
        if SIGNATURE not in received.headers:
            found.append(received)
        elif received.payload:
            found += messages(received.payload)
    return found


def initial_request(data: bytes) -> bytes:
    """The payload of the message that holds the members beside the stream; empty if there is none."""
    first = next(iter(unsigned(data)), None)
    return first.payload if first is not None and first.headers.get(":event-type") == INITIAL else b""


class _EventReader:
    def __init__(self, shape: Any, body_reader: Callable[[Any], BodyReader]) -> None:
        self._headers = []
        self._payload = ""
        self._body: BodyReader | None = None
        for name, member in shape.members.items():
            if member.serialization.get("eventheader"):
                self._headers.append(name)
            elif member.serialization.get("eventpayload"):
                self._payload = name
                whole: dict[str, BodyReader] = {"blob": bytes, "string": _text}
                self._body = whole.get(member.type_name) or body_reader(member)
        if self._body is None and len(self._headers) < len(shape.members):
            self._body = body_reader(shape)

    def read(self, received: Message) -> Mapping[str, Any]:
        members = {name: received.headers[name] for name in self._headers if name in received.headers}
        if self._body is not None and received.payload:
            value = self._body(received.payload)
            members |= {self._payload: value} if self._payload else value
        return members


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("The event is not valid UTF-8") from None
