"""Inputs of an operation that have something in every member: to see what can be said of its calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

VARIANTS = 4
DEPTH = 7
MOMENT = datetime(2100, 1, 1, tzinfo=timezone.utc)
ACCOUNT = "123456789012"
ARNS = (  # the end of a member's name in lower case, and an ARN that it can have
    ("rolearn", f"arn:aws:iam::{ACCOUNT}:role/r"),
    ("iamrole", f"arn:aws:iam::{ACCOUNT}:role/r"),
    ("policyarn", f"arn:aws:iam::{ACCOUNT}:policy/p"),
    ("keyarn", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234"),
    ("kmskeyid", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234"),
    ("lambdaarn", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"),
    ("functionarn", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"),
    ("layers", f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:l:1"),
    ("secretid", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:s-AbCdEf"),
    ("arn", f"arn:aws:sns:us-east-1:{ACCOUNT}:t"),
    ("arns", f"arn:aws:sns:us-east-1:{ACCOUNT}:t"),
)
TEXTS = {  # what stands in a member of this name has a form of its own
    "CopySource": "bucket/key",
    "ExpectedBucketOwner": ACCOUNT,
    "ExpectedSourceBucketOwner": ACCOUNT,
    "EventPattern": '{"source": ["s"], "detail-type": ["d"], "detail": {"service": ["s"], "eventTypeCode": ["e"],'
    ' "userIdentity": {"principalId": ["p"]}}}',
    "QueueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q",
    "Statement": "SELECT id FROM items WHERE id = 'a'",
    "Tagging": "team=a",
    "KeyConditionExpression": "id = :a",
    "TokenCode": "123456",
}
ALIASES = frozenset({"KeyId", "SourceKeyId", "DestinationKeyId", "TargetKeyId"})


def samples(shape: Any) -> Iterator[dict[str, Any]]:
    """Some inputs of botocore's `shape` that differ in what they choose, each with every member; and the smallest."""
    for variant in range(VARIANTS):
        made = _structure(shape, variant, 0)
        yield made
    yield {name: made[name] for name in shape.required_members if name in made}


def _structure(shape: Any, variant: int, depth: int) -> dict[str, Any]:
    members = list(shape.members.items())
    if getattr(shape, "is_tagged_union", False) or shape.name == "AttributeValue":
        members = members[:1]
    made = {name: _value(member, name, variant, depth + 1) for name, member in members if depth < DEPTH}
    return {name: value for name, value in made.items() if value is not None}


def _value(shape: Any, name: str, variant: int, depth: int) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, variant, depth) if depth < DEPTH else None
    if kind == "list":
        inner = _value(shape.member, name, variant, depth + 1)
        return None if inner is None else [inner]
    if kind == "map":
        inner = _value(shape.value, name, variant, depth + 1)
        return None if inner is None else dict.fromkeys(shape.key.enum or ("team",), inner)
    if kind == "string":
        return _text(shape, name, variant)
    if kind in ("integer", "long", "float", "double"):
        return max(shape.metadata.get("min", 1), 1)
    if kind == "boolean":
        return variant % 2 == 0
    return MOMENT if kind == "timestamp" else b"a"


def _text(shape: Any, name: str, variant: int) -> str:
    if shape.enum:
        return str(shape.enum[variant % len(shape.enum)])
    if name in TEXTS:
        return TEXTS[name]
    if name in ALIASES:
        return "alias/a" if variant % 2 else "1234"
    if name in ("Key", "key", "TagKey", "tagKey"):
        return "team"
    lowered = name.lower()
    return next((arn for end, arn in ARNS if lowered.endswith(end)), "item".ljust(shape.metadata.get("min", 1), "x"))
