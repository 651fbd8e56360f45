"""What STS's operations must be allowed. Source: evaluation-logic section 14, context-keys section 7."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.kit import ApiError, Call, PrincipalKind, Required

from .assume_root import root_meant
from .claims import Claims
from .failures import AccessDenied
from .mfa import check_mfa
from .saml import read_assertion
from .session_tags import inherited_tags
from .web_identity import web_claims


def sts_keys(call: Call) -> dict[str, Any]:
    """STS's own condition keys, as far as the input says them."""
    params = call.params
    keys: dict[str, Any] = {}
    for member, key in (
        ("ExternalId", "sts:ExternalId"),
        ("RoleSessionName", "sts:RoleSessionName"),
        ("SourceIdentity", "sts:SourceIdentity"),
        ("TransitiveTagKeys", "sts:TransitiveTagKeys"),
        ("Audience", "sts:IdentityTokenAudience"),
        ("SigningAlgorithm", "sts:SigningAlgorithm"),
    ):
        if params.get(member):
            keys[key] = params[member]
    if call.operation.name == "GetWebIdentityToken" and "DurationSeconds" in params:
        keys["sts:DurationSeconds"] = str(params["DurationSeconds"])
    if params.get("ProvidedContexts"):
        keys["sts:RequestContextProviders"] = [
            each["ProviderArn"] for each in params["ProvidedContexts"] if "ProviderArn" in each
        ]
    if "TaskPolicyArn" in params:
        keys["sts:TaskPolicyArn"] = params["TaskPolicyArn"].get("arn", "")
    if "TokenCode" in params:  # the second factor counts for the trust policy already
        keys |= {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}
    return keys


def assume_role(call: Call) -> Iterator[Required]:
    """The role; and what the session carries along (R-114). Raises AccessDenied for a root user (A-59).

    Observed: 2025-05-25, issue 80 of aws/eks-pod-identity-agent: tags that are inherited need sts:TagSession, too.
    """
    if call.principal.kind is PrincipalKind.ROOT:
        raise AccessDenied("Roles may not be assumed by root accounts.")
    check_mfa(call)
    role, session = call.targets[0], call.principal.session
    inherited = session.source_identity if session is not None else None
    identity = call.params.get("SourceIdentity") or inherited
    tags = inherited_tags(call.principal)  # which count as the role's own of those keys
    context = {f"{prefix}:ResourceTag/{key}": value for key, value in tags.items() for prefix in ("aws", "iam")}
    if identity:
        context["sts:SourceIdentity"] = identity
    yield Required("sts:AssumeRole", role.arn, context, role)
    if call.params.get("Tags") or tags:
        yield Required("sts:TagSession", role.arn, context, role)
    if identity:
        yield Required("sts:SetSourceIdentity", role.arn, context, role)
    if call.params.get("ProvidedContexts"):
        yield Required("sts:SetContext", role.arn, context, role)


def assume_role_with_web_identity(call: Call) -> Iterator[Required]:
    """The role, asked for by the provider that issued the token."""
    return _federated(call, web_claims(call), call.params["RoleSessionName"])


def assume_role_with_saml(call: Call) -> Iterator[Required]:
    """The role, asked for by the provider; the assertion must name both. Raises AccessDenied."""
    assertion = read_assertion(call)
    if (call.params["RoleArn"], call.params["PrincipalArn"]) not in assertion.roles:
        raise AccessDenied("Not authorized to perform sts:AssumeRoleWithSAML")
    return _federated(call, assertion.claims, assertion.session_name)


def _federated(call: Call, claims: Claims, session_name: str) -> Iterator[Required]:
    role, who = call.targets[0], claims.principal
    context = claims.context() | {"sts:RoleSessionName": session_name}
    yield Required(f"sts:{call.operation.name}", role.arn, context, role, principal=who)
    if claims.tags:
        yield Required("sts:TagSession", role.arn, context, role, principal=who)
    if claims.source_identity:
        yield Required("sts:SetSourceIdentity", role.arn, context, role, principal=who)


def assume_root(call: Call) -> Iterator[Required]:
    """The root user of the target account, judged by the caller's own policies."""
    try:
        root = root_meant(call)
    except ApiError:  # said once the caller may ask
        yield Required("sts:AssumeRoot")
        return
    target = call.target("account", root)
    target.account = call.account
    yield Required("sts:AssumeRoot", target.arn, target=target)


def get_web_identity_token(call: Call) -> Iterator[Required]:
    """No resource; and the tags in the token."""
    yield Required("sts:GetWebIdentityToken")
    if call.params.get("Tags"):
        yield Required("sts:TagGetWebIdentityToken")


def get_federation_token(call: Call) -> Iterator[Required]:
    """The federated user; and its tags."""
    user = call.targets[0]
    yield Required("sts:GetFederationToken", user.arn, target=user)
    if call.params.get("Tags"):
        yield Required("sts:TagSession", user.arn, target=user)
