"""Buckets made, found, listed and deleted. Source: S3 API reference, CreateBucket, HeadBucket, ListBuckets."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, NotMocked, Reply, dns_suffix, error, operation, operation_that_reads

from . import tag_set
from .access_control import GRANT_HEADERS, new_bucket_acl
from .acl import owner
from .bucket import BLOCK_ALL, Bucket
from .bucket_name import check_name
from .document_checks import OWNERSHIPS
from .failures import invalid_argument, malformed_xml
from .page_of_keys import make_token, read_token

BucketAlreadyExists = error("BucketAlreadyExists")
BucketAlreadyOwnedByYou = error("BucketAlreadyOwnedByYou")
BucketNotEmpty = error("BucketNotEmpty", status=409)
IllegalLocationConstraintException = error("IllegalLocationConstraintException", status=400)
InvalidLocationConstraint = error("InvalidLocationConstraint", status=400)

FIRST_REGION = "us-east-1"  # the only one without a location constraint
EUROPE = "EU"  # the old name of eu-west-1
MAX_BUCKETS = 10_000


@operation_that_reads(
    "CreateBucketConfiguration",
    "ObjectOwnership",
    "ObjectLockEnabledForBucket",
    "BucketNamespace",
    "ACL",
    *GRANT_HEADERS,
)
def create_bucket(call: Call) -> Reply:
    """A new bucket: private, with ACLs off and all public access blocked."""
    name = call.params["Bucket"]
    configuration = call.params.get("CreateBucketConfiguration", {})
    if "Bucket" in configuration or "Location" in configuration:
        raise NotMocked("iamsim does not simulate directory buckets")
    if call.params.get("BucketNamespace", "global") != "global":
        raise NotMocked("iamsim does not simulate buckets whose names belong to an account and region")
    check_name(name)
    region = _region(call, configuration.get("LocationConstraint"))
    existing = call.find(Bucket)
    if existing is not None:
        _check_own(call, existing, region)
        return _created(existing)
    ownership = call.params.get("ObjectOwnership", "BucketOwnerEnforced")
    if ownership not in OWNERSHIPS:
        raise invalid_argument(
            "Invalid x-amz-object-ownership header: " + ownership, "x-amz-object-ownership", ownership
        )
    has_lock = bool(call.params.get("ObjectLockEnabledForBucket"))
    bucket = Bucket(
        call.arn,
        owner=call.account,
        region=region,
        created_at=float(int(call.clock.now())),
        acl=new_bucket_acl(call, ownership),
        versioning="Enabled" if has_lock else None,
        has_object_lock=has_lock,
        configurations={
            "ownership controls": {"Rules": [{"ObjectOwnership": ownership}]},
            "public access block": dict(BLOCK_ALL),
        },
    )
    tags = tag_set.checked(configuration.get("Tags") or [], of_bucket=True)
    if tags:
        bucket.configurations["tagging"] = {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}
    return _created(call.save(bucket))


@operation
def delete_bucket(call: Call, bucket: Bucket) -> None:
    """Raises BucketNotEmpty while there is an object, a version or a delete marker in it."""
    if bucket.contents:
        message = "The bucket you tried to delete is not empty"
        if bucket.is_versioned:
            message += ". You must delete all versions in the bucket."
        raise BucketNotEmpty(message, fields={"BucketName": bucket.name})
    call.delete(bucket)


@operation
def head_bucket(call: Call, bucket: Bucket) -> Reply:
    """Where the bucket is."""
    return {"BucketRegion": bucket.region, "BucketArn": str(bucket.arn), "AccessPointAlias": False}


@operation
def get_bucket_location(call: Call, bucket: Bucket) -> Reply:
    """The location constraint, which is empty for us-east-1."""
    return {"LocationConstraint": None if bucket.region == FIRST_REGION else bucket.region}


@operation
def list_buckets(
    call: Call,
    *,
    prefix: str = "",
    bucket_region: str = "",
    continuation_token: str = "",
    max_buckets: int | None = None,
) -> Reply:
    """The caller's account's buckets in the order of their names; in pages if a page size is given."""
    if max_buckets is not None and not 1 <= max_buckets <= MAX_BUCKETS:
        raise invalid_argument(
            f"Argument max-buckets must be an integer between 1 and {MAX_BUCKETS}", "max-buckets", max_buckets
        )
    after = read_token(continuation_token) if continuation_token else ""
    found = sorted(
        (
            bucket
            for bucket in call.all(Bucket)
            if bucket.name.startswith(prefix) and bucket_region in ("", bucket.region) and bucket.name > after
        ),
        key=lambda bucket: bucket.name,
    )
    page = found[: max_buckets or MAX_BUCKETS]
    reply: dict[str, Any] = {"Buckets": [_described(bucket) for bucket in page], "Owner": owner(call.account)}
    if prefix:
        reply["Prefix"] = prefix
    if len(found) > len(page):
        reply["ContinuationToken"] = make_token(page[-1].name)
    return reply


def _region(call: Call, constraint: str | None) -> str:
    """The region that the bucket will be in. Raises IllegalLocationConstraintException."""
    here = call.region
    if constraint == EUROPE:
        constraint = "eu-west-1"
    if constraint is None:
        if here == FIRST_REGION:
            return here
        raise IllegalLocationConstraintException(
            "The unspecified location constraint is incompatible for the region specific endpoint this request was "
            "sent to."
        )
    if constraint == "":
        raise malformed_xml()
    if here == FIRST_REGION:
        known = call.operation.model.service_model.shape_for("BucketLocationConstraint").enum
        if constraint == FIRST_REGION or constraint not in known:
            raise InvalidLocationConstraint(
                "The specified location-constraint is not valid", fields={"LocationConstraint": constraint}
            )
        return constraint
    if constraint != here:
        raise IllegalLocationConstraintException(
            f"The {constraint} location constraint is incompatible for the region specific endpoint this request was "
            "sent to."
        )
    return here


def _check_own(call: Call, existing: Bucket, region: str) -> None:
    """Only in us-east-1 an account may make its own bucket again, and then nothing happens."""
    fields = {"BucketName": existing.name}
    if existing.account != call.account:
        raise BucketAlreadyExists(
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
            "Please select a different name and try again.",
            fields=fields,
        )
    if not (existing.region == region == FIRST_REGION):
        raise BucketAlreadyOwnedByYou(
            "Your previous request to create the named bucket succeeded and you already own it.", fields=fields
        )


def _created(bucket: Bucket) -> Reply:
    region, partition = bucket.region, bucket.arn.partition
    host = "s3.amazonaws.com" if partition == "aws" else f"s3.{region}.{dns_suffix(partition)}"
    location = f"/{bucket.name}" if region == FIRST_REGION else f"http://{bucket.name}.{host}/"
    return {"Location": location, "BucketArn": str(bucket.arn)}


def _described(bucket: Bucket) -> dict[str, Any]:
    return {
        "Name": bucket.name,
        "CreationDate": bucket.created_at,
        "BucketRegion": bucket.region,
        "BucketArn": str(bucket.arn),
    }
