"""The Region that a request must be signed for, which the host that was called decides."""

from __future__ import annotations

import re
from functools import lru_cache

from iamsim.request import Operation

AWS_HOST = re.compile(r"(?:.+\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws|amazonaws\.eu)(?::\d+)?")
REGION = re.compile(r"(?:s3-)?((?:us-gov|us-iso[a-z]?|[a-z]{2,4})(?:-[a-z]+)+-\d+)")
GLOBAL_S3 = re.compile(r"(?:.+\.)?s3(?:-external-1|-accelerate(?:\.dualstack)?)?\.amazonaws\.com(?::\d+)?")

# A service's global endpoint is signed for one Region of its partition.
SIGNED_FOR = {"aws-global": "us-east-1", "aws-cn-global": "cn-north-1", "aws-us-gov-global": "us-gov-west-1"}

# Services with one Region per partition, some of whose hosts name another. Source: botocore's endpoint rules.
SIGNED_ELSEWHERE = frozenset(
    {
        *("billingconductor", "budgets", "chime", "cloudfront", "health", "importexport", "savingsplans", "shield"),
        *("sustainability", "waf"),
    }
)


@lru_cache(maxsize=4096)
def region_of_host(host: str) -> str | None:
    """The Region that `host` serves; None where the name does not say: S3's global host, hosts that are not AWS's."""
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


def signing_region(host: str, operation: Operation, claimed: str) -> str:
    """The Region for which calls of `operation` to `host` are signed, where a signature is for `claimed`.

    S3's global host takes any: what counts there is the bucket's Region, which only S3 itself knows.
    """
    if operation.service in SIGNED_ELSEWHERE:
        return SIGNED_FOR.get(operation.region, operation.region)
    said = region_of_host(host)
    if said is not None:
        return said
    return claimed if GLOBAL_S3.fullmatch(host) else SIGNED_FOR.get(operation.region, operation.region)
