"""Web identity tokens: JSON Web Tokens of OpenID Connect providers (A-67, K-40). Signatures are not verified."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from iamsim.kit import Call

from .claims import Claims
from .failures import ExpiredToken, InvalidIdentityToken

BUILT_IN = frozenset({"accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com"})
TAGS = "https://aws.amazon.com/tags"
SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
LASTING = ("aud", "oaud", "sub", "app_id", "id", "user_id")
ARN_START = "oidc-provider/"


def web_claims(call: Call) -> Claims:
    """The claims of the call's token, which fits the provider that issued it.

    Raises InvalidIdentityToken or ExpiredTokenException. While nothing is enforced any text is taken for a token.
    """
    token = _claims_of(call.params["WebIdentityToken"], is_enforced=call.is_enforced)
    issuer = str(token.get("iss") or call.params.get("ProviderId", ""))
    host = issuer.split("://", 1)[-1].rstrip("/")
    audiences = token.get("aud", [])
    audiences = [str(each) for each in audiences] if isinstance(audiences, list) else [str(audiences)]
    provider = _provider(call, host)
    if call.is_enforced:
        _check(call, token, provider, host, audiences)
    keys = {f"{host}:{claim}": str(value) for claim, value in token.items() if isinstance(value, str | int)}
    audience = audiences[0] if audiences else ""
    if host == "accounts.google.com":
        keys |= {f"{host}:aud": str(token.get("azp", audience)), f"{host}:oaud": audience}
    elif audiences:
        keys[f"{host}:aud"] = audience
    lasting = {f"{host}:{claim}": keys[f"{host}:{claim}"] for claim in LASTING if f"{host}:{claim}" in keys}
    if provider:
        lasting["aws:FederatedProvider"] = provider
    many: dict[str, Any] = {f"{host}:amr": [str(each) for each in token["amr"]]} if _is_list(token.get("amr")) else {}
    tags = token.get(TAGS, {})
    return Claims(
        provider=provider,
        subject=str(token.get("sub", "")),
        audience=audience,
        issuer=issuer,
        keys=keys | many | {"aws:FederatedProvider": provider},
        lasting_keys=lasting,
        tags={key: values[0] for key, values in tags.get("principal_tags", {}).items() if values},
        transitive_tag_keys=tuple(tags.get("transitive_tag_keys", ())),
        source_identity=token.get(SOURCE_IDENTITY),
    )


def _provider(call: Call, host: str) -> str:
    """A built-in provider's name, or the ARN of the one in the role's account; "" for a token that names none."""
    if not host or host in BUILT_IN:
        return host
    return str(call.make_arn("oidc-provider", account=call.arn.account, name=host))


def _claims_of(text: str, *, is_enforced: bool) -> dict[str, Any]:
    parts = text.split(".")
    try:
        payload = parts[1] if len(parts) == 3 else ""
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, binascii.Error):
        claims = None
    if isinstance(claims, dict):
        return claims
    if is_enforced:
        raise InvalidIdentityToken(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
        )
    return {}


def _check(call: Call, token: dict[str, Any], provider: str, host: str, audiences: list[str]) -> None:
    """What AWS checks before it looks at the trust policy."""
    now = call.clock.now()
    if "exp" in token and float(token["exp"]) <= now:
        raise ExpiredToken(
            f"Token expired: current date/time {int(now)} must be before the expiration date/time {int(token['exp'])}"
        )
    if provider == host:
        return
    target = call.target("oidc-provider", call.make_arn("oidc-provider", account=call.arn.account, name=host))
    if target.resource is None:
        raise InvalidIdentityToken(f"No OpenIDConnect provider found in your account for https://{host}")
    allowed = set(target.resource.client_ids)
    if not allowed & {*audiences, str(token.get("azp", ""))}:
        raise InvalidIdentityToken("Incorrect token audience")


def _is_list(value: object) -> bool:
    return isinstance(value, list)
