"""What a snapshot of a simulator can hold."""

from __future__ import annotations

import boto3

from iamsim import mock_aws
from iamsim.testing import role


def test_a_session_that_began_before_it() -> None:
    with mock_aws() as simulator:
        app = role("app", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
        assert app.arn.endswith(":assumed-role/app/session")
        snapshot = simulator.snapshot()
        boto3.client("s3").create_bucket(Bucket="orders")
        simulator.restore(snapshot)
        with app:
            assert boto3.client("s3").list_buckets()["Buckets"] == []
