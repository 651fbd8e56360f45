"""Every global condition key, for each kind of principal: its value, or that it is absent (context-keys 1 to 6)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from iamsim import decisions, enable_iam_authentication

from .conftest import HOME, Account, allow, assume

REGION = "eu-west-1"
ISSUER = "token.example.com"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NUMBER = re.compile(r"\d+")
USER_ID, ROLE_ID = re.compile("AIDA[A-Z2-7]{17}"), "AROA[A-Z2-7]{17}"

# What every call says, whoever makes it: absent are the keys of VPC endpoints, of forwarded calls, of services' own
# calls, of organizations, and those that nothing fills in here.
EVERYBODY: dict[str, Any] = {
    "aws:CurrentTime": MOMENT,
    "aws:EpochTime": NUMBER,
    "aws:RequestedRegion": REGION,
    "aws:ResourceAccount": HOME,
    "aws:ResourceTag/stage": "test",
    "aws:SecureTransport": "true",
    "aws:SourceIp": "127.0.0.1",
    "aws:UserAgent": re.compile("Boto3/.*"),
    "aws:ViaAWSService": "false",
}
SIGNED = EVERYBODY | {"aws:PrincipalAccount": HOME, "aws:PrincipalIsAWSService": "false"}
TEMPORARY = {"aws:TokenIssueTime": MOMENT}
WITHOUT_MFA = TEMPORARY | {"aws:MultiFactorAuthPresent": "false"}
WITH_MFA = TEMPORARY | {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": NUMBER}
USER_TAGS = {"aws:PrincipalTag/Team": "red", "aws:PrincipalTag/cost": "7"}
ALICE = (
    SIGNED
    | USER_TAGS
    | {
        "aws:PrincipalArn": f"arn:aws:iam::{HOME}:user/dev/alice",
        "aws:PrincipalType": "User",
        "aws:userid": USER_ID,
        "aws:username": "alice",
    }
)
WORKER = SIGNED | {
    "aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/service/worker",
    "aws:PrincipalType": "AssumedRole",
    "aws:userid": re.compile(f"{ROLE_ID}:session"),
}
EXPECTED: dict[str, dict[str, Any]] = {
    "user": ALICE,
    "GetSessionToken": ALICE | WITHOUT_MFA,
    "GetSessionToken with MFA": ALICE | WITH_MFA,
    "role session": WORKER | WITHOUT_MFA | {"aws:PrincipalTag/team": "role", "aws:PrincipalTag/kind": "batch"},
    "role session with tags": WORKER
    | WITH_MFA
    | {
        "aws:PrincipalTag/TEAM": "session",  # stands before the role's own
        "aws:PrincipalTag/kind": "batch",
        "aws:SourceIdentity": "alice",
    },
    "web identity": SIGNED
    | WITHOUT_MFA
    | {
        "aws:FederatedProvider": f"arn:aws:iam::{HOME}:oidc-provider/{ISSUER}",
        "aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/guest",
        "aws:PrincipalType": "AssumedRole",
        "aws:userid": re.compile(f"{ROLE_ID}:session"),
        f"{ISSUER}:aud": "app",
        f"{ISSUER}:sub": "me",
    },
    "federated user": SIGNED
    | TEMPORARY
    | {
        "aws:PrincipalArn": f"arn:aws:sts::{HOME}:federated-user/visitor",
        "aws:PrincipalTag/cost": "7",
        "aws:PrincipalTag/team": "federated",
        "aws:PrincipalType": "FederatedUser",
        "aws:userid": f"{HOME}:visitor",
    },
    "root": SIGNED
    | {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:root", "aws:PrincipalType": "Account", "aws:userid": HOME},
    "anonymous": EVERYBODY
    | {"aws:PrincipalAccount": "anonymous", "aws:PrincipalType": "Anonymous", "aws:userid": "anonymous"},
}


def session_of(reply: dict[str, Any]) -> boto3.Session:
    found = reply["Credentials"]
    return boto3.Session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def token(**claims: Any) -> str:
    """A web identity token, whose signature nobody verifies."""
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signature"))


@pytest.fixture
def caller(home: Account) -> Callable[[str], boto3.Session | None]:
    """Who makes the call; None for nobody."""
    tags = [{"Key": "Team", "Value": "red"}, {"Key": "cost", "Value": "7"}]
    alice = home.user("alice", allow("*"), Path="/dev/", Tags=tags)
    sts = alice.client("sts")
    role_tags = [{"Key": "team", "Value": "role"}, {"Key": "kind", "Value": "batch"}]
    worker = home.role("worker", {"AWS": HOME}, allow("sqs:*"), Path="/service/", Tags=role_tags)
    device = home.iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]["SerialNumber"]
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "234567"}
    home.iam.enable_mfa_device(UserName="alice", SerialNumber=device, **codes)
    factor = {"SerialNumber": device, "TokenCode": "123456"}

    def web_identity() -> boto3.Session:
        provider = home.iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["app"])
        guest = home.role("guest", {"Federated": provider["OpenIDConnectProviderArn"]}, allow("sqs:*"))
        identity = token(iss=f"https://{ISSUER}", aud="app", sub="me", iat=0, exp=2**40)
        request = {"RoleArn": guest, "RoleSessionName": "session", "WebIdentityToken": identity}
        return session_of(sts.assume_role_with_web_identity(**request))

    def federated_user() -> boto3.Session:
        policy = json.dumps({"Version": "2012-10-17", "Statement": allow("sqs:*")})
        own = [{"Key": "team", "Value": "federated"}]
        return session_of(sts.get_federation_token(Name="visitor", Policy=policy, Tags=own))

    kinds: dict[str, Callable[[], boto3.Session | None]] = {
        "user": lambda: alice,
        "GetSessionToken": lambda: session_of(sts.get_session_token()),
        "GetSessionToken with MFA": lambda: session_of(sts.get_session_token(**factor)),
        "role session": lambda: assume(alice, worker),
        "role session with tags": lambda: assume(
            alice, worker, Tags=[{"Key": "TEAM", "Value": "session"}], SourceIdentity="alice", **factor
        ),
        "web identity": web_identity,
        "federated user": federated_user,
        "root": lambda: home.root,
        "anonymous": lambda: None,
    }
    return lambda kind: kinds[kind]()


@pytest.mark.parametrize("kind", EXPECTED)
def test_the_keys_of_a_call(home: Account, caller: Callable[[str], boto3.Session | None], kind: str) -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": anybody})}
    home.root.client("sqs", region_name=REGION).create_queue(
        QueueName="orders", Attributes=policy, tags={"stage": "test"}
    )
    session = caller(kind)
    options = {} if session else {"config": Config(signature_version=UNSIGNED)}
    sqs = (session or boto3.Session()).client("sqs", region_name=REGION, **options)
    with enable_iam_authentication():
        sqs.send_message(QueueUrl=f"https://sqs.{REGION}.amazonaws.com/{HOME}/orders", MessageBody="x")
    found, expected = dict(decisions()[-1].evaluation.access.context), EXPECTED[kind]
    assert sorted(found) == sorted(expected)
    for key, value in expected.items():
        as_expected = value.fullmatch(found[key]) if isinstance(value, re.Pattern) else found[key] == value
        assert as_expected, f"{key} is {found[key]}"


def test_services_without_regions_are_called_in_us_east_1(home: Account) -> None:
    iam = home.user("alice", allow("iam:*")).client("iam", region_name=REGION)
    with enable_iam_authentication():
        iam.list_users()
    assert decisions()[-1].evaluation.access.context["aws:RequestedRegion"] == "us-east-1"


def test_where_the_caller_says_that_it_comes_from(home: Account) -> None:
    sqs = home.user("alice", allow("sqs:*")).client("sqs")
    sqs.meta.events.register("before-sign.sqs", lambda request, **_: request.headers.add_header("Referer", "https://x"))
    with enable_iam_authentication():
        sqs.list_queues()
    assert decisions()[-1].evaluation.access.context["aws:referer"] == "https://x"


def test_tags_that_a_resource_will_have_count_as_its_tags(home: Account) -> None:
    """Source: IAM User Guide, aws:ResourceTag: "or in requests that create a resource with an attached tag"."""
    sqs, iam = home.root.client("sqs"), home.root.client("iam")
    with enable_iam_authentication():
        sqs.create_queue(QueueName="orders", tags={"team": "red"})
        sqs.create_queue(QueueName="orders", tags={"team": "red"})
        iam.create_user(UserName="bob", Path="/x/", Tags=[{"Key": "team", "Value": "blue"}])
    made = [each.evaluation.access for each in decisions()]
    actions = ["sqs:CreateQueue", "sqs:TagQueue"] * 2 + ["iam:CreateUser", "iam:TagUser"]
    assert [each.action for each in made] == actions
    assert [each.context.get("aws:ResourceTag/team") for each in made] == ["red"] * 4 + ["blue"] * 2
    with enable_iam_authentication():
        sqs.create_queue(QueueName="plain")
    assert not [key for key in decisions()[-1].evaluation.access.context if "Tag" in key]
