"""AWS KMS: aliases stand for keys, and most keys come from the input. Source: O 4, 5 and 7; context-keys section 12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_kms import key_arn

ALGORITHMS = {"Encrypt": "EncryptionAlgorithm", "Decrypt": "EncryptionAlgorithm"}


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """For an alias, any key: only KMS knows the one that it stands for."""
    if "alias/" in str(asked.get("KeyId", "")):
        for check in checks:
            check.resource = _key(asked, asked.get("KeyId"))
    return checks


def create_alias(asked: Asked) -> Iterator[Check]:
    """The alias, and the key that it will stand for."""
    yield asked.check(asked.named(asked.get("AliasName"), "alias/"))
    yield asked.check(_key(asked, asked.get("TargetKeyId")))


update_alias = delete_alias = create_alias


def create_key(asked: Asked) -> Iterator[Check]:
    """The key is not there yet, so that the resource is `*`; and to put the policy, if one is given."""
    yield asked.check()
    if asked.get("Policy"):
        yield Check("kms:PutKeyPolicy", asked.arn("key/*"))


def replicate_key(asked: Asked) -> Iterator[Check]:
    """The key here, and one to be made there."""
    yield asked.check(_key(asked, asked.get("KeyId")))
    there = asked.get("ReplicaRegion")
    yield Check("kms:CreateKey", "*", {"aws:RequestedRegion": there} if there else {})
    if asked.get("Policy"):
        yield Check("kms:PutKeyPolicy", asked.arn("key/*", region=there or "*"))


def re_encrypt(asked: Asked) -> Iterator[Check]:
    """From one key to another, each with its own encryption context."""
    source, target = (_key(asked, asked.get(f"{end}KeyId")) for end in ("Source", "Destination"))
    same = {"kms:ReEncryptOnSameKey": str(source == target and not source.endswith("*")).lower()}
    for end, action, arn in (("Source", "From", source), ("Destination", "To", target)):
        context = same | _encryption_context(asked.get(f"{end}EncryptionContext"))
        yield Check(f"kms:ReEncrypt{action}", arn, context | _alias(asked.get(f"{end}KeyId")))


def keys(asked: Asked) -> dict[str, Any]:
    """What the input says of the caller, the alias, the encryption context, a new key and a grant."""
    found = {"kms:CallerAccount": asked.setting.account}
    found |= _alias(asked.get("KeyId")) | _encryption_context(asked.get("EncryptionContext"))
    if asked.operation in ALGORITHMS:
        found["kms:EncryptionAlgorithm"] = asked.get("EncryptionAlgorithm", "SYMMETRIC_DEFAULT")
    if asked.operation == "CreateKey":
        found["kms:KeySpec"] = asked.get("KeySpec") or asked.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
        found["kms:KeyUsage"] = asked.get("KeyUsage", "ENCRYPT_DECRYPT")
        found["kms:KeyOrigin"] = asked.get("Origin", "AWS_KMS")
        found["kms:MultiRegion"] = str(asked.get("MultiRegion", False)).lower()
    if asked.operation in ("CreateKey", "PutKeyPolicy", "ReplicateKey"):
        bypasses = asked.get("BypassPolicyLockoutSafetyCheck", False)
        found["kms:BypassPolicyLockoutSafetyCheck"] = str(bypasses).lower()
    if asked.operation == "CreateGrant":
        found |= _grant(asked)
    if asked.operation == "ScheduleKeyDeletion":
        found["kms:ScheduleKeyDeletionPendingWindowInDays"] = str(asked.get("PendingWindowInDays", 30))
    return found


def _grant(asked: Asked) -> dict[str, Any]:
    constraints = asked.get("Constraints") or {}
    found: dict[str, Any] = {"kms:GrantOperations": list(asked.get("Operations") or [])}
    if constraints:
        found["kms:GrantConstraintType"] = {"EncryptionContextSubset": "EncryptionContextSubset"}.get(
            next(iter(constraints)), "EncryptionContextEquals"
        )
        for context in constraints.values():
            found |= _encryption_context(context if isinstance(context, dict) else None)
    return found


def _encryption_context(pairs: dict[str, str] | None) -> dict[str, Any]:
    if not pairs:
        return {}
    return {f"kms:EncryptionContext:{k}": v for k, v in pairs.items()} | {"kms:EncryptionContextKeys": list(pairs)}


def _alias(key: str | None) -> dict[str, str]:
    return {"kms:RequestAlias": key[key.index("alias/") :]} if key and "alias/" in key else {}


def _key(asked: Asked, key: str | None) -> str:
    return (key_arn(asked, key) if key else None) or asked.arn("key/*")
