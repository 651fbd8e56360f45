"""Event streams in requests, plain and with each event signed, as SDKs send them over HTTP/2 and botocore does not."""

from __future__ import annotations

import binascii
import contextlib
import struct
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from iamsim.errors import ApiError
from iamsim.protocol import identify, parse
from iamsim.protocol.event_stream import CONTENT_TYPE, message, messages
from iamsim.protocol.malformed import Malformed
from iamsim.request import HttpRequest

NOON = datetime(2024, 1, 31, 12, tzinfo=timezone.utc)
SIGNED = {":date": NOON, ":chunk-signature": b"0" * 32}
LEX = "/bots/BOT/botAliases/ALIAS/botLocales/en_US/sessions/me/conversation"


def event(name: str, payload: bytes, **headers: Any) -> bytes:
    return message({":message-type": "event", ":event-type": name, **headers}, payload)


def read(body: bytes, host: str = "runtime-v2-lex", path: str = LEX) -> dict[str, Any]:
    headers = {"content-type": CONTENT_TYPE, "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-EVENTS"}
    headers["x-amz-lex-conversation-mode"] = "AUDIO"
    http = HttpRequest("POST", f"{host}.eu-west-1.amazonaws.com", path, "", headers, body)
    return parse(identify(http), http)


CONVERSATION = [
    event("ConfigurationEvent", b'{"responseContentType":"audio/mpeg","clientTimestampMillis":7}'),
    event("AudioInputEvent", b'{"audioChunk":"aGVsbG8=","contentType":"audio/lpcm"}'),
    event("DisconnectionEvent", b"{}"),
]
EVENTS = [
    {"ConfigurationEvent": {"responseContentType": "audio/mpeg", "clientTimestampMillis": 7}},
    {"AudioInputEvent": {"audioChunk": b"hello", "contentType": "audio/lpcm"}},
    {"DisconnectionEvent": {}},
]


def test_events_are_read_beside_the_path_and_the_headers() -> None:
    assert read(b"".join(CONVERSATION)) == {
        "botId": "BOT",
        "botAliasId": "ALIAS",
        "localeId": "en_US",
        "sessionId": "me",
        "conversationMode": "AUDIO",
        "requestEventStream": EVENTS,
    }


def test_events_are_taken_out_of_the_messages_that_sign_them() -> None:
    body = b"".join(message(SIGNED, each) for each in CONVERSATION) + message(SIGNED, b"")
    assert read(body)["requestEventStream"] == EVENTS


def test_a_payload_of_bytes_is_a_member() -> None:
    chunk = event("chunk", b'{"bytes":"AAE="}')
    params = read(chunk, "bedrock-runtime", "/model/amazon.nova/invoke-with-bidirectional-stream")
    assert params == {"modelId": "amazon.nova", "body": [{"chunk": {"bytes": b"\0\1"}}]}


@pytest.mark.parametrize(
    "body",
    [
        CONVERSATION[0][:-1],
        CONVERSATION[0][:11],
        CONVERSATION[0][:20] + b"x" + CONVERSATION[0][21:],
        b"\xff" * 4 + CONVERSATION[0][4:],
        event("Unknown", b"{}"),
        event("AudioInputEvent", b"[]"),
        event("AudioInputEvent", b"{"),
        message({":message-type": "exception"}, b""),
        message({}, b"{}"),
        message(SIGNED, b"abc"),
    ],
)
def test_a_stream_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        read(body)
    assert (caught.value.code, caught.value.status) == ("SerializationException", 400)


HEADER_VALUES = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.binary(max_size=40)
    | st.text(max_size=40)
    | st.uuids()
    | st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, tz=timezone.utc))
)


@given(st.dictionaries(st.text("abc:-", min_size=1, max_size=9), HEADER_VALUES, max_size=6), st.binary(max_size=99))
def test_what_is_written_is_read_by_us_and_by_botocore(headers: dict[str, Any], payload: bytes) -> None:
    written = message(headers, payload)
    ((found, rest),) = messages(written)
    assert (found, rest) == (headers, payload)
    buffer = EventStreamBuffer()
    buffer.add_data(written)
    (theirs,) = list(buffer)
    assert theirs.payload == payload
    for name, value in headers.items():
        expected = round(value.timestamp() * 1000) if isinstance(value, datetime) else value
        expected = expected.bytes if isinstance(expected, UUID) else expected
        assert theirs.headers[name] == expected


@given(st.binary(max_size=200))
def test_the_headers_of_a_message_may_be_anything(junk: bytes) -> None:
    prelude = struct.pack(">II", len(junk) + 16, len(junk))
    start = prelude + struct.pack(">I", binascii.crc32(prelude)) + junk
    with contextlib.suppress(Malformed):
        list(messages(start + struct.pack(">I", binascii.crc32(start))))
