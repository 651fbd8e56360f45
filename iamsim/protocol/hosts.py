"""Host names of AWS: what a host says about service, region and partition."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from iamsim.reference.partitions import partition_of

SUFFIXES = (  # DNS suffix -> partition, region of its global services; longer suffixes first
    ("api.amazonwebservices.com.cn", "aws-cn", "cn-northwest-1"),
    ("api.amazonwebservices.eu", "aws-eusc", "eusc-de-east-1"),
    ("api.aws.hci.ic.gov", "aws-iso-f", "us-isof-south-1"),
    ("api.cloud-aws.adc-e.uk", "aws-iso-e", "eu-isoe-west-1"),
    ("api.aws.ic.gov", "aws-iso", "us-iso-east-1"),
    ("api.aws.scloud", "aws-iso-b", "us-isob-east-1"),
    ("amazonaws.com.cn", "aws-cn", "cn-northwest-1"),
    ("cloud.adc-e.uk", "aws-iso-e", "eu-isoe-west-1"),
    ("csp.hci.ic.gov", "aws-iso-f", "us-isof-south-1"),
    ("sc2s.sgov.gov", "aws-iso-b", "us-isob-east-1"),
    ("amazonaws.com", "aws", "us-east-1"),
    ("amazonaws.eu", "aws-eusc", "eusc-de-east-1"),
    ("c2s.ic.gov", "aws-iso", "us-iso-east-1"),
    ("amazonaws-us-gov.com", "aws-us-gov", "us-gov-west-1"),  # from here to amazonaws.cn: sign-in
    ("csphome.hci.ic.gov", "aws-iso-f", "us-isof-south-1"),
    ("sc2shome.sgov.gov", "aws-iso-b", "us-isob-east-1"),
    ("amazonaws-eusc.eu", "aws-eusc", "eusc-de-east-1"),
    ("csphome.adc-e.uk", "aws-iso-e", "eu-isoe-west-1"),
    ("c2shome.ic.gov", "aws-iso", "us-iso-east-1"),
    ("aws.amazon.com", "aws", "us-east-1"),
    ("signin.aws", "aws", "us-east-1"),
    ("amazonaws.cn", "aws-cn", "cn-northwest-1"),
    ("on.aws", "aws", "us-east-1"),
    ("api.aws", "aws", "us-east-1"),
)

REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}")
S3_DASH_REGION = re.compile(rf"s3-({REGION.pattern})")
S3_ENDPOINT_KINDS = {"bucket": "s3", "accesspoint": "s3-accesspoint", "control": "s3-control"}
S3_EXPRESS_ZONE = re.compile(r"s3express(?:-fips)?-[a-z0-9]+-az\d+")


class Host(NamedTuple):
    """What stands in a host name: `labels` without region, suffix, `dualstack` and `fips`."""

    labels: tuple[str, ...]
    region: str  # '' where the host names none
    partition: str  # '' for a host that is not AWS's


@lru_cache(maxsize=4096)
def read_host(host: str) -> Host:
    """The parts of a host name, with or without a port; a name that is not AWS's has only labels."""
    name = host.lower().rstrip(".")
    if not name.endswith("]"):
        name = name.rpartition(":")[0] if ":" in name else name
    for suffix, partition, global_region in SUFFIXES:
        if name.endswith(suffix) and name[: -len(suffix)].endswith("."):
            return _read_labels(name[: -len(suffix) - 1].split("."), partition, global_region)
    return Host((name,), "", "")


def _read_labels(labels: list[str], partition: str, global_region: str) -> Host:
    region = "" if partition == "aws" else global_region
    if labels[-1] == "vpce":
        labels = _behind_interface_endpoint(labels[:-1])
    if labels[-1] == "us-gov":
        labels, region = labels[:-1], "us-gov-west-1"
    if REGION.fullmatch(labels[-1]):
        labels, region = labels[:-1], labels[-1]
    elif len(labels) > 1 and REGION.fullmatch(labels[-2]):  # us-east-1.elasticmapreduce, search-x.us-east-1.es
        labels, region = [*labels[:-2], labels[-1]], labels[-2]
    elif dashed := S3_DASH_REGION.fullmatch(labels[-1]):
        labels, region = [*labels[:-1], "s3"], dashed[1]
    if len(labels) > 1 and labels[-1] in ("dualstack", "global"):
        labels = labels[:-1]
    if labels and S3_EXPRESS_ZONE.fullmatch(labels[-1]):
        labels = [*labels[:-1], "s3express"]
    if region and partition == "aws":
        partition = partition_of(region)
    return Host(tuple(labels), region, partition)


def _behind_interface_endpoint(labels: list[str]) -> list[str]:
    """The labels without the name of a VPC endpoint; S3's say before it what stands before them.

    Source: AWS PrivateLink guide, interface endpoint DNS names; Amazon S3 User Guide, privatelink-interface-endpoints.
    """
    for index, label in enumerate(labels):
        if label.startswith("vpce-"):
            kind = labels[index - 1] if index else ""
            rest = labels[index + 1 :]
            if rest[:1] == ["s3"] and kind in S3_ENDPOINT_KINDS:
                return [*labels[: index - 1], S3_ENDPOINT_KINDS[kind], *rest[1:]]
            return [*labels[:index], *rest]
    return labels


def without_fips(stem: str) -> str:
    """The host stem without the mark of a FIPS endpoint: `s3-fips` → `s3`, `fips.batch` → `batch`."""
    return ".".join(label.replace("-fips", "") for label in stem.split(".") if label != "fips")
