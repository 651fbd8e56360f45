"""AWS Secrets Manager: a secret's ARN ends in six characters that only AWS knows. Source: O 5; context-keys 13."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

WHOLE = re.compile(r"-[A-Za-z0-9]{6}$")
UNKNOWN = "-??????"  # so that both `NAME-*` and `NAME-??????` of a policy match


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The ARN with the six characters, or with a question mark for each."""
    name = asked.get("SecretId") or asked.get("Name")
    if name is None:
        return checks
    arn = arn_of(asked, name)
    for check in checks:
        if ":secret:" in check.resource:
            check.resource = arn
    return checks


def create_secret(asked: Asked) -> Iterator[Check]:
    """The secret to be; its name may itself end like an ARN's."""
    arn = asked.arn(f"secret:{asked.get('Name', '*')}{UNKNOWN}")
    yield asked.check(arn)
    if asked.get("Tags"):
        yield Check("secretsmanager:TagResource", arn)
    if asked.get("AddReplicaRegions"):
        yield Check("secretsmanager:ReplicateSecretToRegions", arn)


def batch_get_secret_value(asked: Asked) -> Iterator[Check]:
    """The batch, and each secret that it names. Source: AWS Secrets Manager API Reference, BatchGetSecretValue."""
    yield asked.check()
    for name in asked.get("SecretIdList") or ():
        arn = arn_of(asked, name)
        yield Check("secretsmanager:GetSecretValue", arn, {"secretsmanager:SecretId": arn})


def arn_of(asked: Asked, name: str) -> str:
    """The ARN of the secret of that name, partial or whole ARN."""
    if is_arn(name):
        return name if WHOLE.search(name) else name + UNKNOWN
    return asked.arn(f"secret:{name}{UNKNOWN}")


def keys(asked: Asked) -> dict[str, Any]:
    """secretsmanager:SecretId, and the regions that replicas go to."""
    found: dict[str, Any] = {}
    if asked.get("SecretId"):
        found["secretsmanager:SecretId"] = arn_of(asked, asked.get("SecretId"))
    regions = [each["Region"] for each in asked.get("AddReplicaRegions") or () if each.get("Region")]
    if regions:
        found["secretsmanager:AddReplicaRegions"] = regions
    key = asked.get("KmsKeyId")
    if is_arn(key):
        found["secretsmanager:KmsKeyArn"] = key
    return found
