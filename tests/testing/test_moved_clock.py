"""Time that a test moves: sessions expire, and clients that sign with the machine's time are not refused for it."""

from __future__ import annotations

import json
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import Clock, enable_iam_authentication, mock_aws

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}],
}


def client_of_a_session() -> Any:
    boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    credentials = boto3.client("sts").assume_role(
        RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="test", DurationSeconds=900
    )["Credentials"]
    return boto3.client(
        "sts",
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def test_a_session_expires_when_the_clock_is_advanced() -> None:
    with mock_aws() as aws:
        sts = client_of_a_session()
        with enable_iam_authentication():
            sts.get_caller_identity()
            aws.cloud.clock.advance(899)
            sts.get_caller_identity()
            aws.cloud.clock.advance(10)
            with pytest.raises(ClientError) as raised:
                sts.get_caller_identity()
    assert raised.value.response["Error"]["Code"] == "ExpiredToken"


def test_a_clock_that_stands_still_elsewhere() -> None:
    with mock_aws(clock=Clock(at=time.time() - 86_400 * 365)):
        sts = client_of_a_session()
        with enable_iam_authentication():
            assert sts.get_caller_identity()["Arn"].endswith("assumed-role/r/test")
