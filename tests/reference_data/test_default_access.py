"""The default rule: which action an operation's name gives, and which resources its input names."""

from __future__ import annotations

from typing import Any

import pytest

from iamsim.reference.default_access import OperationAccess, default_access
from iamsim.reference.near_names import near_names
from iamsim.reference.service_model import service_model

REQUEST = {"partition": "aws", "region": "eu-west-1", "account": "111122223333"}
HERE = "eu-west-1:111122223333"


def access(service: str, operation: str) -> OperationAccess:
    return default_access(service_model(service).operation_model(operation))


@pytest.mark.parametrize(
    ("service", "operation", "action", "rule"),
    [
        ("sqs", "SendMessage", "sqs:SendMessage", "the operation's own name"),
        ("stepfunctions", "StartExecution", "states:StartExecution", "the operation's own name"),
        ("sqs", "SendMessageBatch", "sqs:SendMessage", "the name without `Batch`"),
        ("verifiedpermissions", "BatchIsAuthorized", "verifiedpermissions:IsAuthorized", "the name without `Batch`"),
        ("accessanalyzer", "GetFindingV2", "access-analyzer:GetFinding", "the name without its version"),
        (
            "marketplace-catalog",
            "BatchDescribeEntities",
            "aws-marketplace:DescribeEntity",
            "the name without `Batch`, in the singular",
        ),
        ("apigateway", "GetRestApis", "apigateway:GET", "the action is the HTTP method"),
        ("apigatewayv2", "CreatePortal", "apigateway:CreatePortal", "the operation's own name"),
        ("kms", "Encapsulate", "kms:Encapsulate", "named by botocore's documentation only"),
        (
            "neptunedata",
            "ExecuteFastReset",
            "neptune-db:ResetDatabase",
            "the one action that the operation's documentation names",
        ),
    ],
)
def test_the_name_gives_the_action(service: str, operation: str, action: str, rule: str) -> None:
    main = access(service, operation).needed[0]
    assert (main.action, main.reason, main.dependent) == (action, rule, False)


@pytest.mark.parametrize(
    ("service", "operation", "reason"),
    [
        ("cognito-idp", "SignUp", "calls are not signed, so no IAM policy decides them"),
        ("codecatalyst", "GetSpace", "calls carry a bearer token of CodeCatalyst, which IAM policies do not decide"),
    ],
)
def test_calls_that_iam_does_not_decide_have_a_reason(service: str, operation: str, reason: str) -> None:
    found = access(service, operation)
    assert (found.needed, found.reason, found.is_known) == ((), reason, True)


def test_an_unknown_action_is_said_and_its_likely_name_kept() -> None:
    found = access("kinesis", "CreateQueue")
    assert found.needed == ()
    assert found.assumed == "kinesis:CreateQueue"
    assert found.reason == ("the reference data have no action kinesis:CreateQueue, nor one of a name near it")


def test_an_operation_that_changes_is_not_authorised_by_one_that_reads() -> None:
    """Its documentation names sagemaker:DescribeEndpoint, which it needs besides."""
    assert access("sagemaker", "CreateInferenceRouter").needed == ()


def test_near_names_come_in_order() -> None:
    assert [name for name, _ in near_names("BatchGetThingsV2")] == [
        "BatchGetThings",
        "GetThingsV2",
        "GetThings",
        "GetThing",
        "BatchGetThing",
        "BatchGetThingss",
        "BatchGetThingsV2",
    ]


@pytest.mark.parametrize(
    ("service", "operation", "params", "arns"),
    [
        ("sqs", "SendMessage", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/q"}, [f"arn:aws:sqs:{HERE}:q"]),
        ("sqs", "CreateQueue", {"QueueName": "q"}, [f"arn:aws:sqs:{HERE}:q"]),
        ("sqs", "ListQueues", {}, ["*"]),
        ("s3", "GetObject", {"Bucket": "b", "Key": "a/b"}, ["arn:aws:s3:::b/a/b"]),
        ("lambda", "GetFunction", {"FunctionName": "f"}, [f"arn:aws:lambda:{HERE}:function:f"]),
        (
            "lambda",
            "GetFunction",
            {"FunctionName": "arn:aws:lambda:us-east-1:1:function:f"},
            ["arn:aws:lambda:us-east-1:1:function:f"],
        ),
        (
            "lambda",
            "TagResource",
            {"Resource": "arn:aws:lambda:us-east-1:1:code-signing-config:csc-1"},
            ["arn:aws:lambda:us-east-1:1:code-signing-config:csc-1"],
        ),
        ("kinesis", "PutRecord", {"StreamName": "s"}, [f"arn:aws:kinesis:{HERE}:stream/s"]),
        (
            "kinesis",
            "PutRecord",
            {"StreamARN": "arn:aws:kinesis:us-east-1:1:stream/s"},
            ["arn:aws:kinesis:us-east-1:1:stream/s"],
        ),
        (
            "ec2",
            "TerminateInstances",
            {"InstanceIds": ["i-1", "i-2"]},
            [f"arn:aws:ec2:{HERE}:instance/i-1", f"arn:aws:ec2:{HERE}:instance/i-2"],
        ),
        (
            "ec2",
            "CreateSubnet",
            {"VpcId": "vpc-1"},
            [f"arn:aws:ec2:{HERE}:subnet/*", f"arn:aws:ec2:{HERE}:vpc/vpc-1"],
        ),
        ("eks", "DescribeCluster", {"name": "c"}, [f"arn:aws:eks:{HERE}:cluster/c"]),
        ("ssm", "GetParameter", {"Name": "/a/b"}, [f"arn:aws:ssm:{HERE}:parameter/a/b"]),
        ("iam", "CreateUser", {"UserName": "u"}, ["arn:aws:iam::111122223333:user/u"]),
        ("iot", "UpdateMitigationAction", {"actionName": "m"}, [f"arn:aws:iot:{HERE}:mitigationaction/m"]),
        ("rds", "CreateDBInstance", {"DBInstanceIdentifier": "d", "DBName": "x"}, [f"arn:aws:rds:{HERE}:db:d"]),
        ("pinpoint", "GetApp", {"ApplicationId": "a"}, [f"arn:aws:mobiletargeting:{HERE}:apps/a"]),
        ("events", "PutRule", {"Name": "r"}, [f"arn:aws:events:{HERE}:rule/r"]),
        ("events", "PutRule", {"Name": "r", "EventBusName": "b"}, [f"arn:aws:events:{HERE}:rule/b/r"]),
        ("apigateway", "PutMethod", {"restApiId": "r", "resourceId": "s", "httpMethod": "GET"},
         ["arn:aws:apigateway:eu-west-1::/restapis/r/resources/s/methods/GET"]),
        ("apigatewayv2", "UpdateStage", {"ApiId": "a", "StageName": "s"},
         ["arn:aws:apigateway:eu-west-1::/apis/a/stages/s"]),
    ],
)  # fmt: skip
def test_the_input_names_the_resource(service: str, operation: str, params: dict[str, Any], arns: list[str]) -> None:
    assert access(service, operation).needed[0].arns(params, REQUEST) == arns


def test_templates_have_a_star_where_nothing_is_named() -> None:
    assert access("ec2", "CreateSubnet").needed[0].resource_templates == (
        "arn:${Partition}:ec2:${Region}:${Account}:subnet/*",
        "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}",
    )


def test_tags_at_creation_are_on_what_is_new() -> None:
    tagging = access("ec2", "CreateSubnet").needed[1]
    assert (tagging.action, tagging.dependent) == ("ec2:CreateTags", True)
    assert tagging.resource_templates == ("arn:${Partition}:ec2:${Region}:${Account}:subnet/*",)


def test_a_role_that_is_passed_is_found_by_the_end_of_its_name() -> None:
    passed = next(each for each in access("rds", "CreateDBInstance").needed if each.action == "iam:PassRole")
    role = "arn:aws:iam::111122223333:role/r"
    assert passed.dependent
    assert passed.arns({"MonitoringRoleArn": role}, REQUEST) == [role]


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("ecs", "RegisterTaskDefinition", "taskRoleArn"),
        ("codebuild", "CreateProject", "serviceRole"),
        ("glue", "CreateCrawler", "Role"),
        ("eks", "CreateNodegroup", "nodeRole"),
        ("lambda", "UpdateFunctionConfiguration", "Role"),
        ("scheduler", "UpdateSchedule", None),  # in a structure; AWS's table has it
    ],
)
def test_a_call_that_hands_over_a_role_needs_to_pass_it(service: str, operation: str, member: str | None) -> None:
    """O-30 and the table of O section 8."""
    passed = next(each for each in access(service, operation).needed if each.action == "iam:PassRole")
    assert passed.dependent
    assert "iam:PassedToService" in passed.condition_keys
    if member:
        role = "arn:aws:iam::111122223333:role/path/r"
        assert passed.arns({member: role}, REQUEST) == [role]


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("iam", "CreateRole"),
        ("neptunedata", "ListMLEndpoints"),  # reads with a role
        ("neptunedata", "DeleteMLEndpoint"),
        ("quicksight", "UpdateUser"),  # the role is a part that somebody plays
    ],
)
def test_a_call_that_hands_over_no_role_need_not_pass_one(service: str, operation: str) -> None:
    assert "iam:PassRole" not in {each.action for each in access(service, operation).needed}


def test_condition_keys_are_those_of_the_action_and_of_its_resources() -> None:
    keys = access("s3", "GetObject").needed[0].condition_keys
    assert {"s3:ExistingObjectTag/<key>", "s3:ResourceAccount"} <= set(keys)
    assert "s3:AccessPointTag/${TagKey}" not in keys  # of access points, which the call does not name
