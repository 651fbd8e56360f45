"""Signature Version 4A: an ECDSA key derived from the secret signs for a set of Regions (A-41).

Verified with the package `cryptography` where it is installed; otherwise such a request is refused in so many words.

Source: IAM User Guide, reference_sigv (SigV4 and SigV4A); the key derivation is NIST SP 800-108 in counter mode.
"""

from __future__ import annotations

import hmac
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import import_module
from typing import Any

from iamsim.errors import NotMocked

ALGORITHM_V4A = "AWS4-ECDSA-P256-SHA256"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256
KEY_BITS = 256


def private_value(access_key_id: str, secret_access_key: str) -> int:
    """The private key that client and service derive from an access key."""
    key = f"AWS4A{secret_access_key}".encode()
    for attempt in range(1, 255):
        context = access_key_id.encode() + bytes([attempt])
        fixed = b"\0\0\0\1" + ALGORITHM_V4A.encode() + b"\0" + context + KEY_BITS.to_bytes(4, "big")
        candidate = int.from_bytes(hmac.digest(key, fixed, "sha256"), "big")
        if candidate <= ORDER - 2:
            return candidate + 1
    raise ValueError("no key can be derived")  # it would take 2**32 tries of 254 attempts each to see it


def is_signature(access_key_id: str, secret_access_key: str, text: bytes, signature: str) -> bool:
    """Whether `signature`, in hexadecimal, is one of `text`. Raises NotMocked where `cryptography` is not installed."""
    try:
        elliptic = import_module("cryptography.hazmat.primitives.asymmetric.ec")
        sha256 = import_module("cryptography.hazmat.primitives.hashes").SHA256()
        invalid: Any = import_module("cryptography.exceptions").InvalidSignature
    except ImportError:
        raise NotMocked(
            f"Signature Version 4A ({ALGORITHM_V4A}) is verified with the package `cryptography`: install it, or sign "
            "with AWS4-HMAC-SHA256"
        ) from None
    try:
        _public_key(access_key_id, secret_access_key).verify(bytes.fromhex(signature), text, elliptic.ECDSA(sha256))
    except (invalid, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def _public_key(access_key_id: str, secret_access_key: str) -> Any:
    elliptic = import_module("cryptography.hazmat.primitives.asymmetric.ec")
    value = private_value(access_key_id, secret_access_key)
    return elliptic.derive_private_key(value, elliptic.SECP256R1()).public_key()


def holds_region(region_set: str, region: str) -> bool:
    """Whether `region` is in a set of Regions such as `us-east-1,eu-*`."""
    return any(fnmatchcase(region, each.strip()) for each in region_set.split(","))
