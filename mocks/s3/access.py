"""What S3's operations must be allowed, beyond service.yaml. Source: operations-to-actions section 3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from iamsim.kit import Call, Required, tags_in

from .acl import GRANT_MEMBERS
from .bucket import Bucket
from .condition_keys import condition_keys
from .copy_source import copy_source
from .failures import AccessDenied
from .object_version import ObjectVersion
from .permission import required_on_bucket, required_on_object, required_to_delete

ON_BUCKET = {
    "HeadBucket": ("s3:ListBucket",),
    "ListObjects": ("s3:ListBucket",),
    "ListObjectsV2": ("s3:ListBucket",),
    "ListObjectVersions": ("s3:ListBucketVersions",),
    "ListMultipartUploads": ("s3:ListBucketMultipartUploads",),
    "GetBucketAcl": ("s3:GetBucketAcl",),
    "PutBucketAcl": ("s3:PutBucketAcl",),
}
ON_OBJECT = {  # operation -> actions without and with a version id
    "GetObject": (("s3:GetObject",), ("s3:GetObjectVersion",)),
    "HeadObject": (("s3:GetObject",), ("s3:GetObjectVersion",)),
    "GetObjectAttributes": (
        ("s3:GetObject", "s3:GetObjectAttributes"),
        ("s3:GetObjectVersion", "s3:GetObjectVersionAttributes"),
    ),
    "DeleteObject": (("s3:DeleteObject",), ("s3:DeleteObjectVersion",)),
    "GetObjectAcl": (("s3:GetObjectAcl",), ("s3:GetObjectVersionAcl",)),
    "PutObjectAcl": (("s3:PutObjectAcl",), ("s3:PutObjectVersionAcl",)),
    "GetObjectTagging": (("s3:GetObjectTagging",), ("s3:GetObjectVersionTagging",)),
    "PutObjectTagging": (("s3:PutObjectTagging",), ("s3:PutObjectVersionTagging",)),
    "DeleteObjectTagging": (("s3:DeleteObjectTagging",), ("s3:DeleteObjectVersionTagging",)),
    "GetObjectRetention": (("s3:GetObjectRetention",),) * 2,
    "PutObjectRetention": (("s3:PutObjectRetention",),) * 2,
    "GetObjectLegalHold": (("s3:GetObjectLegalHold",),) * 2,
    "PutObjectLegalHold": (("s3:PutObjectLegalHold",),) * 2,
    "RestoreObject": (("s3:RestoreObject",),) * 2,
    "UploadPart": (("s3:PutObject",),) * 2,
    "CompleteMultipartUpload": (("s3:PutObject",),) * 2,
    "AbortMultipartUpload": (("s3:AbortMultipartUpload",),) * 2,
    "ListParts": (("s3:ListMultipartUploadParts",),) * 2,
}
BYPASS = "s3:BypassGovernanceRetention"


def create_bucket(call: Call) -> Iterator[Required]:
    """CreateBucket and what goes with its headers. Whose bucket there already is does not count."""
    params, arn = call.params, str(call.arn)
    target = replace(call.targets[0], account=call.account, resource=None, policy_holder=None)
    actions = ["s3:CreateBucket"]
    if params.get("ACL", "private") != "private" or _grants(params):
        actions.append("s3:PutBucketAcl")
    if params.get("ObjectLockEnabledForBucket"):
        actions += ["s3:PutBucketVersioning", "s3:PutBucketObjectLockConfiguration"]
    if "ObjectOwnership" in params:
        actions.append("s3:PutBucketOwnershipControls")
    tags = tags_in(params.get("CreateBucketConfiguration", {}).get("Tags"))
    keys: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    if tags:
        actions.append("s3:TagResource")
        keys["aws:TagKeys"] = list(tags)
    keys["s3:ResourceAccount"] = call.account
    for action in actions:
        yield Required(action, arn, dict(keys), target)


def on_bucket(call: Call) -> Iterator[Required]:
    """The operation's actions on the bucket, which its ACL may allow."""
    bucket = call.get(Bucket)
    _check_requester_pays(call, bucket)
    for action in ON_BUCKET[call.operation.name]:
        yield required_on_bucket(call, bucket, action)


def on_object(call: Call) -> Iterator[Required]:
    """The operation's actions on the object or the version that it names."""
    bucket, params = call.get(Bucket), call.params
    _check_requester_pays(call, bucket)
    version = _version(bucket, params)
    actions = ON_OBJECT[call.operation.name]["VersionId" in params]
    if params.get("BypassGovernanceRetention"):
        actions = (*actions, BYPASS)
    for action in actions:
        yield required_on_object(call, bucket, params["Key"], action, version=version)


def put_object(call: Call) -> Iterator[Required]:
    """PutObject, and what its headers ask for beyond that."""
    bucket = call.get(Bucket)
    _check_requester_pays(call, bucket)
    for action in ("s3:PutObject", *_by_headers(call.params)):
        yield required_on_object(call, bucket, call.params["Key"], action)


def copy_object(call: Call) -> Iterator[Required]:
    """GetObject on the source and PutObject on the target; tags that go along are read and written, too."""
    bucket, params = call.get(Bucket), call.params
    _check_requester_pays(call, bucket)
    source = copy_source(call)
    suffix = "Version" if source.version_id is not None else ""
    version = source.version()
    keys = {} if source.version_id is None else {"s3:versionid": source.version_id}
    actions = [f"s3:GetObject{suffix}"]
    copies_tags = (
        call.operation.name == "CopyObject"
        and params.get("TaggingDirective", "COPY") == "COPY"
        and version is not None
        and bool(version.tags)
    )
    if copies_tags:
        actions.append(f"s3:GetObject{suffix}Tagging")
    for action in actions:
        yield required_on_object(call, source.bucket, source.key, action, version=version, context=keys)
    wanted = ["s3:PutObject", *_by_headers(params)]
    if copies_tags and "s3:PutObjectTagging" not in wanted:
        wanted.append("s3:PutObjectTagging")
    for action in wanted:
        yield required_on_object(call, bucket, params["Key"], action)


def delete_objects(call: Call) -> Iterator[Required]:
    """Each key by itself, and the refusal of one stands in the answer: asked for while the operation runs."""
    bucket = call.get(Bucket)
    _check_requester_pays(call, bucket)
    for entry in call.params["Delete"].get("Objects") or ():
        if "Key" in entry:
            yield from required_to_delete(call, bucket, entry)


def put_bucket_replication(call: Call) -> Iterator[Required]:
    """The action, and passing the role to S3."""
    bucket = call.get(Bucket)
    yield required_on_bucket(call, bucket, "s3:PutReplicationConfiguration")
    role = call.params["ReplicationConfiguration"].get("Role")
    if role:
        yield Required("iam:PassRole", role, {"iam:PassedToService": "s3.amazonaws.com"})


def s3_keys(call: Call) -> dict[str, Any]:
    """S3's own condition keys."""
    return condition_keys(call)


def _version(bucket: Bucket, params: dict[str, Any]) -> ObjectVersion | None:
    if "VersionId" in params:
        return bucket.contents.version(params["Key"], params["VersionId"])
    return bucket.contents.get(params["Key"])


def _by_headers(params: dict[str, Any]) -> list[str]:
    """The actions that an upload's headers need."""
    actions = []
    if params.get("ACL", "private") != "private" or _grants(params):
        actions.append("s3:PutObjectAcl")
    if params.get("Tagging"):
        actions.append("s3:PutObjectTagging")
    if "ObjectLockMode" in params or "ObjectLockRetainUntilDate" in params:
        actions.append("s3:PutObjectRetention")
    if "ObjectLockLegalHoldStatus" in params:
        actions.append("s3:PutObjectLegalHold")
    return actions


def _grants(params: dict[str, Any]) -> bool:
    return any(member in params for member in GRANT_MEMBERS)


def _check_requester_pays(call: Call, bucket: Bucket) -> None:
    """Raises AccessDenied if the caller would have to pay and has not said that it will (R-139)."""
    pays = bucket.configurations.get("request payment", {}).get("Payer") == "Requester"
    if pays and call.principal.account != bucket.account and call.params.get("RequestPayer") != "requester":
        raise AccessDenied("Access Denied")
