"""Service control and resource control policies in live calls (evaluation-logic 10 and 11, vectors T-21 ff.)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iamsim import Simulator, decisions
from iamsim.testing import (
    anonymous,
    as_role,
    as_root,
    as_service,
    as_user,
    assert_allowed,
    assert_denied,
    expect_denied,
    organization,
    role,
    user,
)
from iamsim.testing.acting import Actor

HOME, SIBLING, OUTSIDE, MANAGEMENT = "123456789012", "222222222222", "333333333333", "999999999999"
ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TEAM = {HOME: "Team/Inner", SIBLING: "Team"}


def allow(*actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def deny(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": "*", **more}


def refuse(*actions: str, **more: Any) -> dict[str, Any]:
    """A statement of an RCP."""
    return deny(*actions, Principal="*", **more)


def everybody(action: str, resource: str) -> str:
    """A resource policy that opens the resource to all."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def may(who: Actor, service: str) -> bool:
    """Whether `who` may make the simplest call of a service."""
    client = who.client(service)
    calls = {"sqs": "list_queues", "s3": "list_buckets", "ec2": "describe_vpcs", "iam": "list_users"}
    calls |= {"dynamodb": "list_tables"}
    try:
        getattr(client, calls[service])()
    except ClientError as error:
        if "is not authorized to perform" not in str(error):
            raise
        return False
    return True


@pytest.fixture
def alice(aws: Simulator) -> Actor:
    return user("alice", {"all": ALL})


@pytest.fixture
def bucket(aws: Simulator) -> str:
    """Alice's account has it; everybody may read it."""
    s3 = as_root().client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="orders")
    s3.put_object(Bucket="orders", Key="1", Body=b"42")
    s3.put_public_access_block(
        Bucket="orders", PublicAccessBlockConfiguration=dict.fromkeys(("BlockPublicPolicy",), False)
    )
    s3.put_bucket_policy(Bucket="orders", Policy=everybody("s3:GetObject", "arn:aws:s3:::orders/*"))
    return "orders"


def queue(attributes: dict[str, str] | None = None) -> str:
    sqs = as_root().client("sqs", region_name="us-east-1")
    return str(sqs.create_queue(QueueName="orders", Attributes=attributes or {})["QueueUrl"])


OPEN_QUEUE = {"Policy": everybody("sqs:*", f"arn:aws:sqs:us-east-1:{HOME}:orders")}


class TestLevels:
    """The worked scenarios (R-83): a level without an Allow blocks, a Deny on any level wins."""

    def test_denials_add_up_downwards(self, aws: Simulator, alice: Actor) -> None:
        bob = user("bob", {"all": ALL}, account=SIBLING)
        organization(TEAM, scps={"Team": deny("s3:*"), HOME: deny("ec2:*")})
        assert [may(alice, each) for each in ("s3", "ec2", "sqs")] == [False, False, True]
        assert [may(bob, each) for each in ("s3", "ec2", "sqs")] == [False, True, True]

    def test_a_unit_with_an_allow_list(self, aws: Simulator, alice: Actor) -> None:
        organization(TEAM, scps={"Team": allow("ec2:*")}, without_full_access=["Team"])
        assert [may(alice, each) for each in ("s3", "ec2", "sqs")] == [False, True, False]

    def test_nothing_works_below_a_root_without_an_allow(self, aws: Simulator, alice: Actor) -> None:
        organization(TEAM, without_full_access=["root"])
        assert not may(alice, "sqs")

    def test_what_a_level_allows_another_must_allow_too(self, aws: Simulator, alice: Actor) -> None:
        organization(TEAM, scps={"root": deny("s3:*"), "Team": allow("s3:*")}, without_full_access=["Team"])
        assert not any(may(alice, each) for each in ("s3", "ec2", "sqs"))

    def test_allow_lists_of_one_level_add_up(self, aws: Simulator, alice: Actor) -> None:
        lists = {"one": allow("iam:*", "ec2:*"), "two": allow("s3:*", "dynamodb:*")}
        organization(TEAM, scps={"root": lists}, without_full_access=["root"])
        assert [may(alice, each) for each in ("iam", "ec2", "s3", "dynamodb", "sqs")] == [True] * 4 + [False]

    def test_an_account_that_moves_has_its_new_levels_at_once(self, aws: Simulator, alice: Actor) -> None:
        policies = {"Team": deny("sqs:*")}
        organization({HOME: "Team"}, scps=policies)
        assert not may(alice, "sqs")
        organization({HOME: "", SIBLING: "Team"}, scps=policies)
        assert may(alice, "sqs")


class TestWhoIsSubject:
    def test_users_roles_and_root_of_members(self, aws: Simulator, alice: Actor) -> None:
        app = role("app", {"all": ALL})
        organization(scps=deny("sqs:*"))
        assert not any(may(who, "sqs") for who in (alice, app, as_root()))

    def test_delegation_by_a_resource_policy_is_capped_too(self, aws: Simulator) -> None:
        url = queue(OPEN_QUEUE)
        bob = user("bob")
        organization(scps=deny("sqs:SendMessage"))
        with expect_denied("sqs:SendMessage", by="scp"):
            bob.client("sqs", region_name="us-east-1").send_message(QueueUrl=url, MessageBody="x")

    def test_not_the_management_account(self, aws: Simulator, alice: Actor) -> None:
        organization([HOME, SIBLING], management=HOME, scps=deny("sqs:*"))
        assert may(alice, "sqs")  # T-22

    def test_not_service_linked_roles(self, aws: Simulator) -> None:
        iam = as_root().client("iam")
        made = iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]
        made_arn, queue_url = made["Arn"], queue(OPEN_QUEUE)
        organization(scps=deny("sqs:*"), rcps=refuse("sqs:*"))
        linked = as_role(made_arn).client("sqs", region_name="us-east-1")
        linked.send_message(QueueUrl=queue_url, MessageBody="x")  # T-38

    def test_not_service_principals(self, aws: Simulator) -> None:
        url = queue(OPEN_QUEUE)
        organization(scps=deny("sqs:*"))
        as_service("sns.amazonaws.com").client("sqs", region_name="us-east-1").send_message(
            QueueUrl=url, MessageBody="x"
        )
        organization(scps=deny("sqs:*"), rcps=refuse("sqs:*"))
        with pytest.raises(ClientError, match=r"explicit deny in a resource control policy$"):
            as_service("sns.amazonaws.com").client("sqs", region_name="us-east-1").send_message(
                QueueUrl=url, MessageBody="x"
            )

    def test_not_those_from_outside(self, aws: Simulator, bucket: str) -> None:
        bob = user("bob", {"all": ALL}, account=OUTSIDE)
        organization(scps=deny("s3:*"))
        assert bob.client("s3").get_object(Bucket=bucket, Key="1")["Body"].read() == b"42"

    def test_members_are_subject_to_their_own_wherever_they_call(self, aws: Simulator, bucket: str) -> None:
        bob = user("bob", {"all": ALL}, account=SIBLING)
        organization([SIBLING], scps=deny("s3:*"))
        with expect_denied("s3:GetObject", by="scp"):
            bob.client("s3").get_object(Bucket=bucket, Key="1")


class TestResourceControlPolicies:
    def test_whoever_calls(self, aws: Simulator, alice: Actor, bucket: str) -> None:
        outsider = user("bob", {"all": ALL}, account=OUTSIDE)
        organization(rcps=refuse("s3:GetObject"))
        for who in (alice, as_root(), outsider, anonymous(), as_service("cloudtrail.amazonaws.com")):
            with expect_denied("s3:GetObject", by="rcp"):
                who.client("s3", region_name="us-east-1").get_object(Bucket=bucket, Key="1")

    def test_only_those_of_the_owner(self, aws: Simulator, alice: Actor) -> None:
        s3 = as_root(OUTSIDE).client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="theirs")
        s3.put_object(Bucket="theirs", Key="1", Body=b"1")
        s3.put_public_access_block(Bucket="theirs", PublicAccessBlockConfiguration={"BlockPublicPolicy": False})
        s3.put_bucket_policy(Bucket="theirs", Policy=everybody("s3:GetObject", "arn:aws:s3:::theirs/*"))
        organization(rcps=refuse("s3:*"))
        alice.client("s3").get_object(Bucket="theirs", Key="1")

    def test_the_identity_perimeter(self, aws: Simulator, alice: Actor, bucket: str) -> None:
        sibling, outsider = (user("bob", {"all": ALL}, account=account) for account in (SIBLING, OUTSIDE))
        made = organization([HOME, SIBLING])
        perimeter = {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": made.id},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        }
        organization([HOME, SIBLING], rcps=refuse("s3:*", Condition=perimeter))
        for who in (alice, sibling, as_service("cloudtrail.amazonaws.com")):
            who.client("s3", region_name="us-east-1").get_object(Bucket=bucket, Key="1")
        with expect_denied("s3:GetObject", by="rcp"):  # T-24
            outsider.client("s3").get_object(Bucket=bucket, Key="1")

    def test_not_for_services_without_them(self, aws: Simulator, alice: Actor) -> None:
        organization(rcps=refuse("ec2:*", "iam:*"))
        assert may(alice, "ec2")
        assert may(alice, "iam")

    def test_not_for_actions_without_resources(self, aws: Simulator, alice: Actor) -> None:
        organization(rcps=refuse("s3:*"))
        assert may(alice, "s3")  # ListAllMyBuckets is about none

    def test_not_for_the_management_accounts_resources(self, aws: Simulator, alice: Actor, bucket: str) -> None:
        organization([HOME, SIBLING], management=HOME, rcps=refuse("s3:*"))
        alice.client("s3").get_object(Bucket=bucket, Key="1")
        user("bob", {"all": ALL}, account=SIBLING).client("s3").get_object(Bucket=bucket, Key="1")

    def test_management_account_meets_the_members(self, aws: Simulator, bucket: str) -> None:
        organization(rcps=refuse("s3:*"))
        with expect_denied("s3:GetObject", by="rcp"):
            as_root(MANAGEMENT).client("s3", region_name="us-east-1").get_object(Bucket=bucket, Key="1")

    def test_roles_are_resources(self, aws: Simulator) -> None:
        bob = user("bob", {"all": ALL}, account=OUTSIDE)
        app = role("app", trusts=OUTSIDE)
        assume = {"RoleArn": app.principal.entity_arn, "RoleSessionName": "session"}
        bob.client("sts", region_name="us-east-1").assume_role(**assume)
        organization(rcps=refuse("sts:AssumeRole"))
        with expect_denied("sts:AssumeRole", by="rcp"):
            bob.client("sts", region_name="us-east-1").assume_role(**assume)

    def test_roles_for_identity_providers(self, aws: Simulator) -> None:
        """R-113: there is no caller whose SCPs could count, but the role is a resource."""
        made = as_root().client("iam").create_open_id_connect_provider(Url="https://token.example.com")
        provider = made["OpenIDConnectProviderArn"]
        guest = role("guest", trusts={"Federated": provider}).principal.entity_arn
        organization(scps=deny("sts:*"))
        assert_allowed(provider, "sts:AssumeRoleWithWebIdentity", guest)
        organization(scps=deny("sts:*"), rcps=refuse("sts:*"))
        assert_denied(provider, "sts:AssumeRoleWithWebIdentity", guest, by="rcp")


class TestMessages:
    """Errors and authentication, sections 1.2, A-5, A-6, A-10."""

    @staticmethod
    def message_of(call: Any, **params: Any) -> str:
        with pytest.raises(ClientError) as caught:
            call(**params)
        return str(caught.value.response["Error"]["Message"])

    def test_scp(self, aws: Simulator, alice: Actor) -> None:
        made = organization(scps={"root": {"NoQueues": deny("sqs:*")}})
        assert made.scps is not None
        policy = made.scps[""][1]
        arn = f"arn:aws:organizations::{MANAGEMENT}:policy/{made.id}/service_control_policy/"
        assert str(policy.arn).startswith(f"{arn}p-")
        who = f"User: arn:aws:iam::{HOME}:user/alice is not authorized to perform:"
        assert self.message_of(alice.client("sqs", region_name="us-east-1").list_queues) == (
            f"{who} sqs:listqueues on resource: arn:aws:sqs:us-east-1:{HOME}: "
            f"with an explicit deny in a service control policy: {policy.arn}"
        )
        organization(without_full_access=["root"])
        assert self.message_of(alice.client("dynamodb", region_name="us-east-1").list_tables) == (
            f"{who} dynamodb:ListTables on resource: arn:aws:dynamodb:us-east-1:{HOME}:table/* "
            "because no service control policy allows the dynamodb:ListTables action"
        )

    def test_rcp_names_its_policy_to_the_organization_only(self, aws: Simulator) -> None:
        url = queue(OPEN_QUEUE)
        sibling, outsider = (user("bob", {"all": ALL}, account=account) for account in (SIBLING, OUTSIDE))
        made = organization([HOME, SIBLING], rcps={HOME: refuse("sqs:*")})
        assert made.rcps is not None
        message = {"QueueUrl": url, "MessageBody": "x"}
        told = self.message_of(sibling.client("sqs", region_name="us-east-1").send_message, **message)
        assert told.endswith(f"with an explicit deny in a resource control policy: {made.rcps[HOME][1].arn}")
        told = self.message_of(outsider.client("sqs", region_name="us-east-1").send_message, **message)
        assert told.endswith("with an explicit deny in a resource control policy")

    def test_s3_explains_itself_to_the_organization_only(self, aws: Simulator, bucket: str) -> None:
        sibling, outsider = (user("bob", account=account) for account in (SIBLING, OUTSIDE))
        organization([HOME, SIBLING])
        told = self.message_of(sibling.client("s3").get_object, Bucket=bucket, Key="1")
        assert told.startswith(f"User: arn:aws:iam::{SIBLING}:user/bob is not authorized to perform: s3:GetObject on")
        assert self.message_of(outsider.client("s3").get_object, Bucket=bucket, Key="1") == "Access Denied"


def test_decisions_say_which_level_decided(aws: Simulator, alice: Actor) -> None:
    made = organization({HOME: "Team"}, scps={"Team": {"NoQueues": deny("sqs:*", Sid="Queues")}})
    assert not may(alice, "sqs")
    decision = decisions().denied[-1]
    assert made.scps is not None
    told = decision.explain().splitlines()
    assert told[:3] == [
        f"DENIED: arn:aws:iam::{HOME}:user/alice sqs:ListQueues on arn:aws:sqs:us-east-1:{HOME}:",
        "  with an explicit deny in a service control policy",
        f"  service control policies, level 2 ({made.arn('Team')}): DENIES",
    ]
    assert told[3].startswith(f"    Deny by {made.scps['Team'][1].arn}, Queues (NoQueues, ")
    kinds = [check["checkType"] for check in decision.to_dict()["checks"]]
    assert kinds == ["SERVICE_CONTROL_POLICY"] * 3 + ["PRINCIPAL"]


def test_policies_follow_the_organization_of_a_forwarded_call(aws: Simulator, alice: Actor) -> None:
    organization(scps=deny("sqs:*"))
    forwarded = as_user("alice").via("cloudformation.amazonaws.com")
    assert not may(forwarded, "sqs")  # the caller's SCPs, section 5


def test_what_aws_owns_is_in_no_organization(aws: Simulator, alice: Actor) -> None:
    """A public image: the data perimeter that keeps to the organization's own resources stops it."""
    ec2 = as_root().client("ec2", region_name="us-east-1")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    own = {"StringNotEqualsIfExists": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}
    made = organization(scps=deny("ec2:RunInstances", Condition=own))
    with expect_denied("ec2:RunInstances", by="scp"):
        alice.client("ec2", region_name="us-east-1").run_instances(
            ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro"
        )
    contexts = {each.resource: each.evaluation.access.context for each in decisions()}
    of_image = contexts[f"arn:aws:ec2:us-east-1::image/{image}"]
    assert of_image["aws:ResourceAccount"] not in (HOME, MANAGEMENT)
    assert "aws:ResourceOrgID" not in of_image
    assert of_image["aws:PrincipalOrgID"] == made.id


def test_without_an_organization_nothing_is_checked(aws: Simulator, alice: Actor) -> None:
    assert may(alice, "sqs")
    assert [check.check_type.value for check in decisions()[-1].evaluation.checks] == ["PRINCIPAL"]
