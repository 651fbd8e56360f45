"""Roles that trust identity providers, said in short."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from iamsim import enable_iam_authentication, mock_aws
from iamsim.testing import identity_provider, role, saml_provider

HOME = "123456789012"


def trust_of(name: str) -> dict[str, Any]:
    document: dict[str, Any] = boto3.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    statement: dict[str, Any] = document["Statement"][0]
    return statement


@mock_aws
def test_by_the_provider_itself() -> None:
    pytest.importorskip("jwt")
    github = identity_provider("token.actions.githubusercontent.com")
    role("deploy", trusts=github)
    sts = boto3.client("sts")
    named = {"RoleArn": f"arn:aws:iam::{HOME}:role/deploy", "RoleSessionName": "ci"}
    with enable_iam_authentication():
        sts.assume_role_with_web_identity(**named, WebIdentityToken=github.token("me", tags={"a": "b"}))
    assert trust_of("deploy")["Principal"] == {"Federated": [github.arn]}


@mock_aws
def test_several_kinds_at_once() -> None:
    pytest.importorskip("signxml")
    acme = saml_provider("acme")
    role("both", trusts=[acme, HOME, "accounts.google.com", "lambda.amazonaws.com"])
    statement = trust_of("both")
    assert statement["Principal"] == {
        "Federated": [acme.arn, "accounts.google.com"],
        "AWS": [f"arn:aws:iam::{HOME}:root"],
        "Service": ["lambda.amazonaws.com"],
    }
    assert {"sts:AssumeRole", "sts:AssumeRoleWithSAML"} <= set(statement["Action"])
