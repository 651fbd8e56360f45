"""Event streams in requests, each event in an envelope that is signed: a signature covers the one before it.

An envelope has the headers `:date` and `:chunk-signature`, and as its payload the event; an empty one ends the stream.

Source: Amazon Transcribe developer guide, streaming-setting-up (event stream encoding), for the string to sign.
"""

from __future__ import annotations

import hmac
import struct
from collections.abc import Callable
from hashlib import sha256

from botocore.eventstream import EventStreamBuffer, EventStreamMessage, ParserError

from iamsim.authentication.claim import ALGORITHM, Claim
from iamsim.authentication.failures import Failure, refusal
from iamsim.authentication.moments import basic
from iamsim.authentication.scheme import Scheme

DATE, SIGNATURE = ":date", ":chunk-signature"
DATE_HEADER = bytes([len(DATE)]) + DATE.encode() + b"\x08"  # a timestamp, in milliseconds
LATEST_MS = 250_000_000_000_000  # before the year 9999 ends
KeyOf = Callable[[str], bytes]  # the signing key of a day, such as `20150830`


def check_events(body: bytes, claim: Claim, key_of: KeyOf, scheme: Scheme) -> None:
    """Refuse `body` unless every event in it is signed. That it ends inside an event is left to who reads it."""
    previous, at = claim.signature, 0
    while (end := at + int.from_bytes(body[at : at + 4], "big")) <= len(body) and at < len(body):
        envelope = _envelope(body[at:end])
        text = _string_to_sign(envelope, previous, claim) if envelope is not None else ""
        if envelope is None or not _is_signed(envelope, text, key_of):
            raise refusal(Failure.MISMATCH, scheme.family)
        previous, at = envelope.headers[SIGNATURE].hex(), end


def _envelope(data: bytes) -> EventStreamMessage | None:
    """The one message in `data`, if it is one, and an envelope."""
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    try:
        message: EventStreamMessage = next(buffer)
    except (ParserError, StopIteration, struct.error, ValueError, LookupError):
        return None
    headers = message.headers
    is_one = headers.keys() == {DATE, SIGNATURE} and isinstance(headers[SIGNATURE], bytes)
    return message if is_one and type(headers[DATE]) is int and 0 <= headers[DATE] < LATEST_MS else None


def _is_signed(envelope: EventStreamMessage, text: str, key_of: KeyOf) -> bool:
    key = key_of(text.split("\n")[1][:8])
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256"), envelope.headers[SIGNATURE])


def _string_to_sign(envelope: EventStreamMessage, previous: str, claim: Claim) -> str:
    date_ms = envelope.headers[DATE]
    timestamp = basic(date_ms / 1000)
    scope = f"{timestamp[:8]}/{claim.region}/{claim.service}/{claim.terminator}"
    head = sha256(DATE_HEADER + struct.pack(">q", date_ms)).hexdigest()
    return f"{ALGORITHM}-PAYLOAD\n{timestamp}\n{scope}\n{previous}\n{head}\n{sha256(envelope.payload).hexdigest()}"
