"""What calls must be allowed: the hand-checked vectors, and how the plan behaves around them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from iamsim.cli.authorize_plan import authorize_plan
from iamsim.errors import UsageError
from iamsim.kit.loader import load_service
from iamsim.plan import NO_ACCOUNT, plan, why_none
from iamsim.reference.definition import SAFE_LOADER

VECTORS = Path(__file__).parents[1] / "vectors" / "access"


def spelt_out(value: Any) -> Any:
    """The value with region and account for `R` and `A`."""
    text = json.dumps(value).replace(":R:", ":us-east-1:").replace(":A:", f":{NO_ACCOUNT}:")
    return json.loads(text)


def cases() -> Iterator[Any]:
    for path in sorted(VECTORS.rglob("*.yaml")):
        data, name = yaml.load(path.read_text("utf-8"), Loader=SAFE_LOADER), path.relative_to(VECTORS).with_suffix("")
        for number, case in enumerate(data["cases"]):
            yield pytest.param(
                {"source": data["source"], **spelt_out(case)}, id=f"{name}-{number}-{case['call'].split()[1]}"
            )


def keys_of(name: str, checks: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """The context that a vector's key is about, and the key itself."""
    action, _, key = name.rpartition(" ")
    return next(each for each in checks if action in ("", each["action"]))["context"], key


@pytest.mark.parametrize("case", list(cases()))
def test_a_vector(case: dict[str, Any]) -> None:
    assert case["source"]
    service, operation = case["call"].split()
    where = {key: case[key] for key in ("account", "region", "principal") if key in case}
    checks = plan(service, operation, case.get("params", {}), **where)
    found = [f"{each['action']} {each['resource']}" for each in checks]
    if "checks" in case:
        assert found == case["checks"]
    elif "set" in case:
        assert sorted(found) == sorted(case["set"])
    elif "last" in case:
        assert found[-1] == case["last"]
    else:
        assert [each["action"] for each in checks] == case["actions"]
    for name, value in case.get("context", {}).items():
        context, key = keys_of(name, checks)
        assert context.get(key) == value, f"{key}: {context}"
    for key in case.get("absent", ()):
        assert all(key not in each["context"] for each in checks)


def test_there_are_enough_vectors() -> None:
    assert len(list(cases())) >= 1_000


def test_the_same_call_has_the_same_plan() -> None:
    params = {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1}
    assert plan("ec2", "RunInstances", params) == plan("ec2", "RunInstances", params)


def test_ids_that_aws_would_make_are_wildcards() -> None:
    checks = plan("ec2", "RunInstances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1})
    assert "arn:aws:ec2:us-east-1:000000000000:subnet/*" in [each["resource"] for each in checks]


def test_a_principal_adds_the_keys_that_follow_from_it() -> None:
    role = "arn:aws:iam::111122223333:role/r"
    context = plan("s3", "ListBuckets", {}, principal=role)[0]["context"]
    assert context["aws:PrincipalArn"] == role
    assert context["aws:PrincipalAccount"] == "111122223333"
    assert not [key for key in plan("s3", "ListBuckets", {})[0]["context"] if key.startswith("aws:Principal")]


@pytest.mark.parametrize(
    ("principal", "type_name", "user_id", "is_service"),
    [
        ("arn:aws:iam::111122223333:root", "Account", "111122223333", "false"),
        ("arn:aws:iam::111122223333:user/u", "User", None, "false"),
        ("arn:aws:sts::111122223333:assumed-role/r/s", "AssumedRole", None, "false"),
        ("arn:aws:sts::111122223333:federated-user/bob", "FederatedUser", "111122223333:bob", "false"),
        ("sns.amazonaws.com", "Service", "sns.amazonaws.com", "true"),
        ("anonymous", "Anonymous", "anonymous", None),
    ],
)
def test_the_kind_of_principal_says_who_it_is(
    principal: str, type_name: str, user_id: str | None, is_service: str | None
) -> None:
    context = plan("sqs", "ListQueues", {}, principal=principal)[0]["context"]
    assert context["aws:PrincipalType"] == type_name
    assert context.get("aws:userid") == user_id
    assert context.get("aws:PrincipalIsAWSService") == is_service


def test_a_key_is_used_through_the_service() -> None:
    params = {"Bucket": "b", "Key": "k", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "1"}
    put, key = plan("s3", "PutObject", params, principal="arn:aws:iam::111122223333:user/u")
    assert put["context"]["aws:ViaAWSService"] == "false"
    assert key["context"]["aws:ViaAWSService"] == "true"


def test_a_copy_source_may_be_percent_encoded() -> None:
    params = {"Bucket": "b", "Key": "k", "CopySource": "a%2Fk"}
    assert all(each["context"]["s3:ResourceAccount"] == NO_ACCOUNT for each in plan("s3", "CopyObject", params))


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"account": "12"}, "`12` is no account: give its 12 digits"),
        ({"region": "nowhere"}, "`nowhere` is no region: give one such as `eu-west-1`"),
    ],
)
def test_a_place_that_cannot_be_is_refused(where: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}$"):
        plan("sqs", "ListQueues", {}, **where)


def test_a_new_network_interface_of_a_launch_is_in_the_subnet() -> None:
    params = {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1, "SubnetId": "subnet-9", "SecurityGroupIds": ["sg-9"]}
    [interface] = [each for each in plan("ec2", "RunInstances", params) if ":network-interface/" in each["resource"]]
    assert interface["context"]["ec2:Subnet"] == "arn:aws:ec2:us-east-1:000000000000:subnet/subnet-9"


@pytest.mark.parametrize(
    ("service", "operation", "region", "called"),
    [
        ("iam", "ListUsers", "eu-west-1", "us-east-1"),
        ("iam", "ListUsers", "us-gov-east-1", "us-gov-west-1"),
        ("route53", "ListHostedZones", "eu-west-1", "us-east-1"),
        ("networkmanager", "DescribeGlobalNetworks", "eu-west-1", "us-west-2"),
        ("sts", "GetAccessKeyInfo", "eu-west-1", "eu-west-1"),
        ("sqs", "ListQueues", "eu-west-1", "eu-west-1"),
    ],
)
def test_services_without_regions_are_in_one_place(service: str, operation: str, region: str, called: str) -> None:
    params = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE"} if operation == "GetAccessKeyInfo" else {}
    assert plan(service, operation, params, region=region)[0]["context"]["aws:RequestedRegion"] == called


def test_an_empty_plan_has_a_reason() -> None:
    assert plan("sts", "GetCallerIdentity", {}) == []
    assert why_none("sts", "GetCallerIdentity") == "no permission is needed"
    assert why_none("s3", "GetObject") == ""


@pytest.mark.parametrize(
    ("service", "operation", "params", "message"),
    [
        ("lambada", "Invoke", {}, "does not know the service `lambada`: did you mean `lambda`?"),
        ("s3", "GetObjekt", {}, "s3 has no operation `GetObjekt`: did you mean `GetObject`?"),
        ("s3", "GetObject", {"bucket": "b"}, "unknown parameter `bucket`: did you mean `Bucket`?"),
        ("events", "PutTargets", {"Targets": [{"RoleARN": "x"}]},
         "unknown parameter `Targets[0].RoleARN`: did you mean `RoleArn`?"),
        ("sqs", "SendMessage", {"QueueUrl": ["q"]}, "`QueueUrl` must be a string, not a list"),
        ("lambda", "Invoke", {"FunctionName": 5}, "`FunctionName` must be a string, not `5`"),
        ("s3", "DeleteObjects", {"Delete": []}, "Delete: must be an object, not a list"),
        ("s3", "PutObject", {"ObjectLockRetainUntilDate": "soon"},
         "`ObjectLockRetainUntilDate` must be a moment such as 2026-01-31T00:00:00Z, not `soon`"),
    ],
)  # fmt: skip
def test_what_botocore_does_not_know_is_refused(
    service: str, operation: str, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as refused:
        plan(service, operation, params)
    assert message in str(refused.value)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(authorize_plan, arguments)


def test_the_command_prints_json() -> None:
    told = run(
        "--service", "s3", "--operation", "GetObject", "--params", '{"Bucket":"b","Key":"k"}', "--format", "json"
    )
    assert told.exit_code == 0
    assert json.loads(told.output)[0]["resource"] == "arn:aws:s3:::b/k"


def test_the_command_prints_text() -> None:
    told = run("--service", "sns", "--operation", "Publish", "--params", '{"PhoneNumber": "+1", "Message": "m"}')
    assert told.output == "sns:Publish  *\n    aws:RequestedRegion = us-east-1\n"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ("{", "--params is not JSON: Expecting property name enclosed in double quotes at line 1, column 2"),
        ("[]", "--params must be a JSON object, not list"),
        ('{"Bukket": "b"}', "unknown parameter `Bukket`: did you mean `Bucket`?"),
    ],
)
def test_the_command_refuses_with_exit_code_2(params: str, message: str) -> None:
    told = run("--service", "s3", "--operation", "GetObject", "--params", params)
    assert told.exit_code == 2
    assert message in told.stderr


def test_the_source_of_a_copy_may_be_an_object_as_boto3_takes_it() -> None:
    source = {"Bucket": "a", "Key": "k 1", "VersionId": "v"}
    checks = plan("s3", "CopyObject", {"Bucket": "bucket", "Key": "k", "CopySource": source})
    assert (checks[0]["action"], checks[0]["resource"]) == ("s3:GetObjectVersion", "arn:aws:s3:::a/k 1")
    with pytest.raises(UsageError, match="`CopySource` must have `Bucket` and `Key`"):
        plan("s3", "CopyObject", {"Bucket": "bucket", "Key": "k", "CopySource": {"Bucket": "a"}})


def test_a_call_on_nothing_says_so() -> None:
    given = ["--service", "ec2", "--operation", "TerminateInstances", "--params", '{"InstanceIds": []}']
    assert CliRunner().invoke(authorize_plan, given).output == "the input names nothing that needs a permission\n"


def test_a_bug_in_a_mocks_rule_is_not_hidden_by_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(call: object) -> None:
        raise AttributeError("a bug")

    monkeypatch.setitem(load_service("s3").definition.functions, "put_object", broken)
    with pytest.raises(AttributeError, match="a bug"):
        plan("s3", "PutObject", {"Bucket": "bucket", "Key": "k"})
