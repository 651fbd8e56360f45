"""What must be allowed on one bucket or object, with every policy that bears on it: bucket policy and ACLs (R-130)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iamsim.kit import ApiError, Call, Required

from .acl import ON_BUCKET, ON_OBJECT, Acl
from .bucket import Bucket
from .object_version import ObjectVersion

BUCKET_ACL_ACTIONS = frozenset(action for actions in ON_BUCKET.values() for action in actions)
OBJECT_ACL_ACTIONS = frozenset(action for actions in ON_OBJECT.values() for action in actions)
WITHOUT_EXISTING_TAGS = frozenset({"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"})


def required_on_bucket(call: Call, bucket: Bucket, action: str, context: Mapping[str, Any] | None = None) -> Required:
    """`action` on the bucket."""
    keys = {"s3:ResourceAccount": bucket.account, **(context or {})}
    documents = _granted(bucket, bucket.acl, str(bucket.arn), is_bucket=True) if action in BUCKET_ACL_ACTIONS else ()
    return Required(action, str(bucket.arn), keys, call.target("bucket", bucket.arn), documents)


def required_on_object(
    call: Call,
    bucket: Bucket,
    key: str,
    action: str,
    *,
    version: ObjectVersion | None = None,
    context: Mapping[str, Any] | None = None,
) -> Required:
    """`action` on the object of that key; `version` is the one that the call is about, if there is one.

    An object of another owner than its bucket's is the object owner's, as long as ACLs have an effect (R-132).
    """
    arn = bucket.arn._replace(resource=f"{bucket.name}/{key}")
    target = call.target("object", arn)
    documents: tuple[str, ...] = ()
    keys = {"s3:ResourceAccount": bucket.account, **(context or {})}
    if action in BUCKET_ACL_ACTIONS:
        documents = _granted(bucket, bucket.acl, str(bucket.arn), is_bucket=True)
    elif version is not None:
        if action not in WITHOUT_EXISTING_TAGS:
            keys |= {f"s3:ExistingObjectTag/{name}": value for name, value in version.tags.items()}
        if action in OBJECT_ACL_ACTIONS:
            documents = _granted(bucket, version.acl, str(arn), is_bucket=False)
            if bucket.has_acls and version.owner:
                target = replace(target, account=version.owner)
    return Required(action, str(arn), keys, target, documents)


def required_to_delete(call: Call, bucket: Bucket, entry: Mapping[str, Any]) -> Iterator[Required]:
    """What deleting one key of DeleteObjects takes, or one version of it."""
    key, version_id = entry["Key"], entry.get("VersionId")
    actions = ["s3:DeleteObject" if version_id is None else "s3:DeleteObjectVersion"]
    if call.params.get("BypassGovernanceRetention"):
        actions.append("s3:BypassGovernanceRetention")
    version = bucket.contents.get(key) if version_id is None else bucket.contents.version(key, version_id)
    context = {} if version_id is None else {"s3:versionid": version_id}
    for action in actions:
        needed = required_on_object(call, bucket, key, action, version=version, context=context)
        yield replace(needed, while_running=True)


def may_list(call: Call, bucket: Bucket) -> ApiError | None:
    """The refusal to list the bucket, which who may not list it gets for a key that is not there (R-138a)."""
    return call.guard(call, required_on_bucket(call, bucket, "s3:ListBucket"))


def _granted(bucket: Bucket, acl: Acl, arn: str, *, is_bucket: bool) -> tuple[str, ...]:
    """The ACL as a resource policy; none where ACLs have no effect (R-131, R-134)."""
    if not bucket.has_acls:
        return ()
    document = acl.document(arn, is_bucket=is_bucket, without_public=bucket.blocks("IgnorePublicAcls"))
    return () if document is None else (document,)
