"""Tokens of `sts.amazonaws.com` are not valid in Regions that an account must opt in to, unless it asks for such."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from iamsim import enable_iam_authentication
from iamsim.testing import role
from tests.mocks.iam.documents import ACCOUNT, refused

NO_TOKEN = "The security token included in the request is invalid."
REFUSALS = {
    "sqs": ("list_queues", "InvalidClientTokenId", NO_TOKEN, 403),
    "dynamodb": ("list_tables", "UnrecognizedClientException", NO_TOKEN, 400),
    "lambda": ("list_functions", "UnrecognizedClientException", NO_TOKEN, 403),
    "ec2": ("describe_vpcs", "AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "s3": ("list_buckets", "InvalidToken", "The provided token is malformed or otherwise invalid.", 400),
}


def session(**options: Any) -> boto3.Session:
    sts = boto3.client("sts", **options)
    issued = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/r", RoleSessionName="session")["Credentials"]
    return boto3.Session(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])


GLOBAL = {"region_name": "us-east-1", "endpoint_url": "https://sts.amazonaws.com"}


@pytest.mark.parametrize("service", REFUSALS)
def test_version_1(service: str) -> None:
    role("r", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    name, code, message, status = REFUSALS[service]
    made = session(**GLOBAL)
    with enable_iam_authentication(), refused(code, message, status):
        getattr(made.client(service, region_name="me-south-1"), name)()


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-3", "me-south-1", "ap-east-1"])
def test_what_holds_everywhere(iam: Any, region: str) -> None:
    role("r", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    regional = session(region_name="eu-west-1")
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v2Token")
    version_2 = session(**GLOBAL)
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v1Token")
    made = [regional, version_2] + ([session(**GLOBAL)] if region in ("us-east-1", "eu-west-3") else [])
    for each in made:
        with enable_iam_authentication():
            each.client("sqs", region_name=region).list_queues()
