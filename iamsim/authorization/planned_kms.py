"""KMS as a second decision, where the input names a customer's key (O section 10).

A key that AWS manages needs nothing of the caller: its own policy admits all who come by the service (R-104).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.default_access import OperationAccess
from iamsim.reference.values import is_arn

HOLDS_A_KEY = re.compile(r"kms(?:master|encryption)?key(?:id|arn|identifier|identity)?$|^ssekmskeyid$|^kmskeyid$", re.I)
GRANT = ("kms:CreateGrant", "kms:DescribeKey")
DATA_KEY = ("kms:GenerateDataKey",)
DATA_KEY_READ = ("kms:GenerateDataKey", "kms:Decrypt")
VOLUME = ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*")

# The kms actions that the caller needs, by operation: O section 10.
NEEDED: dict[tuple[str, str], tuple[str, ...]] = {
    ("s3", "PutObject"): DATA_KEY,
    ("s3", "CreateMultipartUpload"): DATA_KEY_READ,
    ("s3", "CopyObject"): DATA_KEY,
    ("secretsmanager", "CreateSecret"): DATA_KEY_READ,
    ("secretsmanager", "UpdateSecret"): DATA_KEY_READ,
    ("dynamodb", "CreateTable"): GRANT,
    ("dynamodb", "UpdateTable"): GRANT,
    ("ec2", "CreateVolume"): VOLUME[:-1],
    ("ec2", "RunInstances"): VOLUME[:-1],
    ("ec2", "CopySnapshot"): VOLUME[:-1],
    ("ec2", "CopyImage"): VOLUME[:-1],
    ("rds", "CreateDBInstance"): GRANT,
    ("rds", "CreateDBCluster"): GRANT,
    ("rds", "RestoreDBInstanceFromDBSnapshot"): GRANT,
    ("rds", "RestoreDBClusterFromSnapshot"): GRANT,
    ("rds", "CopyDBSnapshot"): GRANT,
    ("rds", "CopyDBClusterSnapshot"): GRANT,
    ("lambda", "CreateFunction"): ("kms:CreateGrant", "kms:Encrypt", "kms:Decrypt"),
    ("lambda", "UpdateFunctionConfiguration"): ("kms:CreateGrant", "kms:Encrypt", "kms:Decrypt"),
    ("ssm", "PutParameter"): ("kms:Encrypt",),
    ("logs", "AssociateKmsKey"): (),
    ("logs", "CreateLogGroup"): (),
}
BESIDE = {"MasterUserSecretKmsKeyId": ("kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey")}


def kms_checks(asked: Asked, access: OperationAccess) -> Iterator[Check]:
    """The kms actions on each customer's key that the input names, as the service asks for them."""
    if asked.prefix == "kms":
        return
    actions = NEEDED.get((asked.service, asked.operation))
    if actions is None:
        actions = tuple(each.action for each in access.needed if each.dependent and each.action.startswith("kms:"))
    if (asked.service, asked.operation) == ("ssm", "PutParameter") and asked.get("Tier") == "Advanced":
        actions = DATA_KEY
    if not actions:
        return
    for member, key in _keys(asked.params, asked.service):
        arn = key_arn(asked, key)
        if arn is not None and asked.sources is not None:  # a key that is not there can be asked for nothing
            arn = asked.meant("kms", "customer-key", key)
        if arn is not None:
            for action in BESIDE.get(member, actions):
                yield Check(action, arn, {"kms:ViaService": via(asked), "kms:CallerAccount": asked.setting.account})


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


def _keys(value: Any, service: str, member: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if HOLDS_A_KEY.search(name) or (service, name) == ("ssm", "KeyId"):
                    yield name, inner
            elif isinstance(inner, dict | list):
                yield from _keys(inner, service, name)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict):
                yield from _keys(inner, service, member)
