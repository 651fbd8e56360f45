"""Condition keys of who calls and of the session that they call in. Source: context-keys sections 1, 2 and 6."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.moments import timestamp
from iamsim.cloud import Cloud
from iamsim.policy.principal import Principal, PrincipalKind, Session

HAS_TAGS = (PrincipalKind.USER, PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER)
SERVICES_ACCOUNT = "aws"  # whose number nobody knows: as ARNs write what AWS itself owns


def add_principal_keys(context: dict[str, Any], principal: Principal, cloud: Cloud, now: float) -> None:
    """The keys that say who calls."""
    kind = principal.kind
    context["aws:PrincipalType"] = kind.type_name
    context["aws:PrincipalAccount"] = principal.account or "anonymous"
    context["aws:userid"] = principal.user_id
    context["aws:ViaAWSService"] = "false"
    if not kind.signs:
        return
    if kind is PrincipalKind.SERVICE:
        _add_service_keys(context, principal, cloud)
        return
    context["aws:PrincipalIsAWSService"] = "false"
    context["aws:PrincipalArn"] = principal.entity_arn if kind is PrincipalKind.ROLE_SESSION else principal.arn  # K-10
    if kind is PrincipalKind.USER:
        context["aws:username"] = principal.arn.rsplit("/", 1)[-1]
    if kind in HAS_TAGS and cloud.policies is not None:
        own = principal.session.tags if principal.session is not None else {}
        overridden = {key.lower() for key in own}
        for key, value in cloud.policies.tags(principal).items():
            if key.lower() not in overridden:
                context[f"aws:PrincipalTag/{key}"] = value
    if cloud.organizations is not None:
        membership = cloud.organizations.membership(principal.account)
        if membership is not None:
            context["aws:PrincipalOrgID"] = membership.organization
            context["aws:PrincipalOrgPaths"] = [membership.path]
    if principal.session is not None:
        _add_session_keys(context, kind, principal.session, now)
    if principal.called_via:
        _add_forwarded_keys(context, principal.called_via)


def _add_service_keys(context: dict[str, Any], principal: Principal, cloud: Cloud) -> None:
    """A service's own call, and on whose behalf it is made (R-120)."""
    context["aws:PrincipalAccount"] = SERVICES_ACCOUNT
    context["aws:PrincipalIsAWSService"] = "true"
    context["aws:PrincipalServiceName"] = principal.arn
    context["aws:PrincipalServiceNamesList"] = list(principal.service_names or (principal.arn,))
    if principal.source_arn:
        context["aws:SourceArn"] = principal.source_arn
    if principal.source_account:
        context["aws:SourceAccount"] = principal.source_account
        membership = cloud.organizations.membership(principal.source_account) if cloud.organizations else None
        if membership is not None:
            context["aws:SourceOrgID"], context["aws:SourceOrgPaths"] = membership.organization, [membership.path]


def _add_session_keys(context: dict[str, Any], kind: PrincipalKind, session: Session, now: float) -> None:
    context["aws:TokenIssueTime"] = timestamp(session.issued_at)
    if kind is not PrincipalKind.FEDERATED_USER and not session.is_federated:
        context["aws:MultiFactorAuthPresent"] = "false" if session.mfa_at is None else "true"
        if session.mfa_at is not None:
            context["aws:MultiFactorAuthAge"] = str(int(now - session.mfa_at))
    if session.source_identity is not None:
        context["aws:SourceIdentity"] = session.source_identity
    for key, value in session.tags.items():
        context[f"aws:PrincipalTag/{key}"] = value
    context.update(session.context)


def _add_forwarded_keys(context: dict[str, Any], services: tuple[str, ...]) -> None:
    """The keys of a request that services forward, first to last (R-122)."""
    context["aws:ViaAWSService"] = "true"
    context["aws:CalledVia"] = list(services)
    context["aws:CalledViaFirst"], context["aws:CalledViaLast"] = services[0], services[-1]
    context.setdefault("aws:MultiFactorAuthPresent", "false")  # K-16
