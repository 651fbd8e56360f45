"""iam:PassRole for what a call hands over, and for nothing that it only names."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import Loader

from iamsim.authorization.role_users import BY_SERVICE, BY_USE
from iamsim.plan import plan
from iamsim.reference.built_with import operations_then, services_then
from iamsim.reference.passed_roles import NAMED_BY, is_named_only

ROLE = "arn:aws:iam::000000000000:role/r"


def passed(service: str, operation: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (check["resource"], check["context"]["iam:PassedToService"])
        for check in plan(service, operation, params)
        if check["action"] == "iam:PassRole"
    ]


@pytest.mark.parametrize(
    ("service", "operation", "params", "user"),
    [
        ("codepipeline", "CreatePipeline", {"pipeline": {"name": "p", "roleArn": ROLE, "stages": []}}, "codepipeline"),
        ("iot", "CreateTopicRule",
         {"ruleName": "r", "topicRulePayload": {"sql": "s", "actions": [{"sns": {"targetArn": "t", "roleArn": ROLE}}]}},
         "iot"),
        ("iot", "CreateRoleAlias", {"roleAlias": "a", "roleArn": ROLE}, "credentials.iot"),
        ("cognito-identity", "SetIdentityPoolRoles", {"IdentityPoolId": "i", "Roles": {"authenticated": ROLE}},
         "cognito-identity"),
        ("kinesisanalytics", "UpdateApplication",
         {"ApplicationName": "a", "CurrentApplicationVersionId": 1, "ApplicationUpdate": {"OutputUpdates": [
             {"OutputId": "o", "LambdaOutputUpdate": {"ResourceARNUpdate": "x", "RoleARNUpdate": ROLE}}]}},
         "kinesisanalytics"),
        ("shield", "AssociateDRTRole", {"RoleArn": ROLE}, "drt.shield"),
        ("snowball", "CreateJob", {"RoleARN": ROLE}, "importexport"),
        ("synthetics", "UpdateCanary", {"Name": "c", "ExecutionRoleArn": ROLE}, "lambda"),
        ("cloudwatch", "PutMetricStream",
         {"Name": "m", "FirehoseArn": "x", "RoleArn": ROLE, "OutputFormat": "json"}, "streams.metrics.cloudwatch"),
        ("guardduty", "UpdateMalwareProtectionPlan", {"MalwareProtectionPlanId": "m", "Role": ROLE},
         "malware-protection-plan.guardduty"),
        ("neptunedata", "StartLoaderJob",
         {"source": "s", "format": "csv", "s3BucketRegion": "us-east-1", "iamRoleArn": ROLE}, "rds"),
        ("pipes", "UpdatePipe", {"Name": "p", "RoleArn": ROLE}, "pipes"),
        ("elasticbeanstalk", "CreateEnvironment",
         {"ApplicationName": "a", "OptionSettings": [{"OptionName": "ServiceRole", "Value": "r"}]}, "elasticbeanstalk"),
    ],
)  # fmt: skip
def test_a_role_that_is_handed_over(service: str, operation: str, params: dict[str, Any], user: str) -> None:
    assert passed(service, operation, params) == [(ROLE, f"{user}.amazonaws.com")]


def test_each_role_goes_to_the_service_that_uses_it() -> None:
    roles = {name: f"arn:aws:iam::000000000000:role/{name}" for name in ("s", "i", "f")}
    found = passed(
        "batch",
        "CreateComputeEnvironment",
        {
            "computeEnvironmentName": "c",
            "type": "MANAGED",
            "serviceRole": roles["s"],
            "computeResources": {
                "type": "SPOT",
                "maxvCpus": 1,
                "subnets": [],
                "instanceRole": "arn:aws:iam::000000000000:instance-profile/p",
                "spotIamFleetRole": roles["f"],
            },
        },
    )
    assert found == [
        (roles["s"], "batch.amazonaws.com"),
        (roles["f"], "spotfleet.amazonaws.com"),
        ("arn:aws:iam::000000000000:role/*", "ec2.amazonaws.com"),
    ]


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("redshift", "ModifyClusterIamRoles", {"ClusterIdentifier": "c", "RemoveIamRoles": [ROLE]}),
        ("securityhub", "BatchImportFindings",
         {"Findings": [{"Resources": [{"Details": {"AwsEksCluster": {"RoleArn": ROLE}}}]}]}),
        ("emr-containers", "StartJobRun", {"virtualClusterId": "v", "clientToken": "t", "executionRoleArn": ROLE}),
        ("emr", "AddJobFlowSteps", {"JobFlowId": "j", "Steps": [], "ExecutionRoleArn": ROLE}),
        ("auditmanager", "UpdateSettings", {"defaultProcessOwners": [{"roleType": "PROCESS_OWNER", "roleArn": ROLE}]}),
        ("ram", "AssociateResourceShare",
         {"resourceShareArn": "arn:aws:ram:us-east-1:1:resource-share/1", "principals": [ROLE]}),
        ("lakeformation", "GrantPermissions",
         {"Principal": {"DataLakePrincipalIdentifier": ROLE}, "Resource": {}, "Permissions": ["SELECT"]}),
        ("es", "CreateElasticsearchDomain",
         {"DomainName": "d", "AdvancedSecurityOptions": {"SAMLOptions": {"MasterBackendRole": ROLE}}}),
        ("arc-region-switch", "UpdatePlan",
         {"arn": "a", "workflows": [], "executionRole": "x",
          "associatedAlarms": {"a": {"alarmType": "trigger", "resourceIdentifier": "r", "crossAccountRole": ROLE}}}),
    ],
)  # fmt: skip
def test_a_role_that_is_only_named(service: str, operation: str, params: dict[str, Any]) -> None:
    assert passed(service, operation, params) == []


def test_the_tables_name_what_exists() -> None:
    """A service, and an operation of it or a member somewhere in its model."""
    assert set(BY_SERVICE) <= services_then()
    for service, name in [*BY_USE, *NAMED_BY]:
        if name in operations_then(service):
            continue
        version = Loader().determine_latest_version(service, "service-2")
        model = Loader().load_data(f"{service}/{version}/service-2")
        members = {member for shape in model["shapes"].values() for member in shape.get("members", {})}
        assert name in members, f"{service}: {name}"


def test_roles_of_other_accounts_cannot_be_passed() -> None:
    assert is_named_only("any", "CreatePlan", "crossAccountRoleArn")
    assert not is_named_only("ec2", "CreateFlowLogs", "DeliverCrossAccountRole")
