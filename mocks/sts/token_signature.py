"""The signature of a web identity token, verified with the keys that its issuer publishes.

AWS fetches those keys from the issuer. Nothing here reaches the network, so the cloud is given them, by
`iamsim.testing.identity_provider` or the server's `/_iamsim/identity-providers`. Verified with PyJWT.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from iamsim.kit import UsageError

from .failures import InvalidIdentityToken

# Source: IAM User Guide, id_roles_providers_create_oidc: RSA and elliptic-curve keys. Never HMAC, never `none`.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"})
MAX_KEYS_OF_A_TYPE = 100

NO_KEY = (  # with two spaces. Observed: 2019 to 2023, in published reports
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
    "documentation for requirements"
)
WRONG = "Token signature invalid"  # Observed: 2016, of Cognito, which asks the same service of AWS
MISSING_LIBRARY = (
    "the signature of a web identity token is verified with PyJWT, which is not installed: "
    '`pip install "iamsim[federation]"`, or do not register keys of the provider'
)


def check_signature(token: str, key_set: Mapping[str, Any]) -> None:
    """Raises InvalidIdentityToken unless a key of `key_set` (a JWKS) signed `token`, and UsageError without PyJWT."""
    try:
        jwt: Any = import_module("jwt")
        import_module("cryptography")
    except ImportError:
        raise UsageError(MISSING_LIBRARY) from None
    try:
        header: dict[str, Any] = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise InvalidIdentityToken(WRONG) from None
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise InvalidIdentityToken(WRONG)
    candidates = [key for key in _keys(key_set) if "kid" not in header or key.get("kid") == header["kid"]]
    if not candidates:
        raise InvalidIdentityToken(NO_KEY)
    for key in candidates:
        if key.get("alg", algorithm) != algorithm or key.get("use", "sig") != "sig":
            continue
        try:
            jwt.PyJWS().decode(token, jwt.PyJWK.from_dict(key, algorithm=algorithm), algorithms=[algorithm])
        except (jwt.PyJWTError, TypeError, ValueError):
            continue
        return
    raise InvalidIdentityToken(WRONG)


def _keys(key_set: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keys of the set, which may be too many for AWS. Source: IAM User Guide, id_roles_providers_create_oidc."""
    keys = [key for key in key_set.get("keys", ()) if isinstance(key, dict)]
    for kind in ("RSA", "EC"):
        if sum(key.get("kty") == kind for key in keys) > MAX_KEYS_OF_A_TYPE:
            raise InvalidIdentityToken(NO_KEY)
    return keys
