"""The cases that `engine.py` times, as plain data that every engine is given."""

from __future__ import annotations

import itertools
import json
from typing import Any, TypeAlias

from iamsim.reference.managed_policies import aws_managed_policies

Json: TypeAlias = "dict[str, Any]"

ACCOUNT = "111111111111"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
CONTEXT = {
    "aws:username": "alice",
    "aws:userid": "AIDA",
    "aws:PrincipalArn": ALICE,
    "aws:PrincipalAccount": ACCOUNT,
    "aws:PrincipalType": "User",
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalTag/team": "blue",
    "aws:SourceIp": "10.1.2.3",
    "aws:SecureTransport": "true",
    "aws:CurrentTime": "2026-01-01T00:00:00Z",
    "aws:EpochTime": "1767225600",
    "aws:RequestedRegion": "eu-west-1",
    "aws:ViaAWSService": "false",
    "aws:UserAgent": "Boto3/1.34",
    "aws:ResourceAccount": ACCOUNT,
}
SERVICES = ["s3", "sqs", "sns", "dynamodb", "ec2", "lambda", "kms", "iam", "logs", "events"]
MANAGED = [
    "ReadOnlyAccess", "SecurityAudit", "PowerUserAccess", "ViewOnlyAccess", "AmazonS3FullAccess",
    "AmazonEC2FullAccess", "AmazonSQSFullAccess", "AmazonSNSFullAccess", "AmazonDynamoDBFullAccess",
    "AWSLambda_FullAccess", "IAMReadOnlyAccess", "CloudWatchFullAccessV2", "AmazonRDSFullAccess",
    "AmazonECS_FullAccess", "AWSCloudFormationFullAccess", "AmazonKinesisFullAccess", "AmazonRoute53FullAccess",
    "AmazonVPCFullAccess", "SecretsManagerReadWrite", "AmazonAPIGatewayAdministrator", "AWSStepFunctionsFullAccess",
    "AmazonEventBridgeFullAccess", "CloudWatchLogsFullAccess",
]  # fmt: skip
FULL: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DIFFERENT = 10_000
HERE = f"eu-west-1:{ACCOUNT}"
OF_MANY_SERVICES = [  # an action, and how the ARN that it is about begins
    ("s3:GetObject", "arn:aws:s3:::bucket/"),
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:q"),
    ("sns:Publish", f"arn:aws:sns:{HERE}:t"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/t"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:f"),
    ("ec2:StartInstances", f"arn:aws:ec2:{HERE}:instance/i-000000000"),
    ("kinesis:PutRecord", f"arn:aws:kinesis:{HERE}:stream/s"),
    ("states:StartExecution", f"arn:aws:states:{HERE}:stateMachine:m"),
    ("events:PutRule", f"arn:aws:events:{HERE}:rule/r"),
    ("rds:DescribeDBInstances", f"arn:aws:rds:{HERE}:db:d"),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/p"),
    ("s3:PutObject", "arn:aws:s3:::bucket/"),
]


def cases() -> dict[str, Json]:
    """The cases by letter: `policies`, `requests` (action, resource, source address) and the `context` of all."""
    return {
        "(a)": {"title": "1 policy, 3 statements", **one_policy(), **requests(*on_objects("bucket/"))},
        "(b)": {
            "title": "13 policies and a bucket policy, 91 statements",
            **many_policies(),
            **requests(*on_objects("bucket/home/alice/")),
        },
        "(c)": {"title": "23 managed policies", **managed_policies(), **requests(*OF_MANY_SERVICES)},
    }


def on_objects(start: str) -> list[tuple[str, str]]:
    return [(action, f"arn:aws:s3:::{start}") for action in ("s3:GetObject", "s3:PutObject")]


def document(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policies(
    identity: list[Json], boundary: Json | None = None, scps: list[list[Json]] | None = None, resource: Any = None
) -> Json:
    return {"policies": {"identity": identity, "boundary": boundary, "scps": scps, "resource": resource}}


def one_policy() -> Json:
    conditions = {"Bool": {"aws:SecureTransport": "true"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    reading = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket/*"}
    return policies(
        [
            document(
                {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"},
                {**reading, "Condition": conditions},
                {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"},
            )
        ]
    )


def many_policies() -> Json:
    def statement(index: int, **more: Any) -> Json:
        service = SERVICES[index % len(SERVICES)]
        deny = index % 6 == 5
        return {
            "Sid": f"S{index}",
            "Effect": "Deny" if deny else "Allow",
            "Action": f"{service}:Delete*" if deny else [f"{service}:Get*", f"{service}:List*", f"{service}:PutObject"],
            "Resource": [
                f"arn:aws:{service}:::bucket/home/${{aws:username}}/*",
                f"arn:aws:{service}:*:*:bucket{index}*",
            ],
            **({"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["blue", "red"]}}} if index % 2 else {}),
            **more,
        }

    return policies(
        [document(*(statement(6 * number + index) for index in range(6))) for number in range(10)],
        document(FULL),
        [
            [document(FULL, *(statement(10 * level + index, Effect="Deny", Action="iam:*") for index in range(9)))]
            for level in (0, 1)
        ],
        document(*(statement(i, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/r{i}"}) for i in range(10))),
    )


def managed_policies() -> Json:
    by_name = {arn.rsplit("/", 1)[1]: managed for arn, managed in aws_managed_policies().items()}
    return policies([json.loads(by_name[name].document) for name in MANAGED])


def requests(*kinds: tuple[str, str]) -> Json:
    """10,000 requests of these kinds in turn; the first of them is also the one that is repeated."""
    return {
        "principal": ALICE,
        "account": ACCOUNT,
        "context": CONTEXT,
        "requests": [
            [action, f"{start}{index:08}", f"10.1.{index // 250 % 250}.{index % 250}"]
            for index, (action, start) in zip(range(DIFFERENT), itertools.cycle(kinds), strict=False)
        ],
    }
