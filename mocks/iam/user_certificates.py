"""What proves a user's identity outside of AWS's APIs: SSH public keys and signing certificates."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass


@dataclass
class SshPublicKey:
    """An SSH public key, encoded as `ssh-rsa AAAA...`."""

    id: str
    body: str
    uploaded_at: float  # seconds since the epoch
    is_active: bool = True

    @property
    def key(self) -> str:
        """The key itself, base 64."""
        return self.body.split()[1]

    @property
    def fingerprint(self) -> str:
        """The MD5 of the key, in pairs of hexadecimal digits."""
        digest = hashlib.md5(base64.b64decode(self.key), usedforsecurity=False).hexdigest()
        return ":".join(digest[index : index + 2] for index in range(0, 32, 2))


@dataclass
class SigningCertificate:
    """An X.509 signing certificate, PEM."""

    id: str
    body: str
    uploaded_at: float  # seconds since the epoch
    is_active: bool = True
