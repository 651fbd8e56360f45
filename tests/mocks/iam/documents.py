"""Policy documents and clients that the tests of IAM and STS share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "111122223333"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def allow(action: Any, resource: Any = "*", **more: Any) -> str:
    """A policy with one Allow."""
    return policy({"Effect": "Allow", "Action": action, "Resource": resource, **more})


def deny(action: Any, resource: Any = "*", **more: Any) -> str:
    """A policy with one Deny."""
    return policy({"Effect": "Deny", "Action": action, "Resource": resource, **more})


def trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> str:
    """A trust policy for `principal`."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def client_of(credentials: dict[str, Any], service: str) -> Any:
    """A client that signs with an access key or temporary credentials as IAM and STS answer with them."""
    return boto3.client(
        service,
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials.get("SessionToken"),
    )


def make_user(name: str, *policies: str, path: str = "/") -> dict[str, Any]:
    """A user with inline policies; its access key."""
    iam = boto3.client("iam")
    iam.create_user(UserName=name, Path=path)
    for index, document in enumerate(policies):
        iam.put_user_policy(UserName=name, PolicyName=f"p{index}", PolicyDocument=document)
    key: dict[str, Any] = iam.create_access_key(UserName=name)["AccessKey"]
    return key


@contextmanager
def refused(code: str, message: str, status: int | None = None) -> Iterator[None]:
    """The block ends with that error, in full."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    if status is not None:
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
