"""Condition keys of who calls and of the session that they call in. Source: context-keys sections 1, 2 and 6."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.moments import timestamp
from iamsim.cloud import Cloud
from iamsim.policy.principal import Principal, PrincipalKind, Session

PRINCIPAL_TYPES = {
    PrincipalKind.ROOT: "Account",
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE_SESSION: "AssumedRole",
    PrincipalKind.FEDERATED_USER: "FederatedUser",
    PrincipalKind.SERVICE: "Service",
    PrincipalKind.IDENTITY_PROVIDER: "Anonymous",
    PrincipalKind.ANONYMOUS: "Anonymous",
}
UNSIGNED = (PrincipalKind.ANONYMOUS, PrincipalKind.IDENTITY_PROVIDER)
HAS_TAGS = (PrincipalKind.USER, PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER)
SERVICES_ACCOUNT = "aws"  # whose number nobody knows: as ARNs write what AWS itself owns


def principal_keys(principal: Principal, cloud: Cloud, now: float) -> dict[str, Any]:
    """The keys that say who calls."""
    kind = principal.kind
    keys: dict[str, Any] = {
        "aws:PrincipalType": PRINCIPAL_TYPES[kind],
        "aws:PrincipalAccount": principal.account or "anonymous",
        "aws:userid": principal.user_id,
        "aws:ViaAWSService": "false",
    }
    if kind in UNSIGNED:
        return keys
    if kind is PrincipalKind.SERVICE:
        return keys | _service_keys(principal, cloud)
    keys["aws:PrincipalIsAWSService"] = "false"
    keys["aws:PrincipalArn"] = principal.entity_arn if kind is PrincipalKind.ROLE_SESSION else principal.arn  # K-10
    if kind is PrincipalKind.USER:
        keys["aws:username"] = principal.arn.rsplit("/", 1)[-1]
    if kind in HAS_TAGS and cloud.policies is not None:
        own = principal.session.tags if principal.session is not None else {}
        overridden = {key.lower() for key in own}
        for key, value in cloud.policies.tags(principal).items():
            if key.lower() not in overridden:
                keys[f"aws:PrincipalTag/{key}"] = value
    if cloud.organizations is not None:
        membership = cloud.organizations.membership(principal.account)
        if membership is not None:
            keys["aws:PrincipalOrgID"], keys["aws:PrincipalOrgPaths"] = membership.organization, [membership.path]
    if principal.session is not None:
        keys |= _session_keys(principal.kind, principal.session, now)
    if principal.called_via:
        keys |= _forwarded_keys(principal.called_via)
        keys.setdefault("aws:MultiFactorAuthPresent", "false")  # K-16
    return keys


def _service_keys(principal: Principal, cloud: Cloud) -> dict[str, Any]:
    """A service's own call, and on whose behalf it is made (R-120)."""
    keys: dict[str, Any] = {
        "aws:PrincipalAccount": SERVICES_ACCOUNT,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": principal.arn,
        "aws:PrincipalServiceNamesList": list(principal.service_names or (principal.arn,)),
    }
    if principal.source_arn:
        keys["aws:SourceArn"] = principal.source_arn
    if principal.source_account:
        keys["aws:SourceAccount"] = principal.source_account
        if cloud.organizations is not None:
            membership = cloud.organizations.membership(principal.source_account)
            if membership is not None:
                keys["aws:SourceOrgID"], keys["aws:SourceOrgPaths"] = membership.organization, [membership.path]
    return keys


def _session_keys(kind: PrincipalKind, session: Session, now: float) -> dict[str, Any]:
    keys: dict[str, Any] = {"aws:TokenIssueTime": timestamp(session.issued_at)}
    if kind is not PrincipalKind.FEDERATED_USER and not session.is_federated:
        keys["aws:MultiFactorAuthPresent"] = "false" if session.mfa_at is None else "true"
        if session.mfa_at is not None:
            keys["aws:MultiFactorAuthAge"] = str(int(now - session.mfa_at))
    if session.source_identity is not None:
        keys["aws:SourceIdentity"] = session.source_identity
    for key, value in session.tags.items():
        keys[f"aws:PrincipalTag/{key}"] = value
    keys.update(session.context)
    return keys


def _forwarded_keys(services: tuple[str, ...]) -> dict[str, Any]:
    """The keys of a request that services forward, first to last (R-122)."""
    return {
        "aws:ViaAWSService": "true",
        "aws:CalledVia": list(services),
        "aws:CalledViaFirst": services[0],
        "aws:CalledViaLast": services[-1],
    }
