"""`iamsim actions`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from iamsim.cli.actions import actions
from iamsim.sample_calls import sample_checks


def run(*arguments: str) -> Any:
    return CliRunner().invoke(actions, arguments)


def test_one_operation_as_json() -> None:
    rows = json.loads(run("--service", "s3", "--operation", "CopyObject", "--format", "json").stdout)
    assert [row["operation"] for row in rows] == ["CopyObject"]
    main = [each for each in rows[0]["access"] if not each["dependent"]]
    assert [each["action"] for each in main] == ["s3:GetObject", "s3:PutObject"]
    assert main[1]["resource_templates"] == ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]
    assert "s3:x-amz-acl" in main[1]["condition_keys"]


def access(service: str, operation: str) -> dict[str, Any]:
    [row] = json.loads(run("--service", service, "--operation", operation, "--format", "json").stdout)
    names = [each["action"] for each in row["access"]]
    assert len(names) == len(set(names))
    return {each["action"]: each for each in row["access"]}


def test_an_action_on_resources_of_two_kinds_stands_once() -> None:
    key = "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}"
    found = access("kms", "CreateAlias")
    assert found["kms:CreateAlias"]["resource_templates"][1:] == [key]
    assert len(found) == 1


def test_resources_that_only_calls_show() -> None:
    found = access("ec2", "RunInstances")
    templates = found["ec2:RunInstances"]["resource_templates"]
    for kind in ("volume/${VolumeId}", "key-pair/${KeyPairName}", "placement-group/${PlacementGroupName}"):
        assert f"arn:${{Partition}}:ec2:${{Region}}:${{Account}}:{kind}" in templates
    assert found["kms:CreateGrant"]["dependent"]
    assert not found["ec2:RunInstances"]["dependent"]


def test_what_a_copy_reads_and_what_a_batch_deletes_are_objects() -> None:
    an_object = ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]
    assert access("s3", "CopyObject")["s3:GetObject"]["resource_templates"] == an_object
    assert access("s3", "DeleteObjects")["s3:DeleteObject"]["resource_templates"] == an_object


def test_no_role_is_passed_where_none_is_given() -> None:
    assert access("s3", "DeleteBucketReplication").keys() == {"s3:PutReplicationConfiguration"}
    assert "iam:PassRole" in access("rds", "RemoveRoleFromDBCluster")  # as AWS's table has it


@pytest.mark.parametrize("service", ["dynamodb", "batch", "lex-models", "stepfunctions"])
def test_every_operation_shows_what_its_calls_need(service: str) -> None:
    for row in json.loads(run("--service", service, "--format", "json").stdout):
        shown = {each["action"] for each in row["access"]}
        needed = {check.action for check in sample_checks(service, row["operation"])}
        assert needed <= shown or not shown, row["operation"]


def test_all_operations_of_a_service() -> None:
    rows = json.loads(run("--service", "sns", "--format", "json").stdout)
    assert [row["operation"] for row in rows] == sorted(row["operation"] for row in rows)
    assert all(row["access"] or row["reason"] for row in rows)


def test_as_text() -> None:
    assert run("--service", "sts", "--operation", "GetCallerIdentity").stdout == (
        "GetCallerIdentity\n  no permission is needed\n"
    )
    assert run("--service", "lambda", "--operation", "CreateEventSourceMapping").stdout == (
        "CreateEventSourceMapping\n"
        "  lambda:CreateEventSourceMapping\n"
        "    *\n"
        "    keys: aws:RequestTag/${TagKey}, aws:TagKeys, lambda:FunctionArn\n"
        "  lambda:TagResource  (dependent)\n"
        "    arn:${Partition}:lambda:${Region}:${Account}:event-source-mapping:*\n"
        "    keys: aws:RequestTag/${TagKey}, aws:TagKeys, aws:ResourceTag/${TagKey}\n"
    )


def test_keys_that_nothing_fills_are_marked() -> None:
    told = run("--service", "kms", "--operation", "Decrypt").stdout.splitlines()
    assert "kms:EncryptionContextKeys" in next(line for line in told if line.startswith("    keys: "))
    assert "kms:RecipientAttestation:PCR0" in next(line for line in told if line.startswith("    not filled: "))
    [row] = json.loads(run("--service", "kms", "--operation", "Decrypt", "--format", "json").stdout)
    [decrypt] = row["access"]
    assert set(decrypt["not_filled"]) < set(decrypt["condition_keys"])
    assert "kms:EncryptionContextKeys" not in decrypt["not_filled"]
    assert "kms:RecipientAttestation:PCR0" in decrypt["not_filled"]


def test_a_misspelt_name_is_refused_with_a_hint() -> None:
    assert "did you mean `sqs`?" in run("--service", "sqss").stderr
    refused = run("--service", "s3", "--operation", "CopyObjet")
    assert refused.exit_code == 2
    assert "s3 has no operation `CopyObjet`: did you mean `CopyObject`?" in refused.stderr
