"""Tags in live calls, under all the names that policies have for them (K-4, K-26, K-27, K-33)."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from iamsim import Simulator, decisions, enable_iam_authentication
from iamsim.testing import as_root, expect_allowed, expect_denied, role, user

from .conftest import HOME

REGION = {"region_name": "us-east-1"}
TEAM = [{"Key": "Team", "Value": "red"}]


def where_tagged(action: str, key: str, value: str = "red") -> list[dict[str, Any]]:
    """Everything but `action`; and that where the tag says so."""
    return [
        {"Effect": "Allow", "NotAction": action, "Resource": "*"},
        {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": {"StringEquals": {key: value}}},
    ]


def context() -> dict[str, Any]:
    return dict(decisions()[-1].evaluation.access.context)


@pytest.mark.parametrize("key", ["aws:ResourceTag/team", "ec2:ResourceTag/TEAM"])
def test_an_ec2_resource(aws: Simulator, key: str) -> None:
    ec2 = as_root().client("ec2", **REGION)
    tagged, plain = (ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] for _ in range(2))
    ec2.create_tags(Resources=[tagged], Tags=TEAM)
    alice = user("alice", where_tagged("ec2:DeleteVpc", key)).client("ec2", **REGION)
    with expect_denied("ec2:DeleteVpc"):
        alice.delete_vpc(VpcId=plain)
    alice.delete_vpc(VpcId=tagged)


def test_a_user(aws: Simulator) -> None:
    user("bob", tags={"Team": "red"})
    user("carol", tags={"Team": "blue"})
    alice = user("alice", where_tagged("iam:DeleteUser", "iam:ResourceTag/team")).client("iam")
    with expect_denied("iam:DeleteUser"):
        alice.delete_user(UserName="carol")
    alice.delete_user(UserName="bob")


def test_a_role_that_is_passed(aws: Simulator) -> None:
    role("app", trusts="ec2.amazonaws.com", tags={"Team": "red"})
    role("other", trusts="ec2.amazonaws.com")
    alice = user("alice", where_tagged("iam:PassRole", "iam:ResourceTag/Team")).client("iam")
    alice.create_instance_profile(InstanceProfileName="p")
    with expect_denied("iam:PassRole"):
        alice.add_role_to_instance_profile(InstanceProfileName="p", RoleName="other")
    alice.add_role_to_instance_profile(InstanceProfileName="p", RoleName="app")


def test_tags_of_a_request_are_not_those_of_passing_a_role(aws: Simulator) -> None:
    iam = as_root().client("iam")
    with enable_iam_authentication():
        iam.create_policy(
            PolicyName="p",
            PolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
            Tags=TEAM,
        )
    assert context()["aws:RequestTag/Team"] == "red"
    assert context()["aws:TagKeys"] == ["Team"]
    role("app", trusts="ec2.amazonaws.com")
    ec2 = as_root().client("ec2", **REGION)
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="app")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    with enable_iam_authentication():
        ec2.run_instances(
            ImageId=image,
            InstanceType="t3.micro",
            MinCount=1,
            MaxCount=1,
            IamInstanceProfile={"Name": "web"},
            TagSpecifications=[{"ResourceType": "instance", "Tags": TEAM}],
        )
    tagged = {each.action for each in decisions() if "aws:RequestTag/Team" in each.evaluation.access.context}
    assert {"ec2:RunInstances", "ec2:CreateTags"} <= tagged
    assert "iam:PassRole" not in tagged


def test_a_bucket_whose_tags_count(aws: Simulator) -> None:
    """K-27: only while attribute-based access control is on; then for its objects, too."""
    s3 = as_root().client("s3", **REGION)
    s3.create_bucket(Bucket="orders")
    s3.put_object(Bucket="orders", Key="1", Body=b"42")
    s3.put_bucket_tagging(Bucket="orders", Tagging={"TagSet": TEAM})
    readers = [
        user(name, where_tagged("s3:GetObject", key)).client("s3", **REGION)
        for name, key in (("alice", "s3:BucketTag/Team"), ("bob", "aws:ResourceTag/Team"))
    ]
    for reader in readers:
        with expect_denied("s3:GetObject"):
            reader.get_object(Bucket="orders", Key="1")
    s3.put_bucket_abac(Bucket="orders", AbacStatus={"Status": "Enabled"})
    for reader in readers:
        with expect_allowed("s3:GetObject"):
            reader.get_object(Bucket="orders", Key="1")


def test_an_object(aws: Simulator) -> None:
    s3 = as_root().client("s3", **REGION)
    s3.create_bucket(Bucket="orders")
    s3.put_object(Bucket="orders", Key="1", Tagging="Team=red")
    s3.put_object(Bucket="orders", Key="2")
    alice = user("alice", where_tagged("s3:GetObject", "s3:ExistingObjectTag/Team")).client("s3", **REGION)
    alice.get_object(Bucket="orders", Key="1")
    with expect_denied("s3:GetObject"):
        alice.get_object(Bucket="orders", Key="2")


def test_an_inherited_session_tag_counts_as_the_roles(aws: Simulator) -> None:
    """Section 7: in the trust evaluation a transitive tag of the caller stands for the role's own."""
    app = role("app", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    role("next", trusts=HOME, tags={"team": "blue"})
    arn = f"arn:aws:iam::{HOME}:role"
    alice = user("alice", {"Effect": "Allow", "Action": "*", "Resource": "*"}).client("sts", **REGION)
    first = alice.assume_role(
        RoleArn=app.principal.entity_arn, RoleSessionName="first", Tags=TEAM, TransitiveTagKeys=["Team"]
    )["Credentials"]
    session = boto3.Session(first["AccessKeyId"], first["SecretAccessKey"], first["SessionToken"], **REGION)
    with enable_iam_authentication():
        session.client("sts").assume_role(RoleArn=f"{arn}/next", RoleSessionName="second")
    found = decisions()[-1].evaluation.request.context()
    assert [found.get(f"{prefix}:resourcetag/team") for prefix in ("aws", "iam")] == ["red", "red"]
