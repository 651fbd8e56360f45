"""Event streams whose events are signed one by one. Source: Amazon Transcribe developer guide, the string to sign."""

from __future__ import annotations

import hmac
import struct
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

import pytest
from botocore.auth import SigV4Auth

from iamsim.authentication import authenticate
from iamsim.authentication.sigv4 import signing_key
from iamsim.errors import ApiError
from iamsim.protocol.event_stream import message
from tests.authentication.signing import ALICE, NOW, SECRET, a_cloud, credentials, operation, signed

SIGNED = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
URL = "https://runtime-v2-lex.us-east-1.amazonaws.com/bots/B/botAliases/A/botLocales/en_US/sessions/me/conversation"
TOLD = [b"one", b"two", b""]  # events are not looked into; the last, an empty one, ends the stream
MIDNIGHT = 1440979200


class EventSigner(SigV4Auth):  # type: ignore[misc]
    """Signs the head of a request, which has no body yet."""

    def payload(self, request: Any) -> str:
        return SIGNED


def stream(events: list[bytes], previous: str, at: float = NOW, secret: str = SECRET) -> list[bytes]:
    """The envelopes of `events`, each signed."""
    found = []
    for index, payload in enumerate(events):
        moment = datetime.fromtimestamp(at + index, tz=timezone.utc)
        stamp = moment.strftime("%Y%m%dT%H%M%SZ")
        head = b"\x05:date\x08" + struct.pack(">q", int(moment.timestamp() * 1000))
        scope = f"{stamp[:8]}/us-east-1/lex/aws4_request"
        hashes = f"{sha256(head).hexdigest()}\n{sha256(payload).hexdigest()}"
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{scope}\n{previous}\n{hashes}"
        key = signing_key(secret, stamp[:8], "us-east-1", "lex")
        signature = hmac.digest(key, text.encode(), "sha256")
        previous = signature.hex()
        found.append(message({":date": moment, ":chunk-signature": signature}, payload))
    return found


def sent(change: Any = None, **options: Any) -> Any:
    """Who is told to have sent a stream; `change` is done to its envelopes on the way."""
    started = options.get("at", NOW)
    signer = EventSigner(credentials(), "lex", "us-east-1")
    http = signed(signer, URL, method="POST", headers={"x-amz-content-sha256": SIGNED}, at=started)
    seed = http.headers["authorization"].rpartition("=")[2]
    envelopes = stream(TOLD, seed, **options)
    http.body = b"".join(change(envelopes) if change else envelopes)
    return authenticate(http, operation("lexv2-runtime", "StartConversation"), a_cloud(started))


def test_signed_events() -> None:
    assert sent() == ALICE


def test_events_after_midnight_are_signed_for_their_day() -> None:
    assert sent(at=MIDNIGHT - 1) == ALICE


@pytest.mark.parametrize(
    "change",
    [
        lambda all_of_them: all_of_them[1:],
        lambda all_of_them: [all_of_them[1], all_of_them[0], all_of_them[2]],
        lambda all_of_them: [all_of_them[0], *all_of_them],
        lambda all_of_them: [message({":message-type": "event", ":event-type": "AudioEvent"}, b"bare"), *all_of_them],
        lambda all_of_them: [*all_of_them, message({":date": "x", ":chunk-signature": b"0" * 32}, b"")],
        lambda all_of_them: [all_of_them[0][:-1] + b"!", *all_of_them[1:]],
        lambda all_of_them: [b"\0" * 16],
        lambda all_of_them: stream([b"other"], "0" * 64),
    ],
    ids=["without the first", "in another order", "twice", "bare", "undated", "broken", "empty", "of another request"],
)
def test_a_stream_that_was_tampered_with(change: Any) -> None:
    with pytest.raises(ApiError) as refused:
        sent(change)
    assert (refused.value.code, refused.value.status) == ("InvalidSignatureException", 403)


def test_events_signed_with_another_secret() -> None:
    with pytest.raises(ApiError, match="signature we calculated does not match"):
        sent(secret="another")


def test_a_stream_that_breaks_off_is_read_as_far_as_it_came() -> None:
    assert sent(lambda envelopes: envelopes[:2]) == ALICE
