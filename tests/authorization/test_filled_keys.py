"""What `iamsim actions` claims of condition keys: one that is filled is there, and one that is not is not."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from iamsim import Simulator
from iamsim.filled_keys import not_filled
from iamsim.plan import plan
from iamsim.reference.operation_access import operation_access

from .conftest import HOME, REGION, Account, Attempt, allow

ROLE = f"arn:aws:iam::{HOME}:role/r"
PAIRS = [{"Key": "team", "Value": "a"}]
RECORD = {"Action": "UPSERT", "ResourceRecordSet": {"Name": "A.example.com.", "Type": "A"}}

FILLED: list[tuple[str, str, dict[str, Any], str, str]] = [
    # service, operation, an input that has it; the action, and its key
    ("lambda", "CreateFunction", {"Layers": [f"arn:aws:lambda:{REGION}:{HOME}:layer:l:1"]}, "lambda:CreateFunction",
     "lambda:Layer"),
    ("lambda", "CreateFunction", {"FunctionName": "f", "Role": ROLE}, "iam:PassRole", "iam:PassedToService"),
    ("lambda", "AddPermission", {"FunctionName": "f", "Principal": "s3.amazonaws.com"}, "lambda:AddPermission",
     "lambda:Principal"),
    ("sns", "Subscribe", {"TopicArn": "arn:aws:sns:us-east-1:1:t", "Protocol": "sqs"}, "sns:Subscribe", "sns:Protocol"),
    ("kms", "Decrypt", {"KeyId": "k", "EncryptionContext": {"a": "b"}}, "kms:Decrypt", "kms:EncryptionContextKeys"),
    ("kms", "CreateKey", {}, "kms:CreateKey", "kms:KeySpec"),
    ("route53", "ChangeResourceRecordSets", {"HostedZoneId": "Z", "ChangeBatch": {"Changes": [RECORD]}},
     "route53:ChangeResourceRecordSets", "route53:ChangeResourceRecordSetsRecordTypes"),
    ("ecs", "RunTask", {"taskDefinition": "f", "cluster": "c"}, "ecs:RunTask", "ecs:cluster"),
    ("rds", "CreateDBInstance", {"DBInstanceIdentifier": "d", "DBInstanceClass": "db.t3.micro", "Engine": "mysql"},
     "rds:CreateDBInstance", "rds:DatabaseEngine"),
    ("secretsmanager", "GetSecretValue", {"SecretId": "s", "VersionStage": "v"}, "secretsmanager:GetSecretValue",
     "secretsmanager:VersionStage"),
    ("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "p"}, "s3:ListBucket", "s3:prefix"),
    ("dynamodb", "Query", {"TableName": "t", "Select": "COUNT"}, "dynamodb:Query", "dynamodb:Select"),
    ("ec2", "CreateVolume", {"AvailabilityZone": "us-east-1a", "Size": 1}, "ec2:CreateVolume", "ec2:VolumeSize"),
    ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "s", "ExternalId": "e"}, "sts:AssumeRole",
     "sts:ExternalId"),
    ("iam", "AttachUserPolicy", {"UserName": "u", "PolicyArn": "arn:aws:iam::aws:policy/A"}, "iam:AttachUserPolicy",
     "iam:PolicyARN"),
    ("elbv2", "CreateLoadBalancer", {"Name": "l", "Tags": PAIRS}, "elasticloadbalancing:AddTags",
     "elasticloadbalancing:CreateAction"),
]  # fmt: skip
ABSENT = [
    ("kms", "Decrypt", "kms:Decrypt", "kms:RecipientAttestation:PCR0"),  # there are no enclaves
    ("ec2", "RunInstances", "ec2:RunInstances", "ec2:CreateDate"),
    ("s3", "GetObject", "s3:GetObject", "s3:AccessGrantsInstanceArn"),
]


def unfilled(service: str, operation: str, action: str) -> set[str]:
    """The keys that are said not to be filled."""
    keys = [
        key
        for each in operation_access(service, operation).needed
        if each.action == action
        for key in each.condition_keys
    ]
    assert keys
    return set(not_filled(service, operation, action, keys))


@pytest.mark.parametrize(("service", "operation", "params", "action", "key"), FILLED)
def test_a_key_that_is_claimed_is_there(
    service: str, operation: str, params: dict[str, Any], action: str, key: str
) -> None:
    contexts = [each["context"] for each in plan(service, operation, params) if each["action"] == action]
    assert any(key in context for context in contexts), contexts
    assert key not in unfilled(service, operation, action)


@pytest.mark.parametrize(("service", "operation", "action", "key"), ABSENT)
def test_a_key_that_nothing_fills_is_listed(service: str, operation: str, action: str, key: str) -> None:
    assert key in unfilled(service, operation, action)


def test_what_state_gives(aws: Simulator, home: Account, attempt: Attempt) -> None:
    s3 = home.root.client("s3")
    s3.create_bucket(Bucket="tagged")
    s3.put_object(Bucket="tagged", Key="k", Body=b"x", Tagging="team=a")
    mine = {"Condition": {"StringEquals": {"s3:ExistingObjectTag/team": "a"}}}
    alice = home.user("alice", allow("s3:GetObject", **mine))
    assert attempt(alice.client("s3").get_object, Bucket="tagged", Key="k") == ""
    assert "s3:ExistingObjectTag/<key>" not in unfilled("s3", "GetObject", "s3:GetObject")


def test_what_the_request_itself_gives(aws: Simulator, home: Account, attempt: Attempt) -> None:
    home.root.client("s3").create_bucket(Bucket="signed")
    session: boto3.Session = home.user("alice", allow("s3:ListBucket"))
    assert attempt(session.client("s3").list_objects_v2, Bucket="signed") == ""
    context = next(iter(aws.decisions)).evaluation.access.context
    listed = unfilled("s3", "ListObjectsV2", "s3:ListBucket")
    for key in ("s3:authType", "s3:signatureversion", "s3:TlsVersion", "s3:x-amz-content-sha256", "s3:ResourceAccount"):
        assert key in context
        assert key not in listed
