"""Every global condition key, for each kind of principal: its value, or that it is absent (context-keys 1 to 6)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import boto3
import pytest

from iamsim import Simulator, decisions, enable_iam_authentication
from iamsim.organization import Organization
from iamsim.testing import anonymous, as_root, as_service, as_user, from_network, organization
from iamsim.testing.acting import Actor
from iamsim.testing.stage import Identity

from .conftest import HOME, Account, allow, assume

REGION = "eu-west-1"
ISSUER = "token.example.com"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NUMBER = re.compile(r"\d+")
USER_ID, ROLE_ID = re.compile("AIDA[A-Z2-7]{17}"), "AROA[A-Z2-7]{17}"

VPC, ENDPOINT, PRIVATE = "vpc-0a1b", "vpce-0c2d", "10.0.0.5"
TOPIC = f"arn:aws:sns:{REGION}:{HOME}:orders"
FORWARDERS = ["cloudformation.amazonaws.com", "dynamodb.amazonaws.com"]

# What every call says, whoever makes it.
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
WORKERS_TAGS = {"aws:PrincipalTag/team": "role", "aws:PrincipalTag/kind": "batch"}
GUEST = SIGNED | {
    "aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/guest",
    "aws:PrincipalType": "AssumedRole",
    "aws:userid": re.compile(f"{ROLE_ID}:session"),
}
VISITOR = (
    SIGNED
    | TEMPORARY
    | {
        "aws:PrincipalArn": f"arn:aws:sts::{HOME}:federated-user/visitor",
        "aws:PrincipalTag/cost": "7",
        "aws:PrincipalTag/team": "federated",
        "aws:PrincipalType": "FederatedUser",
        "aws:userid": f"{HOME}:visitor",
    }
)
ROOT = SIGNED | {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:root", "aws:PrincipalType": "Account", "aws:userid": HOME}
SERVICE = {key: value for key, value in EVERYBODY.items() if key != "aws:SourceIp"} | {  # K-21
    "aws:PrincipalAccount": "aws",
    "aws:PrincipalIsAWSService": "true",
    "aws:PrincipalServiceName": "sns.amazonaws.com",
    "aws:PrincipalServiceNamesList": ["sns.amazonaws.com"],
    "aws:PrincipalType": "Service",
    "aws:userid": "sns.amazonaws.com",
}
FORWARDED = {
    "aws:CalledVia": FORWARDERS,
    "aws:CalledViaFirst": FORWARDERS[0],
    "aws:CalledViaLast": FORWARDERS[-1],
    "aws:ViaAWSService": "true",
}
NO_MFA = {"aws:MultiFactorAuthPresent": "false"}  # K-16
EXPECTED: dict[str, dict[str, Any]] = {
    "user": ALICE,
    "GetSessionToken": ALICE | WITHOUT_MFA,
    "GetSessionToken with MFA": ALICE | WITH_MFA,
    "role session": WORKER | WITHOUT_MFA | WORKERS_TAGS,
    "role session with tags": WORKER
    | WITH_MFA
    | {
        "aws:PrincipalTag/TEAM": "session",  # stands before the role's own
        "aws:PrincipalTag/kind": "batch",
        "aws:SourceIdentity": "alice",
    },
    "role session of an instance": WORKER
    | WITHOUT_MFA
    | WORKERS_TAGS
    | {
        "aws:Ec2InstanceSourcePrivateIPv4": PRIVATE,
        "aws:Ec2InstanceSourceVpc": VPC,
        "ec2:RoleDelivery": "2.0",
        "ec2:SourceInstanceArn": f"arn:aws:ec2:{REGION}:{HOME}:instance/i-1",
    },
    "web identity": GUEST
    | TEMPORARY
    | {
        "aws:FederatedProvider": f"arn:aws:iam::{HOME}:oidc-provider/{ISSUER}",
        f"{ISSUER}:aud": "app",
        f"{ISSUER}:sub": "me",
    },
    "SAML": GUEST
    | TEMPORARY
    | {"saml:namequalifier": re.compile(".+"), "saml:sub": "_id", "saml:sub_type": "persistent"},
    "federated user": VISITOR,
    "root": ROOT,
    "service": SERVICE,
    "service for a resource": SERVICE | {"aws:SourceAccount": HOME, "aws:SourceArn": TOPIC},
    "user via services": ALICE | FORWARDED | NO_MFA,
    "root via services": ROOT | FORWARDED | NO_MFA,
    "role session via services": WORKER | WITH_MFA | WORKERS_TAGS | FORWARDED,
    "federated user via services": VISITOR | FORWARDED | NO_MFA,
    "anonymous": EVERYBODY
    | {"aws:PrincipalAccount": "anonymous", "aws:PrincipalType": "Anonymous", "aws:userid": "anonymous"},
}
HAVE_NO_ORGANIZATION = ("service", "service for a resource", "anonymous")
USE_NO_ENDPOINT = ("service", "service for a resource")  # and no forwarded request does (K-20)


def in_an_organization(kind: str, expected: dict[str, Any], made: Organization) -> dict[str, Any]:
    """What is expected besides, with all accounts in a unit of an organization."""
    path = [made.path("Workloads")]
    keys: dict[str, Any] = {"aws:ResourceOrgID": made.id, "aws:ResourceOrgPaths": path}
    if kind not in HAVE_NO_ORGANIZATION:
        keys |= {"aws:PrincipalOrgID": made.id, "aws:PrincipalOrgPaths": path}
    if "aws:SourceAccount" in expected:
        keys |= {"aws:SourceOrgID": made.id, "aws:SourceOrgPaths": path}
    return expected | keys


def through_an_endpoint(kind: str, expected: dict[str, Any]) -> dict[str, Any]:
    """What is expected of SQS through a VPC endpoint."""
    keys = {key: value for key, value in expected.items() if key != "aws:SourceIp"}
    if kind not in USE_NO_ENDPOINT and "via services" not in kind:
        keys |= {"aws:SourceVpc": VPC, "aws:SourceVpce": ENDPOINT, "aws:VpcSourceIp": PRIVATE}
        if "aws:ResourceOrgID" in keys:
            keys["aws:VpceOrgID"] = keys["aws:ResourceOrgID"]
    return keys


def session_of(reply: dict[str, Any]) -> boto3.Session:
    found = reply["Credentials"]
    return boto3.Session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def assertion(role: str, provider: str) -> str:
    """A SAML response that nobody has signed."""
    start = "https://aws.amazon.com/SAML/Attributes/"
    named = {"Role": f"{role},{provider}", "RoleSessionName": "session"}
    attributes = "".join(
        f'<Attribute Name="{start}{name}"><AttributeValue>{value}</AttributeValue></Attribute>'
        for name, value in named.items()
    )
    kind, audience = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "https://signin.aws.amazon.com/saml"
    xml = f"""<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol">
    <Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><Issuer>https://idp.acme</Issuer>
    <Subject><NameID Format="{kind}">_id</NameID><SubjectConfirmation>
    <SubjectConfirmationData NotOnOrAfter="2999-01-01T00:00:00Z" Recipient="{audience}"/>
    </SubjectConfirmation></Subject>
    <AttributeStatement>{attributes}</AttributeStatement></Assertion></Response>"""
    return base64.b64encode(xml.encode()).decode()


def token(**claims: Any) -> str:
    """A web identity token, whose signature nobody verifies."""
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signature"))


@pytest.fixture
def caller(aws: Simulator, home: Account) -> Callable[[str], Any]:
    """Who makes the call: a session, or an Actor."""
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

    def saml() -> boto3.Session:
        document = (
            '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">' + " " * 1000 + "</EntityDescriptor>"
        )
        provider = home.iam.create_saml_provider(Name="acme", SAMLMetadataDocument=document)["SAMLProviderArn"]
        guest = home.role("guest", {"Federated": provider}, allow("sqs:*"))
        request = {"RoleArn": guest, "PrincipalArn": provider, "SAMLAssertion": assertion(guest, provider)}
        return session_of(sts.assume_role_with_saml(**request))

    def instance() -> boto3.Session:
        """The role's credentials as an instance gets them: with keys that stay with the session."""
        session = assume(alice, worker)
        credential = aws.cloud.credentials[session.get_credentials().access_key]
        keys = {
            "aws:Ec2InstanceSourcePrivateIPv4": PRIVATE,
            "aws:Ec2InstanceSourceVpc": VPC,
            "ec2:RoleDelivery": "2.0",
            "ec2:SourceInstanceArn": f"arn:aws:ec2:{REGION}:{HOME}:instance/i-1",
        }
        principal = credential.principal
        credential.principal = replace(principal, session=replace(principal.session, context=keys))
        return session

    def federated_user() -> boto3.Session:
        policy = json.dumps({"Version": "2012-10-17", "Statement": allow("sqs:*")})
        own = [{"Key": "team", "Value": "federated"}]
        return session_of(sts.get_federation_token(Name="visitor", Policy=policy, Tags=own))

    def with_mfa(**options: Any) -> boto3.Session:
        return assume(alice, worker, **options, **factor)

    kinds: dict[str, Callable[[], Any]] = {
        "user": lambda: alice,
        "GetSessionToken": lambda: session_of(sts.get_session_token()),
        "GetSessionToken with MFA": lambda: session_of(sts.get_session_token(**factor)),
        "role session": lambda: assume(alice, worker),
        "role session with tags": lambda: with_mfa(Tags=[{"Key": "TEAM", "Value": "session"}], SourceIdentity="alice"),
        "role session of an instance": instance,
        "web identity": web_identity,
        "SAML": saml,
        "federated user": federated_user,
        "root": lambda: home.root,
        "service": lambda: as_service("sns.amazonaws.com"),
        "service for a resource": lambda: as_service("sns.amazonaws.com", source_arn=TOPIC),
        "user via services": lambda: as_user("alice").via(*FORWARDERS),
        "root via services": lambda: as_root().via(*FORWARDERS),
        "role session via services": lambda: acting(with_mfa()).via(*FORWARDERS),
        "federated user via services": lambda: acting(federated_user()).via(*FORWARDERS),
        "anonymous": anonymous,
    }

    def acting(session: boto3.Session) -> Actor:
        """An Actor for whom the session's credentials were issued."""
        held = session.get_credentials()
        principal = aws.cloud.credentials[held.access_key].principal
        return Actor(principal.arn, lambda: Identity(principal, held))

    return lambda kind: kinds[kind]()


@pytest.mark.parametrize(
    "surroundings", ["alone", "in an organization", "through an endpoint", "through an endpoint of it"]
)
@pytest.mark.parametrize("kind", EXPECTED)
def test_the_keys_of_a_call(home: Account, caller: Callable[[str], Any], kind: str, surroundings: str) -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": anybody})}
    home.root.client("sqs", region_name=REGION).create_queue(
        QueueName="orders", Attributes=policy, tags={"stage": "test"}
    )
    expected = EXPECTED[kind]
    if surroundings in ("in an organization", "through an endpoint of it"):
        expected = in_an_organization(kind, expected, organization({HOME: "Workloads"}))
    where: AbstractContextManager[Any] = nullcontext()
    if surroundings.startswith("through"):
        where = from_network(vpc_endpoint=ENDPOINT, vpc=VPC, ip=PRIVATE)
        expected = through_an_endpoint(kind, expected)
    sqs = caller(kind).client("sqs", region_name=REGION)
    with enable_iam_authentication(), where:
        sqs.send_message(QueueUrl=f"https://sqs.{REGION}.amazonaws.com/{HOME}/orders", MessageBody="x")
    found = dict(decisions()[-1].evaluation.access.context)
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


def test_a_connection_without_tls(home: Account) -> None:
    """As `use_ssl=False` makes it; S3 then has no version of TLS to tell of."""
    home.root.client("s3").create_bucket(Bucket="orders")
    for encrypted, secure, version in ((True, "true", "1.3"), (False, "false", None)):
        with enable_iam_authentication():
            home.root.client("s3", use_ssl=encrypted).list_objects_v2(Bucket="orders")
        context = decisions()[-1].evaluation.access.context
        assert (context["aws:SecureTransport"], context.get("s3:TlsVersion")) == (secure, version)
