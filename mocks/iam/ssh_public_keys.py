"""Operations on SSH public keys. Source: IAM API reference."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from iamsim.kit import Call, NotMocked, Reply, error, operation

from .failures import LimitExceeded, NoSuchEntity
from .user import User, user_meant
from .user_certificates import SshPublicKey

DuplicateSSHPublicKey = error("DuplicateSSHPublicKey")
InvalidPublicKey = error("InvalidPublicKey")

MAX_KEYS_PER_USER = 5
PAGE_SIZE = 100


@operation
def upload_ssh_public_key(call: Call, user: User, *, ssh_public_key_body: str) -> Reply:
    """Raises InvalidPublicKey, DuplicateSSHPublicKey or LimitExceeded."""
    body = ssh_public_key_body.strip()
    _check(body)
    if any(key.key == body.split()[1] for key in user.ssh_public_keys.values()):
        raise DuplicateSSHPublicKey(f"The SSH public key is already associated with the user {user.name}.")
    if len(user.ssh_public_keys) >= MAX_KEYS_PER_USER:
        raise LimitExceeded(f"Cannot exceed quota for SSHPublicKeysPerUser: {MAX_KEYS_PER_USER}")
    key = SshPublicKey(call.clock.new_unique_id("APKA"), body, call.clock.now())
    user.ssh_public_keys[key.id] = key
    return {"SSHPublicKey": _shown(user, key)}


@operation
def get_ssh_public_key(call: Call, user: User, *, ssh_public_key_id: str, encoding: str) -> Reply:
    """The key as it was uploaded. Raises NotMocked for the encoding PEM."""
    if encoding != "SSH":
        raise NotMocked("iamsim gives SSH public keys in the encoding SSH only")
    return {"SSHPublicKey": _shown(user, _key(user, ssh_public_key_id))}


@operation
def list_ssh_public_keys(call: Call) -> Reply:
    user = user_meant(call)
    return call.page([_described(user, key) for key in user.ssh_public_keys.values()], limit=PAGE_SIZE)


@operation
def update_ssh_public_key(call: Call, user: User, *, ssh_public_key_id: str, status: str) -> None:
    _key(user, ssh_public_key_id).is_active = status == "Active"


@operation
def delete_ssh_public_key(call: Call, user: User, *, ssh_public_key_id: str) -> None:
    del user.ssh_public_keys[_key(user, ssh_public_key_id).id]


def _key(user: User, key_id: str) -> SshPublicKey:
    key = user.ssh_public_keys.get(key_id)
    if key is None:
        raise NoSuchEntity(f"The Public Key with id {key_id} cannot be found.")
    return key


def _described(user: User, key: SshPublicKey) -> dict[str, Any]:
    return {
        "UserName": user.name,
        "SSHPublicKeyId": key.id,
        "Status": "Active" if key.is_active else "Inactive",
        "UploadDate": int(key.uploaded_at),
    }


def _shown(user: User, key: SshPublicKey) -> dict[str, Any]:
    return _described(user, key) | {"Fingerprint": key.fingerprint, "SSHPublicKeyBody": key.body}


def _check(body: str) -> None:
    parts = body.split()
    try:
        is_key = len(parts) > 1 and parts[0].startswith("ssh-") and bool(base64.b64decode(parts[1], validate=True))
    except binascii.Error:
        is_key = False
    if not is_key:
        raise InvalidPublicKey("The SSH public key is invalid.")
