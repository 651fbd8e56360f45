"""Accounts with users and roles, whose calls are checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import Simulator, enable_iam_authentication, mock_aws
from iamsim.cloud import Credential
from iamsim.policy.principal import Principal

REGION = "us-east-1"
HOME, ABROAD = "123456789012", "222222222222"
Attempt = Callable[..., str]


def document(*statements: Mapping[str, Any]) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement of an identity-based policy."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement of an identity-based policy."""
    return allow(action, resource, **more) | {"Effect": "Deny"}


class Account:
    """One account, seen by its root user. What a test sets up here runs while nothing is enforced."""

    def __init__(self, simulator: Simulator, number: str) -> None:
        key = f"AKIA{number}ROOT"
        simulator.cloud.credentials[key] = Credential(key, "secret", Principal.root(number))
        self.number = number
        self.root = boto3.Session(aws_access_key_id=key, aws_secret_access_key="secret", region_name=REGION)
        self.iam = self.root.client("iam")

    def user(self, name: str, *statements: Mapping[str, Any], **options: Any) -> boto3.Session:
        """A new user with an inline policy `own` of these statements: a session with its key."""
        self.iam.create_user(UserName=name, **options)
        if statements:
            self.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)

    def role(self, name: str, trusted: Any, *statements: Mapping[str, Any], **options: Any) -> str:
        """A new role that `trusted` may assume, with an inline policy `own`: its ARN."""
        trust = document({"Effect": "Allow", "Principal": trusted, "Action": ["sts:AssumeRole", "sts:TagSession"]})
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **options)["Role"]
        if statements:
            self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return str(role["Arn"])

    def managed(self, name: str, *statements: Mapping[str, Any]) -> str:
        """A new managed policy: its ARN."""
        return str(self.iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))["Policy"]["Arn"])

    def queue(self, name: str, *statements: Mapping[str, Any], **options: Any) -> str:
        """A new queue with a queue policy of these statements: its URL."""
        attributes = {"Attributes": {"Policy": document(*statements)}} if statements else {}
        return str(self.root.client("sqs").create_queue(QueueName=name, **attributes, **options)["QueueUrl"])


def assume(session: boto3.Session, role: str, name: str = "session", **options: Any) -> boto3.Session:
    """A session of `role`."""
    found = session.client("sts").assume_role(RoleArn=role, RoleSessionName=name, **options)["Credentials"]
    return boto3.Session(
        found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"], region_name=session.region_name
    )


@pytest.fixture
def aws() -> Iterator[Simulator]:
    with mock_aws() as simulator:
        yield simulator


@pytest.fixture
def home(aws: Simulator) -> Account:
    return Account(aws, HOME)


@pytest.fixture
def abroad(aws: Simulator) -> Account:
    return Account(aws, ABROAD)


@pytest.fixture
def attempt() -> Attempt:
    """Makes one call that is checked: the message of its denial, or "" if it was allowed."""

    def attempt(operation: Callable[..., Any], **params: Any) -> str:
        with enable_iam_authentication():
            try:
                operation(**params)
            except ClientError as refusal:
                if refusal.response["Error"]["Code"] != "AccessDenied":
                    raise
                return str(refusal.response["Error"]["Message"])
        return ""

    return attempt
