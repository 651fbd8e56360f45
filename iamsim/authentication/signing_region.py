"""The Region that a request must be signed for, which the host that was called decides."""

from __future__ import annotations

import re
from functools import lru_cache

AWS_HOST = re.compile(r"(?:.+\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws|amazonaws\.eu)(?::\d+)?")
REGION = re.compile(r"(?:s3-)?((?:us-gov|us-iso[a-z]?|[a-z]{2,4})(?:-[a-z]+)+-\d+)")
GLOBAL_S3 = re.compile(r"(?:.+\.)?s3(?:-external-1|-accelerate(?:\.dualstack)?)?\.amazonaws\.com(?::\d+)?")

# A service's global endpoint is signed for one Region of its partition.
SIGNED_FOR = {"aws-global": "us-east-1", "aws-cn-global": "cn-north-1", "aws-us-gov-global": "us-gov-west-1"}


@lru_cache(maxsize=4096)
def region_of_host(host: str) -> str | None:
    """The Region that `host` serves; None if its name does not say, as S3's global host and hosts that are not AWS's."""
    host = host.lower()
    if AWS_HOST.fullmatch(host) is None or GLOBAL_S3.fullmatch(host) is not None:
        return None
    labels = host.split(".")
    for label in reversed(labels):
        match = REGION.fullmatch(label)
        if match is not None:
            return match[1]
    if "us-gov" in labels:
        return "us-gov-west-1"
    return "us-east-1" if ".amazonaws.com" in host and not host.endswith(".cn") else None


def signing_region(host: str, region: str) -> str:
    """The Region for which calls to `host` are signed; `region` is the operation's, used where the host does not say."""
    return region_of_host(host) or SIGNED_FOR.get(region, region)
