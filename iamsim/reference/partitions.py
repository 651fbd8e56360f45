"""The partitions of AWS: in which one a region is.

Source: botocore's partitions.json; tests/reference_data/test_partitions.py reads all of its regions.
"""

from __future__ import annotations

from functools import lru_cache

PARTITIONS = (  # the prefix of a region's name, and the partition that it is in
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)
DNS_SUFFIXES = {
    "aws-cn": "amazonaws.com.cn",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
    "aws-eusc": "amazonaws.eu",
}
NAMES = frozenset({"aws", *(name for _, name in PARTITIONS)})


def dns_suffix(partition: str) -> str:
    """How the host names of the partition's services end: `amazonaws.com`, `amazonaws.com.cn`, ..."""
    return DNS_SUFFIXES.get(partition, "amazonaws.com")


@lru_cache(maxsize=256)
def partition_of(region: str) -> str:
    """The partition of the region: `aws-cn` of `cn-north-1`; `aws` for a region that nobody knows."""
    return next((partition for prefix, partition in PARTITIONS if region.startswith(prefix)), "aws")
