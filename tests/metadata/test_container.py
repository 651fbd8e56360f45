"""What code in a container is told at 169.254.170.2."""

from __future__ import annotations

import os
from collections.abc import Callable

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from iamsim.testing import in_container

BASE = "http://169.254.170.2"


def test_boto3_finds_the_credentials_of_the_task(launch: Callable[..., str], allow: Callable[..., None]) -> None:
    allow("s3:ListAllMyBuckets")
    with in_container("app"):
        path = os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
        task = path.rpartition("/")[2].replace("-", "")
        caller = boto3.client("sts").get_caller_identity()
        assert caller["Arn"] == f"arn:aws:sts::123456789012:assumed-role/app/{task}"
        assert boto3.client("s3").list_buckets()["Buckets"] == []
        with pytest.raises(ClientError):
            boto3.client("s3").create_bucket(Bucket="orders")
        told = requests.get(BASE + path, timeout=1).json()
        assert told["RoleArn"] == "arn:aws:iam::123456789012:role/service/app"
        assert requests.get(f"{BASE}/v2/credentials/other", timeout=1).status_code == 400
    with pytest.raises(requests.ConnectionError):
        requests.get(BASE + path, timeout=1)
