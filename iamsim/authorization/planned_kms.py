"""KMS as a second decision, where the input names a customer's key (O section 10).

A key that AWS manages needs nothing of the caller: its own policy admits all who come by the service (R-104).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import action
from iamsim.reference.default_access import OperationAccess
from iamsim.reference.values import is_arn

HOLDS_A_KEY = re.compile(r"kms(?:master|encryption)?key(?:id|arn|identifier|identity)?$|^ssekmskeyid$|^kmskeyid$", re.I)
GRANT = ("kms:CreateGrant", "kms:DescribeKey")
DATA_KEY = ("kms:GenerateDataKey",)
DATA_KEY_READ = ("kms:GenerateDataKey", "kms:Decrypt")
VOLUME = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)

# The kms actions that the caller needs, by operation: O section 10.
NEEDED: dict[tuple[str, str], tuple[str, ...]] = {
    ("s3", "PutObject"): DATA_KEY,
    ("s3", "CreateMultipartUpload"): DATA_KEY_READ,
    ("s3", "CopyObject"): DATA_KEY,
    ("secretsmanager", "CreateSecret"): DATA_KEY_READ,
    ("secretsmanager", "UpdateSecret"): DATA_KEY_READ,
    ("dynamodb", "CreateTable"): GRANT,
    ("dynamodb", "UpdateTable"): GRANT,
    ("ec2", "CreateVolume"): VOLUME,
    ("ec2", "RunInstances"): VOLUME,
    ("ec2", "CopySnapshot"): VOLUME,
    ("ec2", "CopyImage"): VOLUME,
    ("lambda", "CreateFunction"): ("kms:CreateGrant", "kms:Encrypt", "kms:Decrypt"),
    ("lambda", "UpdateFunctionConfiguration"): ("kms:CreateGrant", "kms:Encrypt", "kms:Decrypt"),
    ("ssm", "PutParameter"): ("kms:Encrypt",),
    ("logs", "AssociateKmsKey"): (),
    ("logs", "CreateLogGroup"): (),
}
DATABASES = frozenset({"rds", "docdb", "neptune"})  # GRANT for all that they make under a key
MAKES = ("Copy", "Create", "Modify", "Restore")
BESIDE = {"MasterUserSecretKmsKeyId": ("kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey")}
WITHOUT_CONTEXT = ("kms:DescribeKey",)


def kms_checks(asked: Asked, access: OperationAccess, pairs: Mapping[str, str | None]) -> Iterator[Check]:
    """The kms actions on each customer's key that the input names, as the service asks for them.

    `pairs` is the encryption context (K-61); None for a value that only AWS knows yet.
    """
    if asked.prefix == "kms":
        return
    actions = NEEDED.get((asked.service, asked.operation))
    if asked.service in DATABASES and asked.operation.startswith(MAKES):
        actions = GRANT
    if actions is None:
        actions = tuple(each.action for each in access.needed if each.dependent and each.action.startswith("kms:"))
    if (asked.service, asked.operation) == ("ssm", "PutParameter") and asked.get("Tier") == "Advanced":
        actions = DATA_KEY
    if not actions:
        return
    for member, key, region in _keys(asked.params, asked.service):
        where = asked if region is None else replace(asked, setting=asked.setting._replace(region=region))
        arn = key_arn(where, key)
        if arn is not None and asked.sources is not None:  # of a key that is not there nothing can be asked
            arn = where.meant("kms", "customer-key", key)
        for name in BESIDE.get(member, actions) if arn is not None else ():
            resource = str(arn) if is_about_keys(name) else "*"
            check = Check(name, resource, {"kms:ViaService": via(where), "kms:CallerAccount": asked.setting.account})
            check.context["aws:ViaAWSService"] = "true"
            if name not in WITHOUT_CONTEXT and member not in BESIDE:
                check.context |= context_keys(pairs)
            if name == "kms:CreateGrant":
                check.context["kms:GrantIsForAWSResource"] = "true"
            yield check


@cache
def is_about_keys(name: str) -> bool:
    """Whether the action of KMS takes a key at all: kms:ListAliases does not."""
    known = action(name)
    return known is None or bool(known.resource_types)


def context_keys(pairs: Mapping[str, str | None] | None) -> dict[str, Any]:
    """kms:EncryptionContext:* and kms:EncryptionContextKeys of these pairs."""
    if not pairs:
        return {}
    known = {f"kms:EncryptionContext:{key}": value for key, value in pairs.items() if value is not None}
    return known | {"kms:EncryptionContextKeys": list(pairs)}


def via(asked: Asked) -> str:
    """The service as kms:ViaService has it."""
    name = {"docdb": "rds", "neptune": "rds", "opensearch": "es", "efs": "elasticfilesystem"}.get(asked.service)
    suffix = "amazonaws.com.cn" if asked.setting.partition == "aws-cn" else "amazonaws.com"
    return f"{name or asked.model.service_model.endpoint_prefix}.{asked.setting.region}.{suffix}"


def key_arn(asked: Asked, key: str) -> str | None:
    """The key's ARN: any key for an alias, since only KMS knows which; None for a key that AWS manages."""
    if "alias/aws/" in key or key.startswith("AWS_"):
        return None
    if "alias/" in key:
        if is_arn(key):
            return key.split(":alias/")[0] + ":key/*"
        return asked.setting.arn("kms", "key/*")
    return key if is_arn(key) else asked.setting.arn("kms", f"key/{key.removeprefix('key/')}")


def _keys(
    value: Any, service: str, region: str | None = None, member: str = ""
) -> Iterator[tuple[str, str, str | None]]:
    """The keys that the input names, each with its member; and its region if that is said beside it."""
    if isinstance(value, dict):
        there = value.get("Region", region)
        for name, inner in value.items():
            if isinstance(inner, str):
                if HOLDS_A_KEY.search(name) or (service, name) == ("ssm", "KeyId"):
                    yield name, inner, there
            elif isinstance(inner, dict | list):
                yield from _keys(inner, service, there, name)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict):
                yield from _keys(inner, service, region, member)
