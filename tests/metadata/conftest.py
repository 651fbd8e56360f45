"""A simulator with one instance, whose profile holds the role `app`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from iamsim import mock_aws
from iamsim.simulator import Simulator
from iamsim.testing.active import ACTIVE

TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]},
        "Action": "sts:AssumeRole",
    },
}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with mock_aws():
        yield ACTIVE.simulator


@pytest.fixture
def allow(simulator: Simulator) -> Callable[..., None]:
    """Give the role `app` this one policy."""

    def give(action: str, resource: str = "*", **condition: Any) -> None:
        statement = {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}
        document = json.dumps({"Version": "2012-10-17", "Statement": statement})
        boto3.client("iam").put_role_policy(RoleName="app", PolicyName="one", PolicyDocument=document)

    return give


@pytest.fixture
def launch(simulator: Simulator) -> Callable[..., str]:
    """Launches an instance under the role `app`; gives its id."""
    iam = boto3.client("iam")
    iam.create_role(RoleName="app", Path="/service/", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_instance_profile(InstanceProfileName="of-app")
    iam.add_role_to_instance_profile(InstanceProfileName="of-app", RoleName="app")

    def run(**options: Any) -> str:
        ec2 = boto3.client("ec2", region_name="eu-west-1")
        image = ec2.describe_images()["Images"][0]["ImageId"]
        options = {"IamInstanceProfile": {"Name": "of-app"}, "InstanceType": "t3.micro", **options}
        started = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, **options)
        return str(started["Instances"][0]["InstanceId"])

    return run
