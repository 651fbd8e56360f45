"""Which hosts are AWS's."""

from __future__ import annotations

import re
from functools import lru_cache

AWS_DOMAINS = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "api.amazonwebservices.com.cn",
    "on.aws",
    "aws.dev",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
    "awsapps.com",
)
INSTANCE_METADATA = frozenset(
    {"169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "fd00:ec2::254"}
)
_AWS = re.compile(rf"(?:.+\.)?(?:{'|'.join(map(re.escape, AWS_DOMAINS))})")


@lru_cache(maxsize=1024)
def is_aws(host: str) -> bool:
    """Whether `host` (with or without a port) is an endpoint of AWS or an instance's metadata service."""
    name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host
    return name in INSTANCE_METADATA or _AWS.fullmatch(name.lower().rstrip(".")) is not None
