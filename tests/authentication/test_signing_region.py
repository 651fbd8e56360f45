"""The Region that a host stands for. Source: botocore's endpoint rules."""

from __future__ import annotations

import pytest

from iamsim.authentication.signing_region import region_of_host, signing_region

from .signing import operation


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("sqs.eu-west-1.amazonaws.com", "eu-west-1"),
        ("sqs.eu-west-1.amazonaws.com:443", "eu-west-1"),
        ("sqs.eu-west-1.api.aws", "eu-west-1"),
        ("iam.amazonaws.com", "us-east-1"),
        ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
        ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("my-bucket-1.s3.eu-west-1.amazonaws.com", "eu-west-1"),
        ("my-bucket-1.s3-eu-west-1.amazonaws.com", "eu-west-1"),
        ("my-bucket-1.s3.amazonaws.com", None),
        ("s3.amazonaws.com", None),
        ("my-bucket-1.s3-accelerate.amazonaws.com", None),
        ("localhost:5000", None),
        ("eu-west-1.example.com", None),
    ],
)
def test_region_of_host(host: str, region: str | None) -> None:
    assert region_of_host(host) == region


def test_pseudo_regions_and_misleading_hosts() -> None:
    assert signing_region("localhost", operation("iam", "ListUsers", "aws-global"), "x") == "us-east-1"
    health = operation("health", "DescribeEvents", "us-east-1")
    assert signing_region("health.eu-west-1.amazonaws.com", health, "us-east-1") == "us-east-1"
