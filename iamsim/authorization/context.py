"""The request context: every condition key that AWS would put there for this call.

Source: context-keys sections 1-5.
"""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.request import Call, Required

Context = dict[str, Any]  # a str is a single-valued key, a list a multivalued one

PRINCIPAL_TYPES = {
    PrincipalKind.ROOT: "Account",
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE_SESSION: "AssumedRole",
    PrincipalKind.FEDERATED_USER: "FederatedUser",
    PrincipalKind.SERVICE: "Service",
    PrincipalKind.IDENTITY_PROVIDER: "Anonymous",
    PrincipalKind.ANONYMOUS: "Anonymous",
}
GLOBAL_REGION = "us-east-1"  # what aws:RequestedRegion says for services without regions


def request_context(call: Call) -> Context:
    """The keys that all decisions of `call` share, of whichever service: principal, session, network and request."""
    now = call.cloud.clock.now()
    principal = call.principal
    headers = call.http.headers
    context: Context = {
        "aws:CurrentTime": timestamp(now),
        "aws:EpochTime": str(int(now)),
        "aws:SecureTransport": "true" if call.http.scheme == "https" else "false",
        "aws:SourceIp": call.http.source_ip,
        "aws:RequestedRegion": call.operation.region or GLOBAL_REGION,
        "aws:ViaAWSService": "true" if principal.called_via else "false",
        "aws:PrincipalType": PRINCIPAL_TYPES[principal.kind],
        "aws:PrincipalAccount": principal.account or "anonymous",
        "aws:userid": principal.user_id,
    }
    if "user-agent" in headers:
        context["aws:UserAgent"] = headers["user-agent"]
    if "referer" in headers:
        context["aws:referer"] = headers["referer"]
    if principal.called_via:
        context["aws:CalledVia"] = list(principal.called_via)
        context["aws:CalledViaFirst"], context["aws:CalledViaLast"] = principal.called_via[0], principal.called_via[-1]
    _principal_keys(context, principal)
    if principal.session is not None:
        _session_keys(context, principal, now)
    source = call.cloud.policies
    if source is not None and principal.kind in (
        PrincipalKind.USER,
        PrincipalKind.ROLE_SESSION,
        PrincipalKind.FEDERATED_USER,
    ):
        session_tags = principal.session.tags if principal.session else {}
        overridden = {key.lower() for key in session_tags}
        for key, value in source.tags(principal).items():
            if key.lower() not in overridden:
                context[f"aws:PrincipalTag/{key}"] = value
    return context


def access_context(shared: Context, needed: Required, owner: str) -> Context:
    """The keys of one decision: those of the call, those of the resource, and its own."""
    context = shared | {"aws:ResourceAccount": owner}
    if needed.target is not None and needed.target.resource is not None:
        for key, value in needed.target.resource.tags.items():
            context[f"aws:ResourceTag/{key}"] = value
    return context | needed.context


def timestamp(seconds: float) -> str:
    """ISO 8601 in UTC, to the second (K-6)."""
    return _written(int(seconds))


@lru_cache(maxsize=256)
def _written(second: int) -> str:
    return datetime.fromtimestamp(second, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _principal_keys(context: Context, principal: Principal) -> None:
    kind = principal.kind
    if kind is PrincipalKind.SERVICE:
        context["aws:PrincipalIsAWSService"] = "true"
        context["aws:PrincipalServiceName"] = principal.arn
        context["aws:PrincipalServiceNamesList"] = [principal.arn]
        if principal.source_arn:
            context["aws:SourceArn"] = principal.source_arn
        if principal.source_account:
            context["aws:SourceAccount"] = principal.source_account
    elif kind not in (PrincipalKind.ANONYMOUS, PrincipalKind.IDENTITY_PROVIDER):
        context["aws:PrincipalIsAWSService"] = "false"
        context["aws:PrincipalArn"] = (
            principal.entity_arn if kind is PrincipalKind.ROLE_SESSION else principal.arn  # K-10
        )
    if kind is PrincipalKind.USER:
        context["aws:username"] = principal.arn.rsplit("/", 1)[-1]


def _session_keys(context: Context, principal: Principal, now: float) -> None:
    session = principal.session
    if session is None:
        return
    context["aws:TokenIssueTime"] = timestamp(session.issued_at)
    if principal.kind is not PrincipalKind.FEDERATED_USER:
        context["aws:MultiFactorAuthPresent"] = "false" if session.mfa_at is None else "true"
    if session.mfa_at is not None:
        context["aws:MultiFactorAuthAge"] = str(int(now - session.mfa_at))
    if session.source_identity is not None:
        context["aws:SourceIdentity"] = session.source_identity
    for key, value in session.tags.items():
        context[f"aws:PrincipalTag/{key}"] = value
    context |= session.context
