"""What AWS checks of a web identity token before it looks at the trust policy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from iamsim.kit import Call

from .failures import ExpiredToken, InvalidIdentityToken

MAX_SKEW_S = 300
REQUIRED = ("iss", "sub", "aud")
REQUIRED_OF_SIGNED = (*REQUIRED, "exp", "iat")


class OidcProvider(Protocol):
    """What STS asks of an OpenID Connect provider; the mock of IAM keeps it."""

    client_ids: list[str]


def has_required_claims(token: Mapping[str, Any], *, signed: bool) -> None:
    """Raises InvalidIdentityToken for a token without one of OpenID Connect's required claims.

    A token of an issuer whose keys nobody knows may leave its times out. Observed: 2022-05-16, issue 2698 of
    aws/aws-sdk-ruby (`aud`); 2022-09-13, issue 502 of aws-actions/configure-aws-credentials (`sub`).
    """
    for claim in REQUIRED_OF_SIGNED if signed else REQUIRED:
        if token.get(claim) in (None, "", []):
            raise InvalidIdentityToken(f"Missing a required claim: {claim}")


def provider_of(call: Call, host: str) -> OidcProvider:
    """The provider of that issuer in the role's account. Raises InvalidIdentityToken if there is none."""
    arn = call.make_arn("oidc-provider", account=call.arn.account, name=host)
    provider = call.target("oidc-provider", arn).resource
    if provider is None:
        raise InvalidIdentityToken(f"No OpenIDConnect provider found in your account for https://{host}")
    return cast(OidcProvider, provider)


def check_times(token: Mapping[str, Any], now: float) -> None:
    """Raises ExpiredTokenException or InvalidIdentityToken unless the token is valid now."""
    expires_at = _moment(token, "exp")
    if expires_at is not None and expires_at <= now:
        raise ExpiredToken(
            f"Token expired: current date/time {int(now)} must be before the expiration date/time {int(expires_at)}"
        )
    for claim in ("nbf", "iat"):
        begins_at = _moment(token, claim)
        if begins_at is not None and begins_at > now + MAX_SKEW_S:
            raise InvalidIdentityToken(
                f"Token is not valid yet: current date/time {int(now)}, claim {claim} {int(begins_at)}"
            )


def check_audience(audiences: Sequence[str], authorized_party: str, provider: OidcProvider) -> str:
    """The audience that is a client of the provider's. Raises InvalidIdentityToken if none is."""
    for audience in audiences:
        if audience in provider.client_ids:
            return audience
    if authorized_party in provider.client_ids:
        return audiences[0]
    raise InvalidIdentityToken("Incorrect token audience")


def _moment(token: Mapping[str, Any], claim: str) -> float | None:
    value = token.get(claim)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidIdentityToken(f"The claim {claim} is not a number of seconds")
    return value
