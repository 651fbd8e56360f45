"""Web identity tokens: who issued one, for whom, and what it says of its subject (A-67, K-40)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from iamsim.kit import Call

from .claims import Claims, source_identity_claimed, tags_claimed
from .failures import InvalidIdentityToken
from .token_checks import check_audience, check_times, has_required_claims, provider_of
from .token_signature import check_signature

GOOGLE = "accounts.google.com"
LEGACY = frozenset({"www.amazon.com", "graph.facebook.com"})  # OAuth 2.0: the call names them in ProviderId
BUILT_IN = LEGACY | {GOOGLE, "cognito-identity.amazonaws.com"}

TAGS = "https://aws.amazon.com/tags"
PRINCIPAL_TAGS = f"{TAGS}/principal_tags/"
TRANSITIVE = f"{TAGS}/transitive_tag_keys"
SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
ROLES = ("https://aws.amazon.com/roles", "roles")  # of these names AWS's pages give none

# Claims of which the condition key stays with the session (context-keys section 2).
LASTING = ("aud", "oaud", "sub", "amr", "app_id", "id", "user_id")
NOT_A_TOKEN = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"


def web_claims(call: Call) -> Claims:
    """The claims of the call's token, which fits the provider that issued it.

    The signature is verified where the issuer's keys are known. While nothing is enforced any text is a token.
    Raises InvalidIdentityToken or ExpiredTokenException.
    """
    text: str = call.params["WebIdentityToken"]
    token = _payload(text, is_enforced=call.is_enforced)
    named: str = call.params.get("ProviderId", "")
    issuer = named if named in LEGACY else str(token.get("iss") or named)
    host = issuer.split("://", 1)[-1].rstrip("/")
    audiences = _texts(token.get("aud"))
    provider = host if not host or host in BUILT_IN else str(_provider_arn(call, host))
    audience = audiences[0] if audiences else ""
    if call.is_enforced:
        keys = call.cloud.issuers.get(host)
        if host not in LEGACY:
            has_required_claims(token, signed=keys is not None)
        registered = None if host in BUILT_IN else provider_of(call, host)
        if keys is not None:
            check_signature(text, keys)
        check_times(token, call.clock.now())
        if registered is not None:
            audience = check_audience(audiences, str(token.get("azp", "")), registered)
    keys_of_claims = _condition_keys(host, token, audience)
    tags, transitive = _tags(token)
    return Claims(
        provider=provider,
        subject=str(token.get("sub") or token.get("user_id") or token.get("id") or ""),
        audience=audience or str(token.get("app_id", "")),
        issuer=issuer,
        keys=keys_of_claims
        | {"aws:FederatedProvider": provider, "sts:RoleAuthorizedByIdp": _lists_the_role(token, str(call.arn))},
        lasting_keys=_lasting(host, keys_of_claims) | ({"aws:FederatedProvider": provider} if provider else {}),
        tags=tags,
        transitive_tag_keys=transitive,
        source_identity=source_identity_claimed(token.get(SOURCE_IDENTITY)),
    )


def _provider_arn(call: Call, host: str) -> Any:
    """Of the provider in the role's account."""
    return call.make_arn("oidc-provider", account=call.arn.account, name=host)


def _payload(text: str, *, is_enforced: bool) -> dict[str, Any]:
    """The claims, unverified. While nothing is enforced there need not be any."""
    parts = text.split(".")
    try:
        payload = parts[1] if len(parts) == 3 else ""
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        claims = None
    if isinstance(claims, dict):
        return claims
    if is_enforced:
        raise InvalidIdentityToken(NOT_A_TOKEN)
    return {}


def _condition_keys(host: str, token: Mapping[str, Any], audience: str) -> dict[str, Any]:
    """`<issuer>:<claim>` for every claim that is a text, a number, a boolean or a list of such.

    What is nested deeper has no condition key in AWS.
    """
    keys: dict[str, Any] = {}
    for claim, value in token.items():
        if claim.startswith("https://aws.amazon.com/"):
            continue
        if isinstance(value, str | int | float):
            keys[f"{host}:{claim}"] = _text(value)
        elif isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
            keys[f"{host}:{claim}"] = [_text(each) for each in value]
    if audience:
        keys[f"{host}:aud"] = audience
    if host == GOOGLE and "azp" in token:  # K-40
        keys[f"{host}:aud"], keys[f"{host}:oaud"] = _text(token["azp"]), audience
    return keys


def _lasting(host: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{host}:{claim}": keys[f"{host}:{claim}"] for claim in LASTING if f"{host}:{claim}" in keys}


def _tags(token: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Session tags, nested in one claim or one claim each. Source: IAM User Guide, id_session-tags."""
    nested = token.get(TAGS, {})
    if not isinstance(nested, dict) or not isinstance(nested.get("principal_tags", {}), dict):
        raise InvalidIdentityToken(f"The claim {TAGS} is not of the form that AWS reads")
    values = {key: _texts(value) for key, value in nested.get("principal_tags", {}).items()}
    values |= {
        claim.removeprefix(PRINCIPAL_TAGS): _texts(value)
        for claim, value in token.items()
        if claim.startswith(PRINCIPAL_TAGS)
    }
    transitive = [*_texts(nested.get("transitive_tag_keys")), *_texts(token.get(TRANSITIVE))]
    return tags_claimed(values, transitive)


def _lists_the_role(token: Mapping[str, Any], role: str) -> str:
    return "true" if any(role in _texts(token.get(claim)) for claim in ROLES) else "false"


def _texts(value: Any) -> list[str]:
    """A claim that is one text or a list of them."""
    if value is None:
        return []
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
