"""Condition keys that iamsim fills in: tags of resources, requests and principals, the network, the region, time."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from iamsim import Simulator

from .conftest import HOME, Account, Attempt, allow, assume, deny

USER = f"arn:aws:iam::{HOME}:user/alice"


def where(operator: str, key: str, value: Any) -> dict[str, Any]:
    """A condition block of one condition."""
    return {"Condition": {operator: {key: value}}}


class TestTags:
    def test_of_the_resource(self, home: Account, attempt: Attempt) -> None:
        mine = where("StringEquals", "aws:ResourceTag/team", "a")
        sqs = home.user("alice", allow("sqs:SendMessage", **mine)).client("sqs")
        ours, theirs = home.queue("ours", tags={"team": "a"}), home.queue("theirs", tags={"team": "b"})
        assert attempt(sqs.send_message, QueueUrl=ours, MessageBody="x") == ""
        assert attempt(sqs.send_message, QueueUrl=theirs, MessageBody="x") != ""
        assert attempt(sqs.send_message, QueueUrl=home.queue("plain"), MessageBody="x") != ""
        home.root.client("sqs").tag_queue(QueueUrl=theirs, Tags={"team": "a"})
        assert attempt(sqs.send_message, QueueUrl=theirs, MessageBody="x") == ""

    def test_of_the_request_when_a_queue_is_made(self, home: Account, attempt: Attempt) -> None:
        tagged = where("StringEquals", "aws:RequestTag/team", "a")
        sqs = home.user("alice", allow(["sqs:CreateQueue", "sqs:TagQueue"], **tagged)).client("sqs")
        assert attempt(sqs.create_queue, QueueName="x", tags={"team": "a"}) == ""
        assert attempt(sqs.create_queue, QueueName="y", tags={"team": "b"}) != ""
        assert attempt(sqs.create_queue, QueueName="y") != ""

    def test_keys_of_the_request(self, home: Account, attempt: Attempt) -> None:
        known = where("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost"])
        sqs = home.user("alice", allow(["sqs:TagQueue", "sqs:UntagQueue"], **known)).client("sqs")
        url = home.queue("orders")
        assert attempt(sqs.tag_queue, QueueUrl=url, Tags={"team": "a", "cost": "1"}) == ""
        assert attempt(sqs.tag_queue, QueueUrl=url, Tags={"team": "a", "other": "1"}) != ""
        assert attempt(sqs.untag_queue, QueueUrl=url, TagKeys=["cost"]) == ""
        assert attempt(sqs.untag_queue, QueueUrl=url, TagKeys=["other"]) != ""

    def test_changing_a_tag_that_decides(self, home: Account, attempt: Attempt) -> None:
        keep = deny("sqs:*Tag*", **where("ForAnyValue:StringEquals", "aws:TagKeys", ["team"]))
        sqs = home.user("alice", allow("sqs:*"), keep).client("sqs")
        url = home.queue("orders")
        assert attempt(sqs.tag_queue, QueueUrl=url, Tags={"x": "y"}) == ""
        assert "explicit deny" in attempt(sqs.tag_queue, QueueUrl=url, Tags={"x": "y", "team": "b"})

    def test_of_the_user_against_those_of_the_queue(self, home: Account, attempt: Attempt) -> None:
        same = where("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}")
        tags = [{"Key": "team", "Value": "a"}]
        sqs = home.user("alice", allow("sqs:SendMessage", **same), Tags=tags).client("sqs")
        ours, theirs = home.queue("ours", tags={"team": "a"}), home.queue("theirs", tags={"team": "b"})
        assert attempt(sqs.send_message, QueueUrl=ours, MessageBody="x") == ""
        assert attempt(sqs.send_message, QueueUrl=theirs, MessageBody="x") != ""
        home.iam.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "b"}])
        assert attempt(sqs.send_message, QueueUrl=theirs, MessageBody="x") == ""

    def test_session_tags_stand_before_those_of_the_role(self, home: Account, attempt: Attempt) -> None:
        team_b = where("StringEquals", "aws:PrincipalTag/team", "b")
        alice = home.user("alice")
        tags = [{"Key": "team", "Value": "a"}]
        role = home.role("worker", {"AWS": USER}, allow("sqs:ListQueues", **team_b), Tags=tags)
        assert attempt(assume(alice, role).client("sqs").list_queues) != ""
        session = assume(alice, role, Tags=[{"Key": "team", "Value": "b"}])
        assert attempt(session.client("sqs").list_queues) == ""


@pytest.mark.parametrize(
    ("operator", "key", "value", "is_allowed"),
    [
        ("IpAddress", "aws:SourceIp", "127.0.0.0/8", True),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", False),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", True),
        ("StringEquals", "aws:RequestedRegion", "us-east-1", True),
        ("StringEquals", "aws:RequestedRegion", ["eu-west-1", "eu-central-1"], False),
        ("Bool", "aws:SecureTransport", "true", True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("StringEquals", "aws:PrincipalAccount", HOME, True),
        ("ArnEquals", "aws:PrincipalArn", USER, True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/b*", False),
        ("StringEquals", "aws:username", "alice", True),
        ("StringLike", "aws:userid", "AIDA*", True),
        ("StringEquals", "aws:PrincipalType", "User", True),
        ("StringEquals", "aws:ResourceAccount", HOME, True),
        ("StringLike", "aws:UserAgent", "*Boto3*", True),
        ("Bool", "aws:ViaAWSService", "false", True),
        ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", True),
        ("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", False),
        ("NumericGreaterThan", "aws:EpochTime", "1577836800", True),
        ("Null", "aws:MultiFactorAuthPresent", "true", True),
        ("Bool", "aws:MultiFactorAuthPresent", "false", False),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "false", True),
        ("Null", "aws:TokenIssueTime", "true", True),
        ("StringEquals", "aws:SourceVpc", "vpc-1", False),
    ],
)
def test_a_user_s_request(
    home: Account, attempt: Attempt, operator: str, key: str, value: Any, is_allowed: bool
) -> None:
    sqs = home.user("alice", allow("sqs:SendMessage", **where(operator, key, value))).client("sqs")
    url = home.queue("orders")
    assert (attempt(sqs.send_message, QueueUrl=url, MessageBody="x") == "") is is_allowed


@pytest.mark.parametrize(
    ("operator", "key", "value", "is_allowed"),
    [
        ("Null", "aws:TokenIssueTime", "false", True),
        ("Null", "aws:username", "true", True),
        ("Bool", "aws:MultiFactorAuthPresent", "false", True),
        ("StringEquals", "aws:PrincipalType", "AssumedRole", True),
        ("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{HOME}:role/worker", True),
        ("ArnEquals", "aws:PrincipalArn", f"arn:aws:sts::{HOME}:assumed-role/worker/session", False),
        ("StringLike", "aws:userid", "AROA*:session", True),
        ("StringEquals", "aws:SourceIdentity", "alice", False),
    ],
)
def test_a_role_session_s_request(
    home: Account, attempt: Attempt, operator: str, key: str, value: Any, is_allowed: bool
) -> None:
    alice = home.user("alice")
    role = home.role("worker", {"AWS": USER}, allow("sqs:ListQueues", **where(operator, key, value)))
    assert (attempt(assume(alice, role).client("sqs").list_queues) == "") is is_allowed


def test_regions(home: Account, attempt: Attempt) -> None:
    """The usual guard: everything outside the regions that are used is denied."""
    guard = deny("*", **where("StringNotEquals", "aws:RequestedRegion", "eu-west-1"))
    session: boto3.Session = home.user("alice", allow("*"), guard)
    assert attempt(session.client("sqs", region_name="eu-west-1").list_queues) == ""
    assert attempt(session.client("sqs", region_name="us-east-1").list_queues) == (
        f"User: {USER} is not authorized to perform: sqs:listqueues on resource: arn:aws:sqs:us-east-1:{HOME}: with an "
        "explicit deny in an identity-based policy"
    )


def test_conditions_of_a_queue_policy(aws: Simulator, home: Account, attempt: Attempt) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": f"arn:aws:sqs:us-east-1:{HOME}:orders",
        **where("NotIpAddress", "aws:SourceIp", "127.0.0.1/32"),
    }
    sqs = home.user("alice", allow("sqs:*")).client("sqs")
    url = home.queue("orders", statement)
    assert attempt(sqs.send_message, QueueUrl=url, MessageBody="x") == ""
    far = statement | where("IpAddress", "aws:SourceIp", "127.0.0.1/32")
    assert attempt(sqs.send_message, QueueUrl=home.queue("near", far | {"Resource": "*"}), MessageBody="x") != ""
