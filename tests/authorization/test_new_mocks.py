"""What a mock has without saying it: actions, resources, PassRole, tags and condition keys from the layers below."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iamsim import Simulator, enable_iam_authentication, mock_aws
from tests.kit.conftest import Write, write_mock

from .conftest import HOME, REGION, Account, allow, assume

__all__ = ["write_mock"]

STATES = f"arn:aws:states:{REGION}:{HOME}:stateMachine"
MACHINES = """
service: stepfunctions
resources:
  stateMachine:
    arn: arn:{partition}:states:{region}:{account}:stateMachine:{name}
    members: {name: name, stateMachineArn: arn}
    missing: {StateMachineDoesNotExist: "No such machine: {name}"}
  role: {of: iam, members: {roleArn: arn}}   # what is handed over is not what the call is about
gaps: [machines do not run]
"""
MACHINE = '''
from dataclasses import dataclass

@dataclass
class Machine(Resource, kind="stateMachine"):
    """One state machine."""

@operation
def create_state_machine(call: Call, *, definition: str, role_arn: str, tags: list[Any] | None = None) -> Reply:
    machine = call.save(Machine(call.arn, tags_in(tags or [])))
    return {"stateMachineArn": str(machine.arn), "creationDate": 0}

@operation
def delete_state_machine(call: Call, machine: Machine) -> None:
    call.delete(machine)

@operation
def start_execution(call: Call) -> Reply:
    return {"executionArn": "e", "startDate": 0}
'''
SECRETS = """
service: secretsmanager
resources:
  Secret:
    arn: arn:{partition}:secretsmanager:{region}:{account}:secret:{name}
    members: {SecretId: found}
    missing: {ResourceNotFoundException: "None: {name}"}
gaps: [rotation]
"""
SECRET = '''
from dataclasses import dataclass

@dataclass
class Secret(Resource, kind="Secret"):
    """One secret."""

@identity("found")
def found(call: Call, value: str) -> Arn:
    arns = (secret.arn for secret in call.all(Secret))
    return next((arn for arn in arns if value in (str(arn), arn.name.rpartition("-")[0])), None) or call.make_arn(
        "Secret", name=value)

@operation
def create_secret(call: Call, *, name: str, client_request_token: str = "") -> Reply:
    secret = call.save(Secret(call.make_arn("Secret", name=name + "-AbCdEf")))
    return {"ARN": str(secret.arn)}

@operation
def get_secret_value(call: Call, secret: Secret) -> Reply:
    return {"ARN": str(secret.arn)}
'''
KEYS = """
service: kms
resources:
  key:
    arn: arn:{partition}:kms:{region}:{account}:key/{id}
    members: {KeyId: id}
gaps: [all but the names of keys]
"""
KEY = '''
@operation
def list_keys(call: Call) -> Reply:
    return {"Keys": []}

@provides(ResourceSource)
class Keys:
    """One key, which has an alias."""

    def __init__(self, cloud: Cloud) -> None:
        pass

    def arn_meant(self, kind: str, name: str, *, account: str, region: str) -> str | None:
        is_it = kind == "customer-key" and name in ("alias/mine", "1234")
        return f"arn:aws:kms:{region}:{account}:key/1234" if is_it else None
'''


@pytest.fixture
def beside(request: pytest.FixtureRequest) -> Iterator[Write]:
    """Writes a mock that is there beside the real ones."""
    real = list(import_module("iamsim.mocks").__path__)
    write: Write = request.getfixturevalue("write_mock")
    import_module("iamsim.mocks").__path__.extend(real)
    yield write


@pytest.fixture
def machines(beside: Write) -> Iterator[Simulator]:
    beside("stepfunctions", MACHINES, machine="from typing import Any\n" + MACHINE)
    beside("secretsmanager", SECRETS, secret=SECRET)
    with mock_aws() as aws:
        yield aws


def refused(call: Any, **params: Any) -> str:
    """The message with which a checked call is denied; "" if it is not."""
    with enable_iam_authentication():
        try:
            call(**params)
        except ClientError as failure:
            error = failure.response["Error"]
            if error["Code"] in ("AccessDenied", "AccessDeniedException"):
                return str(error["Message"])
            raise
    return ""


def asked(aws: Simulator) -> list[str]:
    return [f"{each.action} {each.resource}" for each in aws.decisions]


def test_what_creating_a_machine_takes(machines: Simulator) -> None:
    home = Account(machines, HOME)
    role = home.role("runner", {"Service": "states.amazonaws.com"}, Path="/of/")
    sfn = home.user("alice", allow("*")).client("stepfunctions")
    tags = [{"key": "team", "value": "a"}]
    assert refused(sfn.create_state_machine, name="m", definition="{}", roleArn=role, tags=tags) == ""
    assert asked(machines) == [
        f"states:CreateStateMachine {STATES}:m",
        f"states:TagResource {STATES}:m",
        f"iam:PassRole {role}",
    ]
    create, tag, pass_role = [each.evaluation.access.context for each in machines.decisions]
    for context in (create, tag):
        assert context["aws:RequestTag/team"] == "a"
        assert context["aws:TagKeys"] == ["team"]
        assert context["aws:ResourceTag/team"] == "a"
    assert pass_role["iam:PassedToService"] == "states.amazonaws.com"
    assert not [key for key in pass_role if "Tag" in key]


@pytest.mark.parametrize("missing", ["states:CreateStateMachine", "states:TagResource", "iam:PassRole"])
def test_each_of_them_is_needed(machines: Simulator, missing: str) -> None:
    home = Account(machines, HOME)
    role = home.role("runner", {"Service": "states.amazonaws.com"})
    actions = {"states:CreateStateMachine", "states:TagResource", "iam:PassRole"} - {missing}
    sfn = home.user("alice", allow(sorted(actions))).client("stepfunctions")
    tags = [{"key": "team", "value": "a"}]
    assert missing in refused(sfn.create_state_machine, name="m", definition="{}", roleArn=role, tags=tags)


def test_untagged_needs_no_permission_to_tag(machines: Simulator) -> None:
    home = Account(machines, HOME)
    role = home.role("runner", {"Service": "states.amazonaws.com"})
    sfn = home.user("alice", allow(["states:CreateStateMachine", "iam:PassRole"])).client("stepfunctions")
    assert refused(sfn.create_state_machine, name="m", definition="{}", roleArn=role) == ""
    assert "aws:TagKeys" not in next(iter(machines.decisions)).evaluation.access.context  # K-34


def test_tags_of_what_is_there_decide(machines: Simulator) -> None:
    home = Account(machines, HOME)
    role = home.role("runner", {"Service": "states.amazonaws.com"})
    root = home.root.client("stepfunctions")
    mine = {"Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}}
    sfn = home.user("alice", allow("states:DeleteStateMachine", **mine)).client("stepfunctions")
    for name, team in (("ours", "a"), ("theirs", "b")):
        root.create_state_machine(name=name, definition="{}", roleArn=role, tags=[{"key": "team", "value": team}])
    assert refused(sfn.delete_state_machine, stateMachineArn=f"{STATES}:theirs") != ""
    assert refused(sfn.delete_state_machine, stateMachineArn=f"{STATES}:ours") == ""


def test_a_rule_of_ours_goes_on_with_what_the_mock_located(machines: Simulator) -> None:
    """An alias is a qualifier of the machine, and has the machine's tags and its owner."""
    home = Account(machines, HOME)
    role = home.role("runner", {"Service": "states.amazonaws.com"})
    tags = [{"key": "team", "value": "a"}]
    home.root.client("stepfunctions").create_state_machine(name="m", definition="{}", roleArn=role, tags=tags)
    live = {
        "Condition": {
            "StringEquals": {"aws:ResourceTag/team": "a"},
            "ForAnyValue:StringEquals": {"states:StateMachineQualifier": "live"},
        }
    }
    sfn = home.user("alice", allow("states:StartExecution", f"{STATES}:m", **live)).client("stepfunctions")
    assert refused(sfn.start_execution, stateMachineArn=f"{STATES}:m:live") == ""
    assert refused(sfn.start_execution, stateMachineArn=f"{STATES}:m") != ""


def test_the_located_resource_stands_in_place_of_a_pattern(machines: Simulator) -> None:
    """A secret's ARN ends in six characters that only the mock knows."""
    home = Account(machines, HOME)
    arn = home.root.client("secretsmanager").create_secret(Name="s")["ARN"]
    secrets = home.user("alice", allow("secretsmanager:GetSecretValue", arn)).client("secretsmanager")
    assert refused(secrets.get_secret_value, SecretId="s") == ""
    assert asked(machines) == [f"secretsmanager:GetSecretValue {arn}"]


def test_the_caller_s_account_need_not_be_the_resource_s(machines: Simulator) -> None:
    home, abroad = Account(machines, HOME), Account(machines, "222222222222")
    role = home.role("runner", {"Service": "states.amazonaws.com"})
    home.root.client("stepfunctions").create_state_machine(name="m", definition="{}", roleArn=role)
    sfn = abroad.user("bob", allow("*")).client("stepfunctions")
    assert "no resource-based policy allows" in refused(sfn.delete_state_machine, stateMachineArn=f"{STATES}:m")


def test_no_key_is_asked_for_where_no_mock_keeps_keys(machines: Simulator) -> None:
    home = Account(machines, HOME)
    secrets = home.user("alice", allow("secretsmanager:CreateSecret")).client("secretsmanager")
    with pytest.warns(match="KmsKeyId"):
        assert refused(secrets.create_secret, Name="s", KmsKeyId="alias/mine") == ""


@pytest.mark.parametrize(("key", "is_asked"), [("alias/mine", True), ("1234", True), ("alias/theirs", False)])
@pytest.mark.filterwarnings("ignore::iamsim.UnsupportedParameter")
def test_a_mock_that_keeps_keys_has_them_asked_for(beside: Write, key: str, is_asked: bool) -> None:
    beside("secretsmanager", SECRETS, secret=SECRET)
    beside("kms", KEYS, key=KEY)
    with mock_aws() as aws:
        home = Account(aws, HOME)
        secrets = home.user("alice", allow("secretsmanager:CreateSecret")).client("secretsmanager")
        message = refused(secrets.create_secret, Name="s", KmsKeyId=key)
        arn = f"arn:aws:kms:{REGION}:{HOME}:key/1234"
        assert (f"kms:GenerateDataKey on resource: {arn}" in message) is is_asked


def test_a_role_by_name_is_passed_under_its_path(machines: Simulator) -> None:
    home = Account(machines, HOME)
    role = home.role("runner", {"Service": "elasticmapreduce.amazonaws.com"}, Path="/of/")
    emr = home.user("alice", allow("elasticmapreduce:*")).client("emr")
    message = refused(emr.run_job_flow, Name="j", Instances={}, ServiceRole="runner")
    assert f"iam:PassRole on resource: {role}" in message


def test_a_role_session_has_the_same_checks(machines: Simulator) -> None:
    home = Account(machines, HOME)
    role = home.role("runner", {"Service": "states.amazonaws.com"})
    alice = home.user("alice")
    worker = home.role("worker", {"AWS": f"arn:aws:iam::{HOME}:user/alice"}, allow("states:*"))
    sfn = assume(alice, worker).client("stepfunctions")
    assert "iam:PassRole" in refused(sfn.create_state_machine, name="m", definition="{}", roleArn=role)


HAPGS = """
service: cloudhsm
resources:
  hapg:
    arn: arn:{partition}:cloudhsm:{region}:{account}:{id}
    members: {HapgArn: id}
access:
  DeleteHapg: {action: "cloudhsm:DeleteHapg"}
gaps: [all else]
"""
HAPG = '''
from dataclasses import dataclass

@dataclass
class Hapg(Resource, kind="hapg"):
    """One group of partitions."""

@operation
def delete_hapg(call: Call, hapg: Hapg | None) -> Reply:
    return {"Status": "deleted"}

@operation
def describe_hapg(call: Call, hapg: Hapg | None) -> Reply:
    return {}
'''


def test_an_action_that_service_yaml_names_is_known(beside: Write) -> None:
    beside("cloudhsm", HAPGS, hapg=HAPG)
    with mock_aws() as aws:
        home = Account(aws, HOME)
        arn, other = (f"arn:aws:cloudhsm:{REGION}:{HOME}:hapg-{digit * 8}" for digit in "12")
        hsm = home.user("alice", allow("cloudhsm:DeleteHapg", arn)).client("cloudhsm")
        assert refused(hsm.delete_hapg, HapgArn=arn) == ""
        assert "cloudhsm:DeleteHapg" in refused(hsm.delete_hapg, HapgArn=other)
        assert "iamsim does not know which IAM action" in refused(hsm.describe_hapg, HapgArn=arn)
