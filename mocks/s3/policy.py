"""The bucket policy: who may put which one, and whether it is public. Source: policy-language 12.3; R-134, R-135."""

from __future__ import annotations

import json

from iamsim.kit import Call, Policy, PolicyType, Reply, error, operation, public_statements

from .bucket import Bucket
from .checksums import check_document
from .failures import AccessDenied

MalformedPolicy = error("MalformedPolicy", status=400)
NoSuchBucketPolicy = error("NoSuchBucketPolicy", status=404)

MAX_POLICY_BYTES = 20_480


@operation
def put_bucket_policy(
    call: Call, bucket: Bucket, *, policy: str, confirm_remove_self_bucket_access: bool = False
) -> None:
    """Replaces the policy. A policy that locks everybody out can always be mended by the root user (R-137)."""
    check_document(call)
    document = checked_policy(bucket, policy)
    if bucket.blocks("BlockPublicPolicy") and public_statements(document.document):
        raise AccessDenied(
            f"User: {call.principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
            f'"{bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public '
            "Access."
        )
    bucket.policy_text = policy


@operation
def get_bucket_policy(call: Call, bucket: Bucket) -> Reply:
    """The text as it was put."""
    return {"Policy": the_policy(bucket)}


@operation
def delete_bucket_policy(call: Call, bucket: Bucket) -> None:
    bucket.policy_text = None


@operation
def get_bucket_policy_status(call: Call, bucket: Bucket) -> Reply:
    """Whether the policy is public."""
    return {"PolicyStatus": {"IsPublic": bool(public_statements(Policy.parse(the_policy(bucket)).document))}}


def the_policy(bucket: Bucket) -> str:
    """The bucket's policy. Raises NoSuchBucketPolicy."""
    if bucket.policy_text is None:
        raise NoSuchBucketPolicy("The bucket policy does not exist", fields={"BucketName": bucket.name})
    return bucket.policy_text


def checked_policy(bucket: Bucket, text: str) -> Policy:
    """The policy that `text` writes, if it can be the bucket's. Raises MalformedPolicy."""
    if not text.startswith("{"):
        raise MalformedPolicy("Policies must be valid JSON and the first byte must be '{'")
    try:
        source = json.loads(text)
    except ValueError:
        raise MalformedPolicy("This policy contains invalid Json") from None
    if len(text.encode()) > MAX_POLICY_BYTES:
        raise MalformedPolicy("Policy exceeds the maximum allowed document size.")
    _check_statements(bucket, source)
    try:
        policy = Policy.parse(text)
    except ValueError:
        raise MalformedPolicy("Invalid policy syntax.") from None
    if any(finding.level == "error" for finding in policy.validate(PolicyType.RESOURCE)):
        raise MalformedPolicy("Invalid policy syntax.")
    return policy


def _check_statements(bucket: Bucket, source: object) -> None:
    """What S3 itself says of statements, in its own words."""
    if not isinstance(source, dict) or "Statement" not in source:
        raise MalformedPolicy("Missing required field Statement")
    statements = source["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, dict):
            raise MalformedPolicy("Invalid policy syntax.")
        for field, other in (
            ("Effect", ""),
            ("Principal", "NotPrincipal"),
            ("Action", "NotAction"),
            ("Resource", "NotResource"),
        ):
            if field not in statement and other not in statement:
                raise MalformedPolicy(f"Missing required field {field}")
        for action in _texts(statement.get("Action", statement.get("NotAction"))):
            if action != "*" and not action.lower().startswith("s3:"):
                raise MalformedPolicy("Policy has invalid action")
        for resource in _texts(statement.get("Resource", statement.get("NotResource"))):
            if not _is_of(bucket, resource):
                raise MalformedPolicy("Policy has invalid resource")


def _is_of(bucket: Bucket, resource: str) -> bool:
    """Whether a policy's resource is this bucket or something in it; a wildcard may stand for the name."""
    parts = resource.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "s3" or parts[3] or parts[4]:
        return False
    name = parts[5].partition("/")[0]
    if "*" in name or "?" in name or "${" in name:
        prefix = name.replace("?", "*").replace("$", "*").partition("*")[0]
        return bucket.name.startswith(prefix)
    return name == bucket.name


def _texts(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
