"""Requests signed by botocore, as they arrive at the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import botocore.auth
import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamsim.clock import Clock
from iamsim.cloud import Cloud, Credential
from iamsim.policy.principal import Principal, PrincipalKind, Session
from iamsim.request import HttpRequest, Operation

NOW = 1440938160.0  # 2015-08-30T12:36:00Z
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TEMPORARY_KEY, TOKEN = "ASIAIOSFODNN7EXAMPLE", "FwoGZXIvYXdzE/+=token"
ALICE = Principal(PrincipalKind.USER, "123456789012", "arn:aws:iam::123456789012:user/alice", "AIDAALICE")
SESSION = Principal(
    PrincipalKind.ROLE_SESSION,
    "123456789012",
    "arn:aws:sts::123456789012:assumed-role/r/s",
    "AROAR:s",
    session=Session(NOW - 60, NOW + 3600),
)


def a_cloud(at: float = NOW) -> Cloud:
    """A cloud that knows a long-term and a temporary key."""
    cloud = Cloud(clock=Clock(at=at))
    cloud.credentials[KEY] = Credential(KEY, SECRET, ALICE)
    cloud.credentials[TEMPORARY_KEY] = Credential(TEMPORARY_KEY, SECRET, SESSION, TOKEN, NOW + 3600)
    return cloud


@lru_cache
def _session() -> Any:
    return botocore.session.Session()


@lru_cache
def operation(service: str, name: str, region: str = "us-east-1") -> Operation:
    """An operation of botocore's model."""
    model = _session().get_service_model(service)
    return Operation(service, name, model.resolved_protocol, region, "aws", model.operation_model(name))


@contextmanager
def botocore_at(moment: float) -> Iterator[None]:
    """Let botocore sign at `moment`."""
    now = datetime.fromtimestamp(moment, tz=timezone.utc)
    with patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
        yield


def credentials(key: str = KEY, secret: str = SECRET) -> Credentials:
    """Client's side of a key."""
    return Credentials(key, secret, TOKEN if key.startswith("ASIA") else None)


def arrived(request: AWSRequest) -> HttpRequest:
    """`request` as it comes in."""
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    headers = {}
    for name, value in prepared.headers.items():
        headers[name.lower()] = value.decode() if isinstance(value, bytes) else value
    body = prepared.body or b""
    body = body.encode() if isinstance(body, str) else body
    return HttpRequest(prepared.method, parts.netloc, parts.path, parts.query, headers, body, parts.scheme)


def signed(
    signer: Any,
    url: str,
    *,
    method: str = "GET",
    data: bytes = b"",
    headers: dict[str, str] | None = None,
    at: float = NOW,
    **context: Any,
) -> HttpRequest:
    """A request to `url` that `signer` signed at the moment `at`."""
    request = AWSRequest(method=method, url=url, data=data, headers=headers or {})
    request.context.update(context)
    with botocore_at(at):
        signer.add_auth(request)
    return arrived(request)
