"""Calls through VPC endpoints: their condition keys, their policies, their host names (evaluation-logic section 12)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from iamsim import Simulator, decisions
from iamsim.testing import (
    as_root,
    as_service,
    assert_allowed,
    assert_denied,
    expect_denied,
    from_network,
    organization,
    role,
    user,
    vpc_endpoint,
)
from iamsim.testing.acting import Actor
from iamsim.testing.network import FromNetwork

HOME, OTHER = "123456789012", "222222222222"
VPC, ENDPOINT = "vpc-0a1b", "vpce-0c2d"
ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
REGION = {"region_name": "us-east-1"}


def opening(*actions: str, **more: Any) -> dict[str, Any]:
    """A statement of an endpoint policy."""
    return {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": "*", **more}


def context() -> dict[str, Any]:
    return dict(decisions()[-1].evaluation.access.context)


@pytest.fixture
def alice(aws: Simulator) -> Actor:
    as_root().client("s3", **REGION).create_bucket(Bucket="orders")
    return user("alice", {"all": ALL})


def through(**options: Any) -> FromNetwork:
    return from_network(vpc_endpoint=ENDPOINT, vpc=VPC, ip="10.0.0.5", **options)


class TestKeys:
    @pytest.mark.parametrize(
        ("service", "call", "keys"),
        [
            ("s3", "list_buckets", {"SourceVpcArn", "VpceAccount", "VpceOrgID", "VpceOrgPaths"}),
            ("iam", "list_users", {"SourceVpcArn", "VpceAccount", "VpceOrgID", "VpceOrgPaths"}),
            ("dynamodb", "list_tables", {"VpceAccount", "VpceOrgID", "VpceOrgPaths"}),
            ("sqs", "list_queues", {"VpceOrgID"}),
            ("ec2", "describe_vpcs", set()),
        ],
    )
    def test_which_services_know_what(self, alice: Actor, service: str, call: str, keys: set[str]) -> None:
        made = organization({HOME: "Members", OTHER: "Network"})
        values = {
            "SourceVpcArn": f"arn:aws:ec2:us-east-1:{OTHER}:vpc/{VPC}",
            "VpceAccount": OTHER,
            "VpceOrgID": made.id,
            "VpceOrgPaths": [made.path("Network")],
        }
        with through(account=OTHER):
            getattr(alice.client(service, **REGION), call)()
        assert {key: context().get(f"aws:{key}") for key in values} == {
            key: value if key in keys else None for key, value in values.items()
        }

    def test_passing_a_role_knows_none_of_them(self, alice: Actor) -> None:
        role("app", trusts="ec2.amazonaws.com")
        iam = alice.client("iam", **REGION)
        with through():
            iam.create_instance_profile(InstanceProfileName="p")
            iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="app")
        adding, passing = (dict(each.evaluation.access.context) for each in list(decisions())[-2:])
        assert "aws:VpceAccount" in adding
        named = ("aws:Vpce", "aws:SourceVpcArn")
        assert not [key for key in passing if key.startswith(named)]

    def test_of_an_owner_without_organization(self, alice: Actor) -> None:
        with through():
            alice.client("s3", **REGION).list_buckets()
        assert not [key for key in context() if "Org" in key]

    def test_the_public_address(self, alice: Actor) -> None:
        with from_network("203.0.113.9"):
            alice.client("s3", **REGION).list_buckets()
            assert context()["aws:SourceIp"] == "203.0.113.9"
        alice.client("s3", **REGION).list_buckets()
        assert context()["aws:SourceIp"] == "127.0.0.1"

    def test_the_network_perimeter(self, alice: Actor) -> None:
        """K-21: who comes through an endpoint is hit by a Deny of other addresses, a forwarded request is not."""
        outside = {
            "NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"},
            "StringNotEqualsIfExists": {"aws:SourceVpc": VPC},
            "BoolIfExists": {"aws:ViaAWSService": "false"},
        }
        bob = user("bob", [ALL, {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": outside}])
        s3, forwarded = bob.client("s3", **REGION), bob.via("athena.amazonaws.com").client("s3", **REGION)
        for place in (from_network("203.0.113.9"), through()):
            with place:
                s3.list_buckets()
        with from_network("198.51.100.1"):
            forwarded.list_buckets()
            with expect_denied("s3:ListAllMyBuckets", by="identity"):
                s3.list_buckets()


class TestPolicies:
    def test_it_must_allow(self, alice: Actor) -> None:
        s3 = alice.client("s3", **REGION)
        with through(policy=opening("s3:List*")):
            s3.list_buckets()
            with pytest.raises(ClientError) as caught:
                s3.put_object(Bucket="orders", Key="1")  # T-36
        assert caught.value.response["Error"]["Message"] == (
            f"User: arn:aws:iam::{HOME}:user/alice is not authorized to perform: s3:PutObject on resource: "
            '"arn:aws:s3:::orders/1" because no VPC endpoint policy allows the s3:PutObject action'
        )
        s3.put_object(Bucket="orders", Key="1")

    def test_a_denial(self, alice: Actor) -> None:
        denial = opening("s3:PutObject") | {"Effect": "Deny"}
        with through(policy=denial), pytest.raises(ClientError, match="explicit deny in a VPC endp"):
            alice.client("s3", **REGION).put_object(Bucket="orders", Key="1")

    def test_without_one_it_allows_everything(self, alice: Actor) -> None:
        with through():
            alice.client("s3", **REGION).put_object(Bucket="orders", Key="1")
        checks = {check.check_type.value: check for check in decisions()[-1].evaluation.checks}
        assert checks["VPC_ENDPOINT"].policies[0].name == "default VPC endpoint policy"

    def test_an_account_at_a_gateway_is_its_root_user(self, alice: Actor) -> None:
        """R-92: interface endpoints know accounts as other policies do."""
        policy = opening("s3:*", Principal={"AWS": HOME})
        with through(policy=policy):
            alice.client("s3", **REGION).list_buckets()
        with through(policy=policy, gateway=True):
            as_root().client("s3", **REGION).list_buckets()
            with expect_denied("s3:ListAllMyBuckets", by="vpc_endpoint"):
                alice.client("s3", **REGION).list_buckets()

    def test_forwarded_requests_and_services_do_not_come_through_it(self, alice: Actor) -> None:
        statement = opening(
            "s3:PutObject", Principal={"Service": "logs.amazonaws.com"}, Resource="arn:aws:s3:::orders/*"
        )
        policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
        as_root().client("s3", **REGION).put_bucket_policy(Bucket="orders", Policy=policy)
        with through(policy=opening("sqs:*")):
            alice.via("athena.amazonaws.com").client("s3", **REGION).list_buckets()  # K-20
            as_service("logs.amazonaws.com").client("s3", **REGION).put_object(Bucket="orders", Key="1")

    def test_who_comes_with_an_identity_providers_word(self, alice: Actor) -> None:
        provider = as_root().client("iam").create_open_id_connect_provider(Url="https://token.example.com")
        arn = provider["OpenIDConnectProviderArn"]
        guest = role("guest", trusts={"Federated": arn}).principal.entity_arn
        assume = (arn, "sts:AssumeRoleWithWebIdentity", guest)
        with through():
            assert_allowed(*assume)
        with through(policy=opening("sts:*", Principal={"AWS": HOME})):
            assert_denied(*assume, by="vpc_endpoint")

    def test_s3_says_nothing_of_it_to_another_account_of_the_organization(self, alice: Actor) -> None:
        """A-10."""
        organization([HOME, OTHER])
        bob = user("bob", {"all": ALL}, account=OTHER)
        with through(policy=opening("sqs:*")), pytest.raises(ClientError) as caught:
            bob.client("s3", **REGION).get_object(Bucket="orders", Key="1")
        assert caught.value.response["Error"]["Message"] == "Access Denied"


class TestHostNames:
    SQS = f"https://{ENDPOINT}-29p5708s.sqs.us-east-1.vpce.amazonaws.com"
    ZONE = f"https://{ENDPOINT}-29p5708s-us-east-1a.sqs.us-east-1.vpce.amazonaws.com"
    S3 = f"https://bucket.{ENDPOINT}-29p5708s.s3.us-east-1.vpce.amazonaws.com"

    @pytest.mark.parametrize("url", [SQS, ZONE])
    def test_an_endpoint_that_is_known(self, alice: Actor, url: str) -> None:
        vpc_endpoint(ENDPOINT, vpc=VPC, policy=opening("sqs:ListQueues"))
        sqs = alice.client("sqs", endpoint_url=url, **REGION)
        sqs.list_queues()
        assert (context()["aws:SourceVpce"], context()["aws:SourceVpc"]) == (ENDPOINT, VPC)
        with expect_denied("sqs:CreateQueue", by="vpc_endpoint"):
            sqs.create_queue(QueueName="q")

    @pytest.mark.parametrize("style", ["path", "virtual"])
    def test_s3(self, alice: Actor, style: str) -> None:
        vpc_endpoint(ENDPOINT, vpc=VPC)
        style_of = Config(s3={"addressing_style": style})
        s3 = alice.client("s3", endpoint_url=self.S3, config=style_of, **REGION)
        s3.put_object(Bucket="orders", Key="1", Body=b"42")
        assert s3.get_object(Bucket="orders", Key="1")["Body"].read() == b"42"
        assert context()["aws:SourceVpce"] == ENDPOINT

    def test_an_endpoint_that_nobody_made(self, alice: Actor) -> None:
        alice.client("sqs", endpoint_url=self.SQS, **REGION).list_queues()
        assert context()["aws:SourceIp"] == "127.0.0.1"
        assert "aws:SourceVpce" not in context()

    def test_an_endpoint_by_its_id(self, alice: Actor) -> None:
        vpc_endpoint(ENDPOINT, vpc=VPC, policy=opening("sqs:*"))
        with from_network(vpc_endpoint=ENDPOINT), expect_denied("s3:ListAllMyBuckets", by="vpc_endpoint"):
            alice.client("s3", **REGION).list_buckets()
