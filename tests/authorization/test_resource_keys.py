"""Keys of the resource that no mock's call shows yet: of KMS keys, and of actions that do not say who owns what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iamsim import Simulator
from iamsim.authorization.context import access_context, request_context
from iamsim.authorization.gather import owner_of
from iamsim.kit.call import Call
from iamsim.kit.loader import load_service
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest, Operation, Required
from iamsim.testing import organization

HOME, REGION = "123456789012", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{HOME}:key/k"
ALICE = Principal.root(HOME)
FORWARDED = replace(ALICE, called_via=("cloudformation.amazonaws.com", "s3.amazonaws.com"))


def keys(aws: Simulator, principal: Principal, action: str, resource: str) -> dict[str, Any]:
    """The keys of a decision on `action` by a call of that principal in eu-west-1."""
    service = load_service("sqs")
    definition = replace(service.definition, context=None)
    operation = Operation("sqs", "", "", REGION, "aws", None)
    call = Call(operation, {}, principal, HttpRequest("POST", "sqs", "/"), aws.cloud, definition, service=service)
    needed = Required(action, resource)
    return access_context(call, request_context(call), needed, owner_of(call, needed))


def test_who_calls_kms_and_via_which_service(aws: Simulator) -> None:
    """Section 12: kms:ViaService is the last service that forwards, as its endpoint is called."""
    direct, via = keys(aws, ALICE, "kms:Decrypt", KEY), keys(aws, FORWARDED, "kms:Decrypt", KEY)
    assert direct["kms:CallerAccount"] == via["kms:CallerAccount"] == HOME
    assert "kms:ViaService" not in direct
    assert via["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"
    assert not [key for key in keys(aws, FORWARDED, "sqs:ListQueues", "*") if key.startswith("kms:")]


@pytest.mark.parametrize(
    ("action", "resource", "has_owner"),
    [
        ("ec2:CreateVpcPeeringConnection", f"arn:aws:ec2:{REGION}:{HOME}:vpc/v", False),
        ("ebs:GetSnapshotBlock", f"arn:aws:ec2:{REGION}::snapshot/s", False),
        ("route53:AssociateVPCWithHostedZone", "arn:aws:route53:::hostedzone/z", False),
        ("ec2:CreateVpc", f"arn:aws:ec2:{REGION}:{HOME}:vpc/*", True),
        ("kms:ListKeys", "*", True),
    ],
)
def test_who_owns_the_resource(aws: Simulator, action: str, resource: str, has_owner: bool) -> None:
    """K-25."""
    organization()
    owned = {"aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"}
    assert owned & keys(aws, ALICE, action, resource).keys() == (owned if has_owner else set())


def test_nobody_owns_what_a_service_lists(aws: Simulator) -> None:
    assert "aws:ResourceAccount" not in keys(aws, Principal.service("sns.amazonaws.com"), "sqs:ListQueues", "*")
