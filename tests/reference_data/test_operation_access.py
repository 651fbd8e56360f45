"""The exceptions by name: that they fit AWS's names, and what every operation of every service needs."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.model import ServiceModel

from iamsim.errors import UsageError
from iamsim.reference.actions import action, documented_only
from iamsim.reference.built_with import botocore_version, is_newer, operations_then
from iamsim.reference.operation_access import access_of, operation_access
from iamsim.reference.overlay import FOLDER, overlay, read_overlay
from iamsim.reference.service_model import service_model
from tests.reference_data.every_service import every_service

REQUEST = {"partition": "aws", "region": "eu-west-1", "account": "111122223333"}
WRITTEN = sorted(path.stem for path in FOLDER.glob("*.yaml"))
SHARE_KNOWN = 0.95  # of the operations that botocore had; most of the others are newer than AWS's reference


@pytest.mark.parametrize("service", WRITTEN)
def test_an_overlay_names_what_exists(service: str) -> None:
    model: ServiceModel = service_model(service)
    for operation, rules in overlay(service).items():
        assert operation in operations_then(service)
        if operation not in model.operation_names:
            continue  # this botocore no longer has it
        shape = model.operation_model(operation).input_shape
        for rule in rules:
            if rule.action is None:
                assert len(rules) == 1
                continue
            found = action(rule.action)
            assert found or rule.action in documented_only(), f"{service}.{operation}: {rule.action}"
            outermost = {path.partition(".")[0].removesuffix("[]") for path in rule.members.values()}
            assert outermost <= set(shape.members if shape else ())
            if found and rule.resource and rule.resource != "*" and not rule.resource.startswith("arn:"):
                assert rule.resource in {resource.name for resource in found.resource_types}


def test_every_operation_has_an_access_list_or_a_reason() -> None:
    count: Counter[str] = Counter()
    for service in every_service():
        for name in service.operation_names:
            found = access_of(service.operation_model(name))
            assert found.needed or found.reason, f"{service.service_name}.{name}"
            for each in found.needed:
                assert action(each.action) or each.action in documented_only()
                assert each.resource_templates
                assert each.reason
            if is_newer(service.service_name, name):
                continue
            count["known" if found.is_known else "unknown"] += 1
            count["no action"] += not found.needed and found.is_known
    assert count["known"] / (count["known"] + count["unknown"]) > SHARE_KNOWN, count
    assert count["no action"] < 250, count


def changed(service: str, operation: str) -> Any:
    """botocore's model of a service that has one operation `operation`, such as a later botocore may have."""
    made = service_model(service)
    description = {
        "metadata": made.metadata,
        "shapes": {"In": {"type": "structure", "members": {"QueueUrl": {"shape": "Text"}}}, "Text": {"type": "string"}},
        "operations": {operation: {"name": operation, "http": {"method": "POST"}, "input": {"shape": "In"}}},
    }
    return ServiceModel(description, service_name=service).operation_model(operation)


def test_an_operation_that_botocore_gets_later_has_a_likely_action() -> None:
    found = access_of(changed("sqs", "FreezeQueue"))
    assert (found.needed, found.assumed) == ((), "sqs:FreezeQueue")
    assert found.reason == (
        f"the operation is newer than the reference data, which go with botocore {botocore_version()}"
    )


def test_an_operation_that_botocore_gets_later_may_have_an_action_already() -> None:
    found = access_of(changed("sqs", "SendMessageV2"))
    assert [each.action for each in found.needed] == ["sqs:SendMessage"]


def main_actions(service: str, operation: str) -> list[str]:
    return [each.action for each in operation_access(service, operation).needed if not each.dependent]


# Source: O sections 3, 4 and 11.
@pytest.mark.parametrize(
    ("service", "operation", "actions"),
    [
        ("s3", "ListBuckets", ["s3:ListAllMyBuckets"]),
        ("s3", "HeadObject", ["s3:GetObject"]),
        ("s3", "ListObjectsV2", ["s3:ListBucket"]),
        ("s3", "CopyObject", ["s3:GetObject", "s3:PutObject"]),
        ("s3", "DeleteBucketLifecycle", ["s3:PutLifecycleConfiguration"]),
        ("s3", "GetBucketCors", ["s3:GetBucketCORS"]),
        ("s3", "CreateSession", ["s3express:CreateSession"]),
        ("s3", "WriteGetObjectResponse", ["s3-object-lambda:WriteGetObjectResponse"]),
        ("s3control", "DeletePublicAccessBlock", ["s3:PutAccountPublicAccessBlock"]),
        ("lambda", "Invoke", ["lambda:InvokeFunction"]),
        ("lambda", "GetLayerVersionByArn", ["lambda:GetLayerVersion"]),
        ("dynamodb", "TransactGetItems", ["dynamodb:GetItem"]),
        ("dynamodb", "DescribeEndpoints", []),
        ("sqs", "DeleteMessageBatch", ["sqs:DeleteMessage"]),
        ("sns", "PublishBatch", ["sns:Publish"]),
        ("kms", "ReEncrypt", ["kms:ReEncryptFrom", "kms:ReEncryptTo"]),
        ("sts", "GetCallerIdentity", []),
        ("sts", "AssumeRoleWithSAML", ["sts:AssumeRoleWithSAML"]),
        ("cloudfront", "CreateDistributionWithTags", ["cloudfront:CreateDistribution"]),
        ("timestream-query", "Query", ["timestream:Select"]),
        ("budgets", "UpdateNotification", ["budgets:ModifyBudget"]),
        ("bedrock-runtime", "ConverseStream", ["bedrock:InvokeModelWithResponseStream"]),
        ("apigatewaymanagementapi", "PostToConnection", ["execute-api:ManageConnections"]),
        ("cloudcontrol", "CreateResource", ["cloudformation:CreateResource"]),
        ("resourcegroupstaggingapi", "GetResources", ["tag:GetResources"]),
        ("iot-data", "Publish", ["iot:Publish"]),
        ("keyspaces", "DeleteTable", ["cassandra:Drop"]),
    ],
)
def test_operations_whose_action_has_another_name(service: str, operation: str, actions: list[str]) -> None:
    assert main_actions(service, operation) == actions


@pytest.mark.parametrize(
    ("service", "operation", "params", "number", "arn"),
    [
        ("kms", "ReEncrypt", {"SourceKeyId": "s", "DestinationKeyId": "d"}, 0,
         "arn:aws:kms:eu-west-1:111122223333:key/s"),
        ("kms", "ReEncrypt", {"SourceKeyId": "s", "DestinationKeyId": "d"}, 1,
         "arn:aws:kms:eu-west-1:111122223333:key/d"),
        ("kms", "CreateAlias", {"AliasName": "alias/a", "TargetKeyId": "k"}, 0,
         "arn:aws:kms:eu-west-1:111122223333:alias/a"),
        ("s3", "CopyObject", {"Bucket": "b", "Key": "k", "CopySource": "a/x"}, 0, "arn:aws:s3:::a/x"),
        ("s3", "CopyObject", {"Bucket": "b", "Key": "k", "CopySource": "a/x"}, 1, "arn:aws:s3:::b/k"),
        ("sts", "AssumeRoot", {"TargetPrincipal": "222233334444"}, 0, "arn:aws:iam::222233334444:root"),
        ("logs", "CreateLogGroup", {"logGroupName": "g"}, 0,
         "arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:"),
        ("lambda", "Invoke", {"FunctionName": "f"}, 0, "arn:aws:lambda:eu-west-1:111122223333:function:f"),
    ],
)  # fmt: skip
def test_the_resource_that_is_written_down(
    service: str, operation: str, params: dict[str, Any], number: int, arn: str
) -> None:
    assert operation_access(service, operation).needed[number].arns(params, REQUEST) == [arn]


def test_dependent_actions_are_marked() -> None:
    needed = {each.action: each.dependent for each in operation_access("lambda", "CreateFunction").needed}
    assert needed["lambda:CreateFunction"] is False
    assert needed["iam:PassRole"] is True
    assert needed["lambda:TagResource"] is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("service: x", "operations/x.yaml: the file must be a mapping with `service` and `access`"),
        (
            "service: x\naccess: {A: {acton: b}}",
            "operations/x.yaml: access.A: a rule must be a mapping; "
            "known are: action, dependent, members, permission, resource",
        ),
        ("service: x\naccess: {A: {}}", "operations/x.yaml: access.A: say either `action` or `permission: none`"),
        (
            "service: x\naccess: {A: {permission: some}}",
            "operations/x.yaml: access.A: say either `action` or `permission: none`",
        ),
    ],
)
def test_a_wrong_overlay_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_overlay(text, "operations/x.yaml")
    assert str(refused.value) == message
