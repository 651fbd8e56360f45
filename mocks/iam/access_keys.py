"""Access keys: kept on the user, and as credentials that calls can be signed with. Source: IAM API reference."""

from __future__ import annotations

from typing import Any

from iamsim.kit import LETTERS_AND_DIGITS, Call, Credential, PrincipalKind, Reply, operation

from .failures import LimitExceeded, NoSuchEntity
from .user import AccessKey, User, is_about_root, user_meant

MAX_KEYS_PER_USER = 2
SECRET_LENGTH = 40
PAGE_SIZE = 100


@operation
def create_access_key(call: Call) -> Reply:
    """A new key with its secret. Raises LimitExceeded for a third one."""
    user = user_meant(call)
    if len(user.access_keys) >= MAX_KEYS_PER_USER:
        raise LimitExceeded(f"Cannot exceed quota for AccessKeysPerUser: {MAX_KEYS_PER_USER}")
    clock = call.clock
    key = AccessKey(clock.new_access_key_id("AKIA", user.account), clock.now())
    secret = clock.new_token(SECRET_LENGTH, LETTERS_AND_DIGITS + "+/")
    user.access_keys[key.id] = key
    call.cloud.credentials[key.id] = Credential(key.id, secret, user.principal)
    return {"AccessKey": _described(user, key) | {"SecretAccessKey": secret}}


@operation
def list_access_keys(call: Call) -> Reply:
    if is_about_root(call):
        return call.page([], limit=PAGE_SIZE)
    user = user_meant(call)
    return call.page([_described(user, key) for key in user.access_keys.values()], limit=PAGE_SIZE)


@operation
def update_access_key(call: Call, *, access_key_id: str, status: str) -> None:
    """An inactive key signs nothing."""
    key = _key(user_meant(call), access_key_id)
    key.is_active = call.cloud.credentials[key.id].is_active = status == "Active"


@operation
def delete_access_key(call: Call, *, access_key_id: str) -> None:
    user = user_meant(call)
    key = _key(user, access_key_id)
    del user.access_keys[key.id], call.cloud.credentials[key.id]


@operation
def get_access_key_last_used(call: Call, *, access_key_id: str) -> Reply:
    """Raises NoSuchEntity for a key that no user of the account has."""
    credential = call.cloud.credentials.get(access_key_id)
    principal = credential.principal if credential is not None else None
    if credential is None or principal is None or not is_key_of_user(credential, call.account):
        raise NoSuchEntity(f"The Access Key with id {access_key_id} cannot be found.")
    use = credential.last_used
    used: dict[str, Any] = {"ServiceName": "N/A", "Region": "N/A"}
    if use is not None:
        used = {"LastUsedDate": int(use.at), "ServiceName": use.service, "Region": use.region or "us-east-1"}
    return {"UserName": principal.arn.rsplit("/", 1)[-1], "AccessKeyLastUsed": used}


def is_key_of_user(credential: Credential, account: str) -> bool:
    """Whether it is a long-term key of a user of that account."""
    principal = credential.principal
    return principal.kind is PrincipalKind.USER and principal.account == account and principal.session is None


def _key(user: User, access_key_id: str) -> AccessKey:
    key = user.access_keys.get(access_key_id)
    if key is None:
        raise NoSuchEntity(f"The Access Key with id {access_key_id} cannot be found.")
    return key


def _described(user: User, key: AccessKey) -> dict[str, Any]:
    return {
        "UserName": user.name,
        "AccessKeyId": key.id,
        "Status": "Active" if key.is_active else "Inactive",
        "CreateDate": int(key.created_at),
    }
