"""Which member of an input names a resource, wherever it stands and whatever it is called."""

from __future__ import annotations

from typing import Any

import pytest

from iamsim.reference.default_access import about
from iamsim.reference.member_names import MemberName, fit, holds_arn, makes
from iamsim.reference.operation_access import operation_access
from iamsim.reference.resource_templates import variables_in
from iamsim.reference.service_model import service_model

REQUEST = {"partition": "aws", "region": "eu-west-1", "account": "111122223333"}
HERE = "eu-west-1:111122223333"


def arns(service: str, operation: str, params: dict[str, Any]) -> list[str]:
    return operation_access(service, operation).needed[0].arns(params, REQUEST)


@pytest.mark.parametrize(
    ("service", "operation", "params", "found"),
    [
        # in a structure that is about the resource, or under the variable's own name
        ("codepipeline", "CreatePipeline", {"pipeline": {"name": "p"}}, [f"arn:aws:codepipeline:{HERE}:p"]),
        ("cur", "PutReportDefinition", {"ReportDefinition": {"ReportName": "r"}}, [f"arn:aws:cur:{HERE}:definition/r"]),
        ("glue", "GetRegistry", {"RegistryId": {"RegistryName": "r"}}, [f"arn:aws:glue:{HERE}:registry/r"]),
        # one for each element of a list
        ("workspaces", "StopWorkspaces", {"StopWorkspaceRequests": [{"WorkspaceId": "a"}, {"WorkspaceId": "b"}]},
         [f"arn:aws:workspaces:{HERE}:workspace/a", f"arn:aws:workspaces:{HERE}:workspace/b"]),
        # two variables of one element belong together
        ("deadline", "BatchGetWorker",
         {"identifiers": [{"farmId": "f", "fleetId": "g", "workerId": "w"},
                          {"farmId": "F", "fleetId": "G", "workerId": "W"}]},
         [f"arn:aws:deadline:{HERE}:farm/f/fleet/g/worker/w", f"arn:aws:deadline:{HERE}:farm/F/fleet/G/worker/W"]),
        # called only Id, or an ARN under another word
        ("cloudtrail", "StartLogging", {"Name": "t"}, [f"arn:aws:cloudtrail:{HERE}:trail/t"]),
        ("cloudfront-keyvaluestore", "GetKey", {"KvsARN": "arn:aws:cloudfront::1:key-value-store/k", "Key": "x"},
         ["arn:aws:cloudfront::1:key-value-store/k"]),
        # an identifier that is an ARN goes into a template that has no variable
        ("dms", "StartDataMigration", {"DataMigrationIdentifier": f"arn:aws:dms:{HERE}:data-migration:1"},
         [f"arn:aws:dms:{HERE}:data-migration:1"]),
        ("dms", "StartDataMigration", {"DataMigrationIdentifier": "name"}, [f"arn:aws:dms:{HERE}:data-migration:*"]),
        # an ARN that no member is known to hold is found by its type
        ("iot", "AttachPolicy", {"policyName": "p", "target": f"arn:aws:iot:{HERE}:cert/c"},
         [f"arn:aws:iot:{HERE}:cert/c"]),
        # a parent's ARN has the variables that they share
        ("sso-admin", "CreateApplication", {"InstanceArn": "arn:aws:sso:::instance/i"},
         ["arn:aws:sso::111122223333:application/i/*", "arn:aws:sso:::instance/i"]),
        # a name with its version fills both variables
        ("batch", "DeregisterJobDefinition", {"jobDefinition": "j:3"}, [f"arn:aws:batch:{HERE}:job-definition/j:3"]),
        # a bare noun for its name
        ("resource-groups", "GetGroup", {"Group": "g"}, [f"arn:aws:resource-groups:{HERE}:group/g"]),
        ("sesv2", "GetEmailIdentity", {"EmailIdentity": "a@b.cd"}, [f"arn:aws:ses:{HERE}:identity/a@b.cd"]),
        # what the call makes comes first; its id is not that of another in the input
        ("batch", "SubmitJob", {"jobName": "n", "jobQueue": "q", "jobDefinition": "d", "dependsOn": [{"jobId": "x"}]},
         [f"arn:aws:batch:{HERE}:job/*", f"arn:aws:batch:{HERE}:job-queue/q",
          f"arn:aws:batch:{HERE}:job-definition/d"]),
        # one member does not fill two variables
        ("mq", "RebootBroker", {"BrokerId": "b"}, [f"arn:aws:mq:{HERE}:broker:*:b"]),
        # a filter names nothing
        ("bedrock-data-automation", "ListBlueprints", {"projectFilter": {"projectArn": f"arn:aws:bedrock:{HERE}:x"}},
         ["arn:aws:bedrock:eu-west-1:111122223333:data-automation-project/*"]),
    ],
)  # fmt: skip
def test_the_input_names_the_resource(service: str, operation: str, params: dict[str, Any], found: list[str]) -> None:
    assert arns(service, operation, params) == found


@pytest.mark.parametrize(
    ("member", "variable", "kind", "operation", "score"),
    [
        ("BrokerId", "BrokerId", "broker", "RebootBroker", 4),
        ("ClusterId", "CloudHsmClusterInstanceName", "cluster", "DeleteCluster", 2),  # an id may fill a name
        ("ConfigRuleName", "ConfigRuleId", "ConfigRule", "DeleteConfigRule", 0),  # and no name an id
        ("MultiRegionClusterName", "ClusterName", "multiregioncluster", "CreateCluster", 5),
        ("pipeline.name", "PipelineName", "pipeline", "CreatePipeline", 4),
        ("DatabaseInput.Name", "DatabaseName", "database", "CreateDatabase", 4),
        ("dependsOn[].jobId", "JobId", "job", "SubmitJob", 0),
        ("TagKeys", "KeyName", "api-key", "UntagResource", 0),
    ],
)
def test_how_well_a_member_fits(member: str, variable: str, kind: str, operation: str, score: int) -> None:
    assert fit(MemberName.read(member), variable, kind, operation, True) == score


def test_an_arn_of_the_same_kind_in_a_structure_is_not_the_one_to_be_made() -> None:
    member = MemberName.read("Orchestrator.ClusterArn")
    assert holds_arn(member, "cluster", "UpdateCluster", True) == 2
    assert holds_arn(member, "cluster", "CreateCluster", True) == 0


def test_an_operation_is_about_its_noun() -> None:
    assert about("CreateReplicationGroup", "replicationgroup") > about(
        "CreateReplicationGroup", "globalreplicationgroup"
    )
    assert about("CreateCacheCluster", "cluster")
    assert about("RestoreDBInstanceFromDBSnapshot", "snapshot") == 0
    assert about("AddTagsToResource", "es") == 0
    assert makes("SubmitJob", "job")
    assert not makes("DescribeJob", "job")


def test_the_variables_in_an_arn() -> None:
    assert variables_in(f"arn:aws:kafka:{HERE}:cluster/c/1") == {"ClusterName": "c", "Uuid": "1"}
    assert variables_in("arn:aws:nothing:::x") == {}


def test_every_template_keeps_aws_s_own_text() -> None:
    for operation in service_model("kafka").operation_names:
        for needed in operation_access("kafka", operation).needed:
            assert all(each.kind_template for each in needed.resources)
