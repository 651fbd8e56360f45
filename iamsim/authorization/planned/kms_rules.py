"""AWS KMS: aliases stand for keys, and most keys come from the input. Source: O 4, 5 and 7; context-keys section 12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_kms import context_keys, key_arn
from iamsim.reference.actions import has_key

SYMMETRIC = "SYMMETRIC_DEFAULT"
UNDER_AN_ALGORITHM = ("Encrypt", "Decrypt", "GenerateDataKey")  # beginnings of the operations that have the key
SIGNS = ("Sign", "Verify")


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
    """The key here; and in the other region to make one, which has the same id. Source: ReplicateKey of the API."""
    here, there = _key(asked, asked.get("KeyId")), asked.get("ReplicaRegion", "*")
    yield asked.check(here)
    replica = ":".join([*here.split(":")[:3], there, *here.split(":")[4:]])
    in_region = {"aws:RequestedRegion": there}
    yield Check("kms:CreateKey", "*", dict(in_region))
    if asked.get("Tags"):
        yield Check("kms:TagResource", replica, dict(in_region))
    if asked.get("Policy"):
        yield Check("kms:PutKeyPolicy", replica, dict(in_region))


def re_encrypt(asked: Asked) -> Iterator[Check]:
    """From one key to another, each with its own encryption context."""
    source, target = (_key(asked, asked.get(f"{end}KeyId")) for end in ("Source", "Destination"))
    same = {"kms:ReEncryptOnSameKey": str(source == target and not source.endswith("*")).lower()}
    for end, action, arn in (("Source", "From", source), ("Destination", "To", target)):
        context = same | context_keys(asked.get(f"{end}EncryptionContext")) | _alias(asked.get(f"{end}KeyId"))
        context["kms:EncryptionAlgorithm"] = asked.get(f"{end}EncryptionAlgorithm", SYMMETRIC)
        yield Check(f"kms:ReEncrypt{action}", arn, context)


def keys(asked: Asked) -> dict[str, Any]:
    """What the input says of the caller, the alias, the encryption context, a new key and a grant."""
    operation = asked.operation
    found: dict[str, Any] = {}
    if operation == "ReEncrypt" or has_key(f"kms:{operation}", "kms:CallerAccount"):
        found["kms:CallerAccount"] = asked.setting.account
    found |= _alias(asked.get("KeyId")) | context_keys(asked.get("EncryptionContext"))
    if operation.startswith(UNDER_AN_ALGORITHM):
        found["kms:EncryptionAlgorithm"] = asked.get("EncryptionAlgorithm", SYMMETRIC)
        found["kms:KeySpec"] = None  # that of the key, not of the data key
        found["kms:DataKeyPairSpec"] = asked.get("KeyPairSpec")
    if operation in SIGNS:
        found["kms:MessageType"] = asked.get("MessageType", "RAW")
    if operation == "CreateKey":
        found |= _new_key(asked)
    if has_key(f"kms:{operation}", "kms:BypassPolicyLockoutSafetyCheck"):
        bypasses = asked.get("BypassPolicyLockoutSafetyCheck", False)
        found["kms:BypassPolicyLockoutSafetyCheck"] = str(bypasses).lower()
    if operation == "CreateGrant":
        found |= _grant(asked)
    if operation == "ScheduleKeyDeletion":
        found["kms:ScheduleKeyDeletionPendingWindowInDays"] = str(asked.get("PendingWindowInDays", 30))
    return found


def _new_key(asked: Asked) -> dict[str, Any]:
    """The properties of the key to be, those that go without saying too."""
    found = {
        "kms:KeySpec": asked.get("KeySpec") or asked.get("CustomerMasterKeySpec") or SYMMETRIC,
        "kms:KeyUsage": asked.get("KeyUsage", "ENCRYPT_DECRYPT"),
        "kms:KeyOrigin": asked.get("Origin", "AWS_KMS"),
        "kms:MultiRegion": str(asked.get("MultiRegion", False)).lower(),
    }
    return found | ({"kms:MultiRegionKeyType": "PRIMARY"} if asked.get("MultiRegion") else {})


def _grant(asked: Asked) -> dict[str, Any]:
    found: dict[str, Any] = {"kms:GrantOperations": list(asked.get("Operations") or [])}
    for constraint, value in (asked.get("Constraints") or {}).items():
        if constraint.startswith("EncryptionContext"):
            found["kms:GrantConstraintType"] = constraint
            found |= context_keys(value)
        elif constraint == "SourceArn":
            found["kms:GrantConstraintSourceArn"] = value
    return found


def _alias(key: str | None) -> dict[str, str]:
    return {"kms:RequestAlias": key[key.index("alias/") :]} if key and "alias/" in key else {}


def _key(asked: Asked, key: str | None) -> str:
    if key is None:
        return asked.arn("key/*")
    meant = asked.meant("kms", "key", key) if "alias/" in key else None
    return meant or key_arn(asked, key) or asked.arn("key/*")
