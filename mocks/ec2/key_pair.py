"""Key pairs: made here or imported."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iamsim.kit import Call, NotMocked, Reply, error, operation

from .failures import InvalidParameterValue, MissingParameter
from .filters import Described, Filters, matching
from .ids import new_id
from .resource import Ec2Resource
from .rsa import imported_fingerprint, new_rsa_key
from .tag_specifications import TagSpecifications, tags_at_creation

InvalidKeyFormat = error("InvalidKey.Format", status=400)
InvalidKeyPairDuplicate = error("InvalidKeyPair.Duplicate", status=400)
InvalidKeyPairNotFound = error("InvalidKeyPair.NotFound", status=400)

TYPES = {"ssh-rsa": "rsa", "ssh-ed25519": "ed25519"}
FILTERS = {"fingerprint": "KeyFingerprint", "key-name": "KeyName", "key-pair-id": "KeyPairId"}


@dataclass
class KeyPair(Ec2Resource, kind="key-pair"):
    """One key pair: its public half. The ARN has the name; the id stands beside it."""

    key_pair_id: str = ""
    type: str = "rsa"
    fingerprint: str = ""
    public_key: str = ""  # as a line of authorized_keys
    created_at: datetime = field(kw_only=True)

    @property
    def id(self) -> str:
        return self.key_pair_id

    @property
    def name(self) -> str:
        return self.arn.resource.partition("/")[2]

    def condition_keys(self) -> dict[str, Any]:
        return {"ec2:KeyPairName": self.name, "ec2:KeyPairType": self.type}


@operation
def create_key_pair(
    call: Call,
    *,
    key_name: str,
    key_type: str = "rsa",
    key_format: str = "pem",
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """A new RSA key pair; its private key is told this once. Raises InvalidKeyPair.Duplicate."""
    _check_name(call, key_name)
    if (key_type, key_format) != ("rsa", "pem"):
        raise NotMocked(f"iamsim makes rsa key pairs in pem only, not {key_type} in {key_format}: import one instead")
    key = new_rsa_key(call.clock)
    made = _save(call, key_name, "rsa", key.fingerprint(), key.openssh(key_name), tag_specifications)
    return _briefly(made) | {"KeyMaterial": key.pem()}


@operation
def import_key_pair(
    call: Call, *, key_name: str, public_key_material: bytes, tag_specifications: TagSpecifications | None = None
) -> Reply:
    """The pair of a public RSA or ED25519 key in OpenSSH's form. Raises InvalidKey.Format for another."""
    _check_name(call, key_name)
    try:
        text = public_key_material.decode("ascii").strip()
        algorithm, encoded = text.split()[:2]
        blob = base64.b64decode(encoded, validate=True)
        kind = TYPES[algorithm]
        fingerprint = (
            imported_fingerprint(blob) if kind == "rsa" else base64.b64encode(hashlib.sha256(blob).digest()).decode()
        )
    except (ValueError, KeyError, binascii.Error):
        raise InvalidKeyFormat("Key is not in valid OpenSSH public key format") from None
    return _briefly(_save(call, key_name, kind, fingerprint, text, tag_specifications))


@operation
def describe_key_pairs(
    call: Call,
    *,
    key_names: list[str] | None = None,
    key_pair_ids: list[str] | None = None,
    include_public_key: bool = False,
    filters: Filters | None = None,
) -> Reply:
    found = call.all(KeyPair)
    for name in key_names or ():
        if all(pair.name != name for pair in found):
            raise InvalidKeyPairNotFound(f"The key pair '{name}' does not exist")
    for pair_id in key_pair_ids or ():
        if all(pair.id != pair_id for pair in found):
            raise InvalidKeyPairNotFound(f"The key pair ID '{pair_id}' does not exist")
    if key_names or key_pair_ids:
        found = [pair for pair in found if pair.name in (key_names or ()) or pair.id in (key_pair_ids or ())]
    described = [_described(pair) | ({"PublicKey": pair.public_key} if include_public_key else {}) for pair in found]
    return {"KeyPairs": matching(call, described, filters, FILTERS)}


@operation
def delete_key_pair(call: Call, *, key_name: str | None = None, key_pair_id: str | None = None) -> Reply:
    """A pair that is not there is no error."""
    if key_name is None and key_pair_id is None:
        raise MissingParameter("The request must contain the parameter keyName or keyPairId")
    for pair in call.all(KeyPair):
        if pair.name == key_name or pair.id == key_pair_id:
            call.delete(pair)
            return {"Return": True, "KeyPairId": pair.id}
    return {"Return": True}


def pair_of(call: Call, pair_id: str) -> KeyPair | None:
    """The pair of that id."""
    return next((pair for pair in call.all(KeyPair) if pair.id == pair_id), None)


def _check_name(call: Call, name: str) -> None:
    if not name or len(name) > 255 or not name.isascii():
        raise InvalidParameterValue(f"Value ({name}) for parameter keyName is invalid. Up to 255 ASCII characters.")
    if call.find(KeyPair, name=name) is not None:
        raise InvalidKeyPairDuplicate("The keypair already exists")


def _save(
    call: Call, name: str, kind: str, fingerprint: str, public_key: str, tags: TagSpecifications | None
) -> KeyPair:
    return call.save(
        KeyPair(
            call.make_arn("key-pair", name=name),
            tags_at_creation(tags, "key-pair")["key-pair"],
            key_pair_id=new_id(call, "key-pair"),
            type=kind,
            fingerprint=fingerprint,
            public_key=public_key,
            created_at=call.clock.today(),
        )
    )


def _briefly(pair: KeyPair) -> Described:
    return {
        "KeyName": pair.name,
        "KeyPairId": pair.id,
        "KeyFingerprint": pair.fingerprint,
        "Tags": pair.tag_set(),
    }


def _described(pair: KeyPair) -> Described:
    return _briefly(pair) | {"KeyType": pair.type, "CreateTime": pair.created_at}
