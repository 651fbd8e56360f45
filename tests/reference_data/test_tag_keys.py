"""Which condition keys an action's tags make (K-26), and which services have the keys that not all have (K-25)."""

from __future__ import annotations

import pytest

from iamsim.reference.actions import action
from iamsim.reference.key_support import (
    SOURCE_VPC_ARN,
    VPCE_ORG_ID,
    WITHOUT_ENDPOINT_KEYS,
    WITHOUT_RESOURCE_OWNER,
    has_resource_owner,
)
from iamsim.reference.service_authorization import prefixes
from iamsim.reference.tag_keys import tag_keys

AT = "us-east-1:123456789012"


@pytest.mark.parametrize(
    ("name", "resource", "own"),
    [
        ("ec2:StartInstances", f"arn:aws:ec2:{AT}:instance/i-1", "ec2:ResourceTag/"),
        ("iam:GetUser", "arn:aws:iam::123456789012:user/dev/alice", "iam:ResourceTag/"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/app", "iam:ResourceTag/"),
        ("sts:AssumeRole", "arn:aws:iam::123456789012:role/app", "iam:ResourceTag/"),
        ("ecs:UpdateService", f"arn:aws:ecs:{AT}:service/c/s", "ecs:ResourceTag/"),
        ("ecr:PutImage", f"arn:aws:ecr:{AT}:repository/r", "ecr:ResourceTag/"),
        ("ssm:GetParameter", f"arn:aws:ssm:{AT}:parameter/p", "ssm:resourceTag/"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{AT}:secret:s", "secretsmanager:ResourceTag/"),
        ("autoscaling:SetDesiredCapacity", f"arn:aws:autoscaling:{AT}:autoScalingGroup:1:autoScalingGroupName/g",
         "autoscaling:ResourceTag/"),
        ("elasticloadbalancing:DeleteListener", f"arn:aws:elasticloadbalancing:{AT}:listener/app/l/1/2",
         "elasticloadbalancing:ResourceTag/"),
        ("rds:StopDBInstance", f"arn:aws:rds:{AT}:db:d", "rds:db-tag/"),
        ("rds:DeleteDBCluster", f"arn:aws:rds:{AT}:cluster:c", "rds:cluster-tag/"),
        ("s3:ListBucket", "arn:aws:s3:::b", "s3:BucketTag/"),
        ("s3:GetObject", "arn:aws:s3:::b/k", "s3:BucketTag/"),
    ],
)  # fmt: skip
def test_services_have_names_of_their_own_for_a_resources_tags(name: str, resource: str, own: str) -> None:
    assert tag_keys(name, resource).of_resource == tuple(sorted(["aws:ResourceTag/", own]))


def test_the_type_of_resource_decides() -> None:
    profile, role = "arn:aws:iam::123456789012:instance-profile/p", "arn:aws:iam::123456789012:role/app"
    assert tag_keys("iam:AddRoleToInstanceProfile", profile).of_resource == ("aws:ResourceTag/",)
    assert tag_keys("iam:DeleteRole", role).of_resource == ("aws:ResourceTag/", "iam:ResourceTag/")


def test_tags_of_the_request() -> None:
    """K-33: who creates knows them, and who tags; of those that are taken away only the keys are known."""
    table = f"arn:aws:dynamodb:{AT}:table/t"
    assert tag_keys("dynamodb:CreateTable", table).of_request == ("aws:RequestTag/",)
    assert tag_keys("rds:CreateDBInstance", f"arn:aws:rds:{AT}:db:d").of_request == ("aws:RequestTag/", "rds:req-tag/")
    assert tag_keys("sqs:UntagQueue", f"arn:aws:sqs:{AT}:q").of_request == ("aws:RequestTag/",)
    assert tag_keys("iam:PassRole", "arn:aws:iam::123456789012:role/app").of_request == ()
    assert tag_keys("sqs:SendMessage", f"arn:aws:sqs:{AT}:q").of_request == ()


def test_an_action_that_the_reference_does_not_have() -> None:
    assert tag_keys("new:CreateThing", f"arn:aws:new:{AT}:thing/t")[:2] == (("aws:ResourceTag/",), ("aws:RequestTag/",))


def test_lists_name_what_aws_has() -> None:
    assert prefixes() >= SOURCE_VPC_ARN | VPCE_ORG_ID
    assert [each for each in WITHOUT_RESOURCE_OWNER | WITHOUT_ENDPOINT_KEYS if action(each) is None] == []


def test_actions_that_do_not_say_who_owns_the_resource() -> None:
    assert not has_resource_owner("ec2:createvpcpeeringconnection")
    assert not has_resource_owner("ebs:getsnapshotblock")
    assert has_resource_owner("ec2:createvpc")
    assert has_resource_owner("events:putevents")
