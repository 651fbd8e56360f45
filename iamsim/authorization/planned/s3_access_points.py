"""S3's access points: a call through one is authorised as a call of its bucket is, but on the access point.

A stand-in bucket takes the access point's place while the checks are made. Source: O section 3; S3 User Guide,
access-points-policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from iamsim.authorization.asked import Check
from iamsim.reference.actions import action
from iamsim.reference.values import is_arn

OF_ITS_OWN = ("s3-object-lambda", "s3-outposts")  # services with actions of their own on what S3's calls name
STAND_IN = "behind-access-point-{}"
ENCRYPTION = ("kms:EncryptionContext:aws:s3:arn", "kms:EncryptionContextKeys")  # of the bucket, which is not known


def with_stand_ins(params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The input with stand-in buckets for access points; these by the names of their stand-ins."""
    given, points = dict(params), dict[str, str]()
    bucket, source = str(given.get("Bucket", "")), unquote(str(given.get("CopySource", "")))
    if is_arn(bucket) and ":::" in bucket:
        given["Bucket"] = bucket.partition(":::")[2]
    elif is_arn(bucket):
        name = STAND_IN.format(len(points))
        points[name], given["Bucket"] = bucket, name
    if is_arn(source) and "/object/" in source:
        name = STAND_IN.format(len(points))
        points[name], _, rest = source.partition("/object/")
        given["CopySource"] = f"{name}/{rest}"
    return given, points


def through_access_points(checks: Iterable[Check], points: Mapping[str, str], source: str | None) -> None:
    """Put the access points back in place of their stand-ins; `source` is CopySource as the call has it."""
    for check in checks:
        bucket, _, key = check.resource.partition(":::")[2].partition("/")
        if bucket in points:
            through_access_point(check, points[bucket], key or None)
        if source is not None and "s3:x-amz-copy-source" in check.context:
            check.context["s3:x-amz-copy-source"] = source.removeprefix("/")
        for name in ENCRYPTION:
            check.context.pop(name, None)


def through_access_point(check: Check, point: str, key: str | None) -> None:
    """Make the check one on the access point, or an object of it, with the action of the service that this is of."""
    service, account = point.split(":")[2], point.split(":")[4]
    is_object = key is not None and service != "s3-object-lambda"
    check.resource = f"{point}/object/{key}" if is_object else point
    check.target = None
    if service in OF_ITS_OWN:
        check.action = str(action(check.action.replace("s3:", f"{service}:", 1)) or check.action)
    check.context.pop("s3:ResourceAccount", None)  # that of the bucket's owner, who may be another
    if service != "s3-object-lambda":
        check.context |= {f"{service}:DataAccessPointArn": point, f"{service}:DataAccessPointAccount": account}
