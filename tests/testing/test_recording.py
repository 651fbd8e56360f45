"""`pytest --iamsim-record`: whose calls count, what they needed, and the laws of what is written."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from iamsim import disable_iam_authentication, mock_aws
from iamsim.errors import ApiError
from iamsim.request import Call, Required
from iamsim.testing import user
from iamsim.testing.active import ACTIVE
from iamsim.testing.recording import Recording
from tests.testing.runs import Runs

pytest_plugins = ["pytester"]

HEAD = """
import json
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from iamsim import disable_iam_authentication, mock_aws
from iamsim.testing import anonymous, as_role, as_root, as_service, as_user, deny, expect_denied, role, user

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
"""
APP = (
    HEAD
    + """
TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}

def recorded(name):
    file = Path("recorded") / f"{name}.json"
    return file if file.exists() else EVERYTHING

@pytest.fixture
def app(iamsim):
    boto3.client("s3").create_bucket(Bucket="orders")
    boto3.client("sqs").create_queue(QueueName="shipping")
    boto3.client("dynamodb").create_table(
        TableName="stock", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    iam = boto3.client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_instance_profile(InstanceProfileName="worker")
    iam.add_role_to_instance_profile(InstanceProfileName="worker", RoleName="worker")
    return role("app", recorded("role-app"))

def test_orders(app):
    s3 = boto3.client("s3")
    with app:
        for number in range(3):
            s3.put_object(Bucket="orders", Key=f"2026/{number}", Body=b"")
        s3.copy_object(Bucket="orders", Key="old/0", CopySource="orders/2026/0")
        with pytest.raises(ClientError, match="NoSuchKey"):
            s3.get_object(Bucket="orders", Key="2026/none")
        gone = s3.delete_objects(Bucket="orders", Delete={"Objects": [{"Key": "2026/1"}, {"Key": "2026/2"}]})
        assert "Errors" not in gone

def test_queue_and_table(app):
    with app:
        url = boto3.client("sqs").get_queue_url(QueueName="shipping")["QueueUrl"]
        boto3.client("sqs").send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}])
        table = boto3.resource("dynamodb").Table("stock")
        table.put_item(Item={"id": "1"})
        assert table.query(KeyConditionExpression="id = :i", ExpressionAttributeValues={":i": "1"})["Count"] == 1

def test_worker(app):
    image = boto3.client("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    with app:
        made = boto3.client("ec2").run_instances(
            ImageId=image, MinCount=1, MaxCount=1, IamInstanceProfile={"Name": "worker"})
        boto3.client("ec2").terminate_instances(InstanceIds=[made["Instances"][0]["InstanceId"]])
        boto3.client("sts").get_caller_identity()

def test_reader(app):
    with user("reader", recorded("user-reader")):
        boto3.client("s3").list_objects_v2(Bucket="orders")
"""
)


@pytest.fixture
def run(loaded: None, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Runs:
    monkeypatch.delenv("INITIAL_NO_AUTH_ACTION_COUNT", raising=False)
    return Runs(pytester)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def with_one_action_less(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, statement in enumerate(document["Statement"]):
        for action in statement["Action"]:
            less = copy.deepcopy(document)
            less["Statement"][number]["Action"].remove(action)
            less["Statement"] = [each for each in less["Statement"] if each["Action"]]
            yield f"{statement['Sid']}: {action}", less


def test_what_was_recorded_lets_the_run_pass_again_and_nothing_of_it_can_go(run: Runs) -> None:
    run("--iamsim-record=recorded", test_app=APP).assert_outcomes(passed=4)
    recorded = run.path / "recorded"
    assert sorted(files(recorded)) == ["role-app.json", "user-reader.json"]

    first = files(recorded)
    run("--iamsim-record=again").assert_outcomes(passed=4)  # under enforcement of the recorded policies
    assert files(run.path / "again") == first

    for name, text in first.items():
        for without, less in with_one_action_less(json.loads(text)):
            (recorded / name).write_text(json.dumps(less if less["Statement"] else less | {"Statement": NOTHING}))
            assert run("-x").parseoutcomes().get("failed"), f"{name} without {without}: all tests pass"
        (recorded / name).write_bytes(text)


NOTHING = [{"Effect": "Deny", "Action": "*", "Resource": "*"}]


def test_exactly_and_by_several_workers(run: Runs) -> None:
    run("--iamsim-record=one", "--iamsim-record-exact", test_app=APP).assert_outcomes(passed=4)
    run("--iamsim-record=two", "--iamsim-record-exact", "-n", "2").assert_outcomes(passed=4)
    assert files(run.path / "one") == files(run.path / "two")
    statements = json.loads((run.path / "one" / "role-app.json").read_text())["Statement"]
    queues = [each for each in statements if "sqs:SendMessage" in each["Action"]]
    assert [each["Resource"] for each in queues] == [["arn:aws:sqs:us-east-1:123456789012:shipping"]]


def allowed(folder: Path) -> dict[str, list[str]]:
    """The grants of each policy in `folder`, one line each."""
    found = {}
    for file in sorted(folder.iterdir()):
        document = json.loads(file.read_text())
        found[file.stem] = [
            f"{action} {resource}" + (f" {json.dumps(each['Condition'])}" if "Condition" in each else "")
            for each in document["Statement"]
            for action in each["Action"]
            for resource in each["Resource"]
        ]
    return found


def test_who_counts_and_what_is_left_out(run: Runs) -> None:
    code = (
        HEAD
        + """
def test_it(iamsim):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="orders")
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/alice"},
         "Action": "s3:PutObject", "Resource": "arn:aws:s3:::orders/*"},
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
         "Action": "s3:PutObject", "Resource": "arn:aws:s3:::orders/*"}]}
    alice = user("alice", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    s3.put_bucket_policy(Bucket="orders", Policy=json.dumps(policy))
    with alice:
        s3.put_object(Bucket="orders", Key="a/1", Body=b"")  # by the bucket's policy
        boto3.client("sts").get_caller_identity()  # by nothing
        s3.get_object(Bucket="orders", Key="a/1")
        with deny("s3:GetObject", times=1), pytest.raises(ClientError):  # needed all the same
            s3.get_object(Bucket="orders", Key="b/1")
        with expect_denied("s3:DeleteObject"):
            s3.delete_object(Bucket="orders", Key="a/1")
    with as_service("sns.amazonaws.com"):
        s3.put_object(Bucket="orders", Key="a/2", Body=b"")
    with as_root():
        s3.delete_object(Bucket="orders", Key="a/2")
    with anonymous(), pytest.raises(ClientError):
        s3.get_object(Bucket="orders", Key="a/1")
"""
    )
    result = run("--iamsim-record=recorded", test_it=code)
    result.assert_outcomes(passed=1)
    assert allowed(run.path / "recorded") == {
        "user-alice": ["s3:GetObject arn:aws:s3:::orders/a/*", "s3:GetObject arn:aws:s3:::orders/b/*"]
    }
    assert run.section(result, "iamsim: policies in recorded") == [
        "arn:aws:iam::123456789012:user/alice -> user-alice.json: 1 action in 1 statement (166 of 6,144 characters)",
        "left out, of root users, who arrange (--iamsim-record-root takes them in): 6",
        "left out, denied: 3",
        "left out, allowed without an identity-based policy: by the resource's own policy, or to everybody: 1",
        "left out, of AWS services: 1",
    ]


def test_while_nothing_is_enforced(run: Runs) -> None:
    code = (
        HEAD
        + """
@mock_aws
def test_it():
    iam = boto3.client("iam")
    iam.create_user(UserName="alice")
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    s3 = boto3.client("s3", **keys)
    s3.create_bucket(Bucket="orders")
    s3.put_object(Bucket="orders", Key="a/1", Body=b"")
    with pytest.raises(ClientError, match="NoSuchKey"):  # and not AccessDenied, which takes ListBucket
        s3.get_object(Bucket="orders", Key="a/2")
    s3.delete_objects(Bucket="orders", Delete={"Objects": [{"Key": "a/1"}]})
    sts = boto3.client("sts", **keys)
    session = sts.assume_role(RoleArn="arn:aws:iam::222222222222:role/other", RoleSessionName="test")["Credentials"]
    boto3.client("sqs", "us-east-1", aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"], aws_session_token=session["SessionToken"]).list_queues()
"""
    )
    result = run("--iamsim-record=recorded", test_it=code)
    result.assert_outcomes(passed=1)
    assert allowed(run.path / "recorded") == {
        "role-other": ["sqs:ListQueues *"],
        "user-alice": [
            "s3:CreateBucket arn:aws:s3:::orders",
            "s3:ListBucket arn:aws:s3:::orders",
            "s3:DeleteObject arn:aws:s3:::orders/a/*",
            "s3:GetObject arn:aws:s3:::orders/a/*",
            "s3:PutObject arn:aws:s3:::orders/a/*",
            "sts:AssumeRole arn:aws:iam::222222222222:role/other",
        ],
    }
    lines = run.section(result, "iamsim: policies in recorded")
    assert lines[-1] == (
        "arn:aws:iam::123456789012:user/alice: sts:AssumeRole on arn:aws:iam::222222222222:role/other is not allowed "
        "by the trust policy, whatever the policy here says"
    )


def test_root_users_on_demand(run: Runs) -> None:
    code = (
        HEAD
        + """
@mock_aws
def test_it():
    boto3.client("s3").create_bucket(Bucket="orders")
    with as_root():
        boto3.client("s3").list_buckets()
    boto3.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/other", RoleSessionName="test")
"""
    )
    run("--iamsim-record=recorded", "--iamsim-record-root", test_it=code).assert_outcomes(passed=1)
    assert allowed(run.path / "recorded") == {
        "root": [
            "s3:ListAllMyBuckets *",
            "s3:CreateBucket arn:aws:s3:::orders",
            "sts:AssumeRole arn:aws:iam::*:role/other",
        ]
    }


def test_soft_mode_and_what_a_boundary_denies(run: Runs) -> None:
    code = (
        HEAD
        + """
BOUNDARY = {"Version": "2012-10-17", "Statement": [EVERYTHING, {
    "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}]}

@pytest.mark.iamsim(soft=True)
@pytest.mark.filterwarnings("ignore::iamsim.testing.WouldBeDenied")
def test_it():
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="orders")
    with user("alice", boundary=BOUNDARY):
        s3.put_object(Bucket="orders", Key="1", Body=b"")
        s3.delete_object(Bucket="orders", Key="1")
"""
    )
    result = run("--iamsim-record=recorded", test_it=code)
    result.assert_outcomes(passed=1)
    assert allowed(run.path / "recorded") == {
        "user-alice": ["s3:DeleteObject arn:aws:s3:::orders/*", "s3:PutObject arn:aws:s3:::orders/*"]
    }
    assert run.section(result, "iamsim: policies in recorded")[1:] == [
        "left out, of root users, who arrange (--iamsim-record-root takes them in): 4",
        "arn:aws:iam::123456789012:user/alice: s3:DeleteObject on arn:aws:s3:::orders/1 is not allowed by the "
        "permissions boundary, whatever the policy here says",
    ]


def test_nobody_acted(run: Runs) -> None:
    result = run("--iamsim-record=recorded", test_it="def test_it(iamsim): ...")
    assert run.section(result, "iamsim: policies in") == ["no user or role acted: no policy was written"]
    assert list((run.path / "recorded").iterdir()) == []


def test_a_folder_that_cannot_be_had(run: Runs) -> None:
    (run.path / "file").write_text("")
    result = run("--iamsim-record=file", test_it="def test_it(): ...")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --iamsim-record: `file`: file exists"])


def test_a_folder_elsewhere_after_a_blank(run: Runs, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")  # is there: pytest looks for its ini file from here
    run.pytester.makeini("[pytest]\niamsim_region = eu-west-1")
    code = "import boto3\ndef test_it(iamsim): assert boto3.client('sqs').meta.region_name == 'eu-west-1'"
    run("--iamsim-record", str(elsewhere), test_it=code).assert_outcomes(passed=1)
    run("--iamsim-mutate-json", str(elsewhere), "--iamsim-record", "here", "-n", "1").assert_outcomes(passed=1)


def test_exact_is_short_beside_the_folder(run: Runs) -> None:
    run("--iamsim-record", "one", "--iamsim-record-exact", test_app=APP).assert_outcomes(passed=4)
    run("--iamsim-record", "two", "--exact").assert_outcomes(passed=4)
    assert files(run.path / "one") == files(run.path / "two")
    run.pytester.makeconftest("def pytest_addoption(parser): parser.addoption('--exact', action='store_true')")
    run("--iamsim-record", "three", "--exact").assert_outcomes(passed=4)  # that of somebody else
    assert files(run.path / "one") != files(run.path / "three")


def test_what_no_policy_can_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(call: Call) -> list[Required]:
        raise ApiError("nobody knows which action allows it")

    recording = Recording()
    ACTIVE.watchers.add(recording)
    monkeypatch.setattr("iamsim.pipeline.required", unknown)
    try:
        with mock_aws():
            boto3.client("sqs", region_name="us-east-1").list_queues()
            alice = user("alice")
            with disable_iam_authentication():
                alice.client("sqs").list_queues()
    finally:
        ACTIVE.watchers.remove(recording)
    other = Recording()
    other.add(json.loads(json.dumps(recording.to_dict())))
    assert list(other.notes("--root"))[1:] == [
        "arn:aws:iam::123456789012:user/alice: sqs:ListQueues is in no policy: nobody knows which action allows it"
    ]
