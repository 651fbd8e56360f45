"""Which hosts are AWS's."""

from __future__ import annotations

import re
from functools import lru_cache

from iamsim.metadata import METADATA_HOSTS
from iamsim.protocol.hosts import SUFFIXES

WEB_SITES = "aws.amazon.com"  # where only sign-in is an endpoint
AWS_DOMAINS = (
    *(suffix for suffix, _, _ in SUFFIXES if suffix != WEB_SITES),
    f"signin.{WEB_SITES}",
    "aws.dev",
    "awsapps.com",
)
_AWS = re.compile(rf"(?:.+\.)?(?:{'|'.join(map(re.escape, AWS_DOMAINS))})")


@lru_cache(maxsize=1024)
def is_aws(host: str) -> bool:
    """Whether `host` (with or without a port) is an endpoint of AWS or an instance's metadata service."""
    name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host
    return name in METADATA_HOSTS or _AWS.fullmatch(name.lower().rstrip(".")) is not None
