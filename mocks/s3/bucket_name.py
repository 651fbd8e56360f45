"""What a bucket may be called, and how a call names one. Source: S3 User Guide, bucketnamingrules."""

from __future__ import annotations

import re

from iamsim.kit import Arn, Call, NotMocked, error, identity

from .bucket import Bucket
from .failures import AccessDenied

InvalidBucketName = error("InvalidBucketName", status=400)
NoSuchBucket = error("NoSuchBucket")

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
IP_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check_name(name: str) -> None:
    """Raises InvalidBucketName if no new bucket may be called so."""
    if (
        not NAME.fullmatch(name)
        or ".." in name
        or IP_ADDRESS.fullmatch(name)
        or name.startswith(RESERVED_PREFIXES)
        or name.endswith(RESERVED_SUFFIXES)
    ):
        raise InvalidBucketName("The specified bucket is not valid.", fields={"BucketName": name})


@identity("name")
def from_name(call: Call, name: str) -> Arn:
    """The ARN of the bucket, which must exist unless the call makes it. No policy is asked before."""
    if Arn.looks_like(name):
        raise NotMocked(f"iamsim simulates neither access points nor Outposts: {name}")
    arn = Arn(call.operation.partition, "s3", "", "", name)
    if call.operation.name != "CreateBucket" and call.find(Bucket, arn) is None:
        raise NoSuchBucket("The specified bucket does not exist", fields={"BucketName": name})
    return arn


@identity("expected-owner")
def from_expected_owner(call: Call, owner: str) -> Arn:
    """The same, and the bucket must belong to `owner` (R-138)."""
    arn = from_name(call, call.params["Bucket"])
    check_owner(call, arn, owner)
    return arn


def check_owner(call: Call, bucket: Arn, owner: str | None) -> None:
    """Raises AccessDenied if the bucket is not that of the account `owner`; None expects nothing."""
    found = call.find(Bucket, bucket)
    if owner is not None and found is not None and found.account != owner:
        raise AccessDenied("Access Denied")
