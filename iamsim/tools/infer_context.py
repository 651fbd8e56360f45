"""The condition keys that follow from principal, resource and clock. Source: context-keys sections 1, 4 and 5."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from iamsim.clock import Clock
from iamsim.policy import Access, PrincipalKind


def inferred_context(access: Access) -> Access:
    """`access` with the keys filled in that its context does not give."""
    principal, kind = access.principal, access.principal.kind
    now = int(Clock().now())
    found = {
        "aws:CurrentTime": datetime.fromtimestamp(now, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(now),
        "aws:PrincipalType": kind.type_name,
        "aws:PrincipalAccount": principal.account or "anonymous",
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
    }
    if kind is PrincipalKind.SERVICE:
        found |= {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal.arn}
    elif kind.signs:
        arn = principal.entity_arn if kind is PrincipalKind.ROLE_SESSION else principal.arn
        found |= {"aws:PrincipalIsAWSService": "false", "aws:PrincipalArn": arn}
    if kind is PrincipalKind.USER:
        found["aws:username"] = principal.arn.rsplit("/", 1)[-1]
    parts = access.resource.split(":", 5)
    if len(parts) == 6:
        account = access.resource_account or parts[4] or principal.account
        if account:
            found["aws:ResourceAccount"] = account
        if parts[3]:
            found["aws:RequestedRegion"] = parts[3]
    given = {key.lower() for key in access.context}
    added = {key: value for key, value in found.items() if key.lower() not in given}
    return replace(access, context={**added, **access.context})
