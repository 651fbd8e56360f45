"""AWS Secrets Manager: a secret's ARN ends in six characters that only AWS knows. Source: O 5; context-keys 13."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_kms import key_arn
from iamsim.reference.values import is_arn

WHOLE = re.compile(r"-[A-Za-z0-9]{6}$")
UNKNOWN = "-??????"  # so that both `NAME-*` and `NAME-??????` of a policy match


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The ARN with the six characters, or with a question mark for each."""
    name = asked.get("SecretId") or asked.get("Name")
    for check in checks if name is not None else ():
        if ":secret:" in check.resource:
            check.resource = arn_of(asked, name)
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
    if is_arn(name) and WHOLE.search(name):
        return name
    pattern = name + UNKNOWN if is_arn(name) else asked.arn(f"secret:{name}{UNKNOWN}")
    return asked.meant("secretsmanager", "secret", name) or asked.found(pattern)


def forwarded(asked: Asked) -> Iterator[Check]:
    """To invoke the function that rotates the secret. Source: RotateSecret of the API reference."""
    if asked.operation == "RotateSecret" and asked.get("RotationLambdaARN"):
        yield Check("lambda:InvokeFunction", asked.get("RotationLambdaARN"))
    if asked.operation == "ValidateResourcePolicy":  # Source: the operation's page
        yield Check("secretsmanager:PutResourcePolicy", arn_of(asked, asked.get("SecretId") or "*"))


def encryption_context(asked: Asked) -> dict[str, str | None]:
    """The secret and its version, as far as they are known (K-61)."""
    secret = asked.get("SecretId")
    whole = secret if is_arn(secret) and WHOLE.search(str(secret)) else None
    return {"SecretARN": whole, "SecretVersionId": asked.get("ClientRequestToken")}


def keys(asked: Asked) -> dict[str, Any]:
    """The secret, its key, the regions that replicas go to, and whether rotation changes."""
    found: dict[str, Any] = {}
    if asked.get("SecretId"):
        found["secretsmanager:SecretId"] = arn_of(asked, asked.get("SecretId"))
    regions = [each["Region"] for each in asked.get("AddReplicaRegions") or () if each.get("Region")]
    if regions:
        found["secretsmanager:AddReplicaRegions"] = regions
    key = asked.get("KmsKeyId")
    if key and "alias/" not in key:
        found["secretsmanager:KmsKeyArn"] = key_arn(asked, key)
    if asked.operation == "RotateSecret" and asked.get("RotationRules"):
        found["secretsmanager:ModifyRotationRules"] = "true"
    return found
