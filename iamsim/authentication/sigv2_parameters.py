"""Signature Version 2 among the parameters of a query service: what SimpleDB's clients still send.

Source: Amazon SimpleDB Developer Guide, HMACAuth.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote

from iamsim.authentication.canonical import signed_host
from iamsim.authentication.failures import Failure, refusal
from iamsim.authentication.keys import credential_of
from iamsim.authentication.moments import basic, check_signing_time
from iamsim.authentication.scheme import Scheme
from iamsim.cloud import Cloud, Credential
from iamsim.request import HttpRequest

HASHES = {"HmacSHA256": "sha256", "HmacSHA1": "sha1"}


def authenticate_parameters(http: HttpRequest, scheme: Scheme, cloud: Cloud) -> Credential | None:
    """The credential that signed the parameters of `http`; None if they are not signed."""
    sent = http.query or http.read().decode(errors="replace")
    given = dict(parse_qsl(sent, keep_blank_values=True))
    if "AWSAccessKeyId" not in given or "Signature" not in given:
        return None
    credential = credential_of(given["AWSAccessKeyId"], given.get("SecurityToken"), scheme.family, cloud)
    claimed = given.pop("Signature")
    hash_name = HASHES.get(given.get("SignatureMethod", ""))
    if hash_name is None or given.get("SignatureVersion") != "2":
        raise refusal(Failure.MISMATCH, scheme.family)
    check_signing_time(_timestamp(given, scheme), cloud.clock, scheme)
    pairs = "&".join(f"{quote(name, safe='~')}={quote(given[name], safe='~')}" for name in sorted(given))
    text = f"{http.method}\n{signed_host(http)}\n{http.path or '/'}\n{pairs}"
    expected = b64encode(hmac.digest(credential.secret_access_key.encode(), text.encode(), hash_name))
    if not hmac.compare_digest(expected, claimed.encode(errors="replace")):
        raise refusal(Failure.MISMATCH, scheme.family)
    return credential


def _timestamp(given: dict[str, str], scheme: Scheme) -> str:
    try:
        parsed = datetime.fromisoformat(given.get("Timestamp", "").replace("Z", "+00:00"))
    except ValueError:
        raise refusal(Failure.MISMATCH, scheme.family) from None
    return basic((parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp())
