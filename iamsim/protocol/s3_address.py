"""Where an S3 request points: bucket and key, from host name and path."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from iamsim.protocol.catalog import catalog
from iamsim.protocol.hosts import Host, read_host
from iamsim.protocol.routes import decode
from iamsim.reference.partitions import partition_of

OWN_HOST = re.compile(r"(?:(.+)\.)?s3\.(?:[^.]+\.)*[^.]+|(.+)\.localhost")


class Address(NamedTuple):
    """`bucket` and `key` are '' where the request names none."""

    bucket: str
    key: str


def s3_address(host: str, path: str) -> Address:
    """The bucket and the key of a request.

    The bucket stands in the host (virtual-hosted style) or is the first segment of the path (path style). An access
    point's host gives its ARN as the bucket, since that is what the caller named.
    """
    if bucket := bucket_in_host(host):
        return Address(bucket, decode(path[1:]))
    bucket, _, key = path[1:].partition("/")
    return Address(decode(bucket), decode(key))


@lru_cache(maxsize=4096)
def bucket_in_host(host: str) -> str:
    """The bucket that a host name names, or ''. Also in hosts of one's own: `bucket.localhost`, `bucket.s3.test`."""
    place = read_host(host)
    if not place.partition:
        match = OWN_HOST.fullmatch(place.labels[0])
        return (match[1] or match[2] or "") if match else ""
    services, before = catalog().at(place)
    return _bucket(place, before) if before and any(each.name == "s3" for each in services) else ""


def template_of(address: Address, path: str) -> str:
    """The path template of S3's model that an address fills."""
    if path == "/WriteGetObjectResponse":
        return path
    if address.key:
        return "/{Bucket}/{Key+}"
    return "/{Bucket}" if address.bucket else "/"


def _bucket(host: Host, before: str) -> str:
    kind = host.labels[-1].replace("-fips", "")
    if kind in ("s3-accesspoint", "s3-object-lambda"):
        name, _, account = before.rpartition("-")
        service = "s3" if kind == "s3-accesspoint" else kind
        region = host.region or "us-east-1"
        return f"arn:{partition_of(region)}:{service}:{region}:{account}:accesspoint/{name}"
    if kind == "s3-global":
        return before.removesuffix(".accesspoint")
    if kind == "s3-outposts" and "." in before:
        point, _, outpost = before.partition(".")
        name, _, account = point.rpartition("-")
        region = host.region or "us-east-1"
        arn = f"arn:{partition_of(region)}:s3-outposts:{region}:{account}"
        return f"{arn}:outpost/{outpost}/accesspoint/{name}"
    return before
