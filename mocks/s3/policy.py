"""The bucket policy: who may put which one, and whether it is public. Source: policy-language 12.3; R-134, R-135."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from iamsim.kit import Arn, Call, Policy, PolicyType, Reply, error, operation, public_statements, validate

from .acl import account_of
from .bucket import Bucket
from .checksums import check_document
from .failures import AccessDenied, MethodNotAllowed

MalformedPolicy = error("MalformedPolicy", status=400)
NoSuchBucketPolicy = error("NoSuchBucketPolicy", status=404)

PRINCIPALS = ("Principal", "NotPrincipal")
WRONG_VERSION = re.compile(r'expected "2012-10-17"')  # what validate() says in detail
UNKNOWN_MEMBER = re.compile(r"unknown member `(\w+)` of a (?:policy|statement)")
WILDCARD = re.compile(r"[*?]|\$\{")
OBJECT_ACTIONS = frozenset(  # those without `Object` in their names
    {
        "s3:abortmultipartupload",
        "s3:listmultipartuploadparts",
        "s3:bypassgovernanceretention",
        "s3:initiatereplication",
        "s3:replicatedelete",
        "s3:replicatetags",
        "s3:objectowneroverridetobucketowner",
    }
)


@operation
def put_bucket_policy(call: Call, bucket: Bucket, *, policy: str) -> None:
    """Replaces the policy. A policy that locks everybody out can always be mended by the root user (R-137)."""
    _check_account(call, bucket)
    check_document(call)
    document = checked_policy(bucket, policy)
    if bucket.blocks("BlockPublicPolicy") and public_statements(document.document):
        raise AccessDenied(
            f"User: {call.principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
            f'"{bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public '
            "Access."
        )
    bucket.policy_text, bucket.policy_in_force = policy, document.text


@operation
def get_bucket_policy(call: Call, bucket: Bucket) -> Reply:
    """The text as it was put."""
    _check_account(call, bucket)
    return {"Policy": the_policy(bucket)}


@operation
def delete_bucket_policy(call: Call, bucket: Bucket) -> None:
    """Leaves the bucket without a policy."""
    _check_account(call, bucket)
    bucket.policy_text = bucket.policy_in_force = None


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
    for finding in validate(text, PolicyType.RESOURCE):
        if finding.is_error:
            raise MalformedPolicy(_in_words_of_s3(finding.message, finding.detail))
    document = json.loads(text)
    statements = document["Statement"]
    is_translated = False
    for statement in statements if isinstance(statements, list) else [statements]:
        _check_statement(bucket, statement)
        is_translated |= any(_name_accounts(statement[each]) for each in PRINCIPALS if each in statement)
    return Policy.parse(document if is_translated else text)


def _in_words_of_s3(message: str, detail: str) -> str:
    """Where other services say no more than that the syntax is wrong, S3 says what is."""
    if WRONG_VERSION.match(detail):
        return "The policy must contain a valid version string"
    unknown = UNKNOWN_MEMBER.match(detail)
    return f"Unknown field {unknown[1]}" if unknown else message


def _check_account(call: Call, bucket: Bucket) -> None:
    """Raises MethodNotAllowed for callers of another account, whatever they may do. Source: S3-API PutBucketPolicy."""
    if call.principal.account != bucket.account:
        raise MethodNotAllowed(
            "The specified method is not allowed against this resource.",
            fields={"Method": call.http.method, "ResourceType": "BUCKETPOLICY"},
        )


def _check_statement(bucket: Bucket, statement: Mapping[str, Any]) -> None:
    """Only S3's actions, on this bucket and what is in it, and each action on something that it can be about."""
    actions = _texts(statement.get("Action", statement.get("NotAction")))
    resources = _texts(statement.get("Resource", statement.get("NotResource")))
    for action in actions:
        if action != "*" and not action.lower().startswith("s3:"):
            raise MalformedPolicy("Policy has invalid action")
    for resource in resources:
        if resource != "*" and not _is_of(bucket, resource):
            raise MalformedPolicy("Policy has invalid resource")
    if not resources:
        raise MalformedPolicy("Missing required field Resource")
    if "Action" in statement and "Resource" in statement:
        for action in actions:
            if not any(_applies(action.lower(), resource) for resource in resources):
                raise MalformedPolicy("Action does not apply to any resource(s) in statement")


def _name_accounts(principal: Any) -> bool:
    """Put accounts in the place of canonical user ids; whether there were any. Raises MalformedPolicy."""
    if not isinstance(principal, dict) or "CanonicalUser" not in principal:
        return False
    accounts = [account_of(user_id) for user_id in _texts(principal.pop("CanonicalUser"))]
    if None in accounts:
        raise MalformedPolicy("Invalid principal in policy")
    principal["AWS"] = [*_texts(principal.get("AWS")), *accounts]
    return True


def _is_of(bucket: Bucket, resource: str) -> bool:
    """Whether a policy's resource is this bucket or something in it; a wildcard may stand for the name."""
    if not Arn.looks_like(resource):
        return False
    arn = Arn.parse(resource)
    if (arn.service, arn.region, arn.account) != ("s3", "", ""):
        return False
    name = arn.resource.partition("/")[0]
    fixed = WILDCARD.split(name)[0]
    return bucket.name.startswith(fixed) if fixed != name else name == bucket.name


def _applies(action: str, resource: str) -> bool:
    """Whether `action` is about what `resource` names: a bucket, or the objects in one."""
    if WILDCARD.search(action):
        return True
    name = resource.rpartition(":")[2]
    about_objects = action in OBJECT_ACTIONS or ("object" in action and "bucket" not in action)
    may_be_object = "/" in name or name.endswith("*")
    may_be_bucket = "/" not in name or WILDCARD.search(name.partition("/")[0]) is not None
    return may_be_object if about_objects else may_be_bucket


def _texts(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
