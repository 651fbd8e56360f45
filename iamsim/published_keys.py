"""The keys that OpenID Connect issuers publish. AWS fetches them from the issuer's URL; the simulator is given them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from iamsim.cloud import Cloud
from iamsim.errors import UsageError

LIBRARIES = ("jwt", "cryptography")
MISSING = (
    "signatures of web identity tokens are verified with PyJWT and cryptography: install them with "
    '`pip install "iamsim[federation]"`'
)


def publish_keys(cloud: Cloud, issuer: str, key_set: Mapping[str, Any] | None) -> None:
    """From now on tokens of `issuer` (a URL) are verified with `key_set`, a JWKS; None: no longer verified.

    Raises UsageError for what is no set of public keys, and where the library that verifies is not installed.
    """
    name = issuer_name(issuer)
    if key_set is None:
        cloud.issuers.pop(name, None)
        return
    keys = key_set.get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, Mapping) for key in keys):
        raise UsageError(f'the keys of `{issuer}` are no JWKS: give {{"keys": [{{"kty": "RSA", "kid": ..., ...}}]}}')
    for key in keys:
        if key.get("kty") not in ("RSA", "EC"):
            raise UsageError(f"a key of `{issuer}` has the type `{key.get('kty')}`: AWS takes RSA and EC")
    if any(find_spec(library) is None for library in LIBRARIES):
        raise UsageError(MISSING)
    cloud.issuers[name] = {"keys": [dict(key) for key in keys]}


def issuer_name(issuer: str) -> str:
    """An issuer's URL as IAM names it: without scheme, and without `/` at the end."""
    return issuer.split("://", 1)[-1].rstrip("/")
