"""`pytest --iamsim-policy-coverage` and `--iamsim-mutate`: what is counted, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iamsim.policy import Policy
from iamsim.testing.reported_policy import ReportedPolicy, Written
from tests.testing.runs import Runs

pytest_plugins = ["pytester"]

CODE = """
import boto3, json, pytest
from botocore.exceptions import ClientError
from iamsim.testing import as_role, as_user, assert_allowed, assert_denied, deny, expect_denied, role, user

POLICY = {"Version": "2012-10-17", "Statement": [
    {"Sid": "Reads", "Effect": "Allow", "Action": ["s3:Get*", "s3:ListBucket"], "Resource": "*"},
    {"Sid": "Sends", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Condition": {
        "Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:PrincipalTag/team": "red"}}},
    {"Sid": "NoPaste", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"},
    {"Sid": "Idle", "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}]}
BOUNDARY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"}]}
BUCKET = {"Version": "2012-10-17", "Statement": [{"Sid": "Bob", "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:user/bob"}, "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::orders/*"}]}
TRUST = {"Version": "2012-10-17", "Statement": [{"Sid": "Bob", "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:user/bob"}, "Action": "sts:AssumeRole"}]}

@pytest.fixture
def world(iamsim_session):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="orders")
    s3.put_object(Bucket="orders", Key="1", Body=b"")
    boto3.client("sqs").create_queue(QueueName="jobs")
    user("bob")
    s3.put_bucket_policy(Bucket="orders", Policy=json.dumps(BUCKET))
    role("app", {"never": {"Sid": "Never", "Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}, trusts=TRUST)
    user("admin", "arn:aws:iam::aws:policy/AdministratorAccess")
    return user("alice", {"work": POLICY}, boundary=BOUNDARY, tags={"team": "red"})

def test_reads(world):
    with world:
        boto3.client("s3").get_object(Bucket="orders", Key="1")
        with deny("s3:GetObject", times=1), pytest.raises(ClientError):
            boto3.client("s3").get_object(Bucket="orders", Key="1")

def test_sends(world):
    url = boto3.client("sqs").get_queue_url(QueueName="jobs")["QueueUrl"]
    with world:
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    assert_denied("alice", "sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:jobs",
        context={"aws:SecureTransport": "false"})

def test_no_paste(world):
    with world, expect_denied("s3:PutObject", statement="NoPaste"):
        boto3.client("s3").put_object(Bucket="orders", Key="1", Body=b"")

def test_bob(world):
    with as_user("bob"):
        boto3.client("s3").get_object(Bucket="orders", Key="1")
        boto3.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/app", RoleSessionName="test")

def test_admin(world):
    with as_user("admin"):
        boto3.client("s3").list_buckets()
"""

TABLE = """\
policy                                           type      statements  actions  conditions
arn:aws:iam::123456789012:policy/alice-boundary  boundary  1/1         2/2      0/0
    statement 1: s3:* was s3:GetObject
    statement 1: sqs:* was sqs:SendMessage
policy of arn:aws:iam::123456789012:role/app     trust     1/1         1/1      0/0
policy of arn:aws:s3:::orders                    resource  1/1         1/1      0/0
role app: never                                  identity  0/1         0/1      0/0
    Never: not needed
user alice: work                                 identity  3/4         3/5      1/2
    Reads: not needed: s3:ListBucket
    Sends: condition never false: StringEquals aws:PrincipalTag/team "red"
    Idle: not needed
    Reads: s3:Get* was s3:GetObject"""

MUTANTS = """\
arn:aws:iam::123456789012:policy/alice-boundary, boundary, without
    statement 1                                                fails test_it.py::test_reads and 1 more
    statement 1: action s3:*                                   fails test_it.py::test_reads
    statement 1: action sqs:*                                  fails test_it.py::test_sends
policy of arn:aws:iam::123456789012:role/app, trust, without
    Bob (line 1)                                               fails test_it.py::test_bob
policy of arn:aws:s3:::orders, resource, without
    Bob (line 1)                                               fails test_it.py::test_bob
role app: never, identity, without
    Never                                                      SURVIVED
user alice: work, identity, without
    Reads: action s3:ListBucket                                SURVIVED
    Sends: condition StringEquals aws:PrincipalTag/team "red"  SURVIVED
    Idle                                                       SURVIVED
    NoPaste                                                    denied implicitly in test_it.py::test_no_paste
    Reads                                                      fails test_it.py::test_reads
    Reads: action s3:Get*                                      fails test_it.py::test_reads
    Sends                                                      fails test_it.py::test_sends
    Sends: condition Bool aws:SecureTransport "true"           fails test_it.py::test_sends"""


@pytest.fixture
def run(loaded: None, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Runs:
    monkeypatch.delenv("INITIAL_NO_AUTH_ACTION_COUNT", raising=False)
    return Runs(pytester)


def read(file: Path) -> Any:
    return json.loads(file.read_text())


def test_tables(run: Runs) -> None:
    result = run("--iamsim-policy-coverage", "--iamsim-mutate", test_it=CODE)
    result.assert_outcomes(passed=5)
    assert "\n".join(run.section(result, "iamsim: policy coverage")) == TABLE
    assert "\n".join(run.section(result, "iamsim: policy mutants, 9 of 14 killed")) == MUTANTS


def test_json_alone_and_by_several_workers(run: Runs) -> None:
    one = ("--iamsim-policy-coverage-json=coverage1", "--iamsim-mutate-json=mutants1")
    run(*one, test_it=CODE).assert_outcomes(passed=5)
    run(*(each.replace("1", "2") for each in one), "-n", "2").assert_outcomes(passed=5)
    coverage, mutants = read(run.path / "coverage1"), read(run.path / "mutants1")
    assert (coverage, mutants) == (read(run.path / "coverage2"), read(run.path / "mutants2"))

    (work,) = [each for each in coverage if each["policy"] == "user alice: work"]
    assert work["statements"][1] == {
        "sid": "Sends",
        "effect": "Allow",
        "line": None,
        "needed": 1,
        "tests": ["test_it.py::test_sends"],
        "actions": {"sqs:SendMessage": ["sqs:SendMessage"]},
        "conditions": [
            {"condition": 'Bool aws:SecureTransport "true"', "was_true": True, "was_false": True},
            {"condition": 'StringEquals aws:PrincipalTag/team "red"', "was_true": True, "was_false": False},
        ],
    }
    assert mutants[0] == {
        "policy": "arn:aws:iam::123456789012:policy/alice-boundary",
        "type": "boundary",
        "file": None,
        "sid": "statement 1",
        "line": None,
        "without": "statement",
        "outcome": "killed",
        "tests": ["test_it.py::test_reads", "test_it.py::test_sends"],
    }


def test_what_a_mutant_kills_really_fails(run: Runs) -> None:
    """The law behind the report: with the mutant in place the tests that it names fail, and no others do."""
    run("--iamsim-mutate-json=mutants", test_it=CODE)
    reads = '"Action": ["s3:Get*", "s3:ListBucket"]'
    assert reads in CODE
    for without, left in (("s3:Get*", '"Action": ["s3:ListBucket"]'), ("s3:ListBucket", '"Action": ["s3:Get*"]')):
        (mutant,) = [each for each in read(run.path / "mutants") if each.get("what") == without]
        result = run("-rf", test_it=CODE.replace(reads, left))
        failed = [line.split()[1] for line in result.stdout.lines if line.startswith("FAILED")]
        assert failed == mutant["tests"]


def test_what_a_worker_sends_is_shown_as_it_was_written() -> None:
    text = '{"Statement": {"Effect": "Deny", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:in-a-worker"}}'
    reported = ReportedPolicy(Policy.parse(text))
    reported.named("user alice: work", Written(2, "test_it.py:3", text))
    assert reported.written.place_of(reported.policy.statements[0]) == "statement 1"  # no line: it is code
    reported.named("user bob: work", Written(0, "work.json", text))
    assert reported.title == "user alice: work (and 1 more) (work.json)"


def test_policy_test_files_count(run: Runs) -> None:
    (run.path / "orders.iamtest.yaml").write_text("""
policies:
  reads: {Sid: Reads, Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: '*'}
principals:
  alice: [reads, 'arn:aws:iam::aws:policy/AWSDenyAll']
  bob: [reads]
tests:
  - allow: bob s3:GetObject arn:aws:s3:::orders/1
  - deny: alice s3:GetObject arn:aws:s3:::orders/1
""")
    result = run("--iamsim-policy-coverage")
    assert run.section(result, "iamsim: policy coverage") == [
        "policy                       type      statements  actions  conditions",
        "reads (orders.iamtest.yaml)  identity  1/1         1/2      0/0",
        "    Reads (line 3): not needed: s3:PutObject",
    ]


def test_service_control_policies_count(run: Runs) -> None:
    code = """
import boto3
from iamsim.testing import expect_denied, organization, user

def test_it(iamsim):
    no_sqs = {"Sid": "NoSqs", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
    no_ec2 = {"Sid": "NoEc2", "Effect": "Deny", "Action": "ec2:*", "Resource": "*"}
    full = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    organization({"123456789012": "Prod"}, scps={"Prod": [no_sqs, no_ec2]})
    with user("alice", full), expect_denied("sqs:ListQueues", by="scp"):
        boto3.client("sqs").list_queues()
"""
    result = run("--iamsim-mutate", test_it=code)
    result.assert_outcomes(passed=1)
    lines = [line.strip() for line in run.section(result, "iamsim: policy mutants") if line.startswith("  ")]
    assert sorted(line.replace("  ", "") for line in lines) == [
        "NoEc2SURVIVED",
        "NoSqsfails test_it.py::test_it",
        "statement 1SURVIVED",
    ]


def test_no_policies(run: Runs) -> None:
    result = run("--iamsim-policy-coverage", "--iamsim-mutate", test_it="def test_it(iamsim): ...")
    assert run.section(result, "iamsim: policy coverage") == ["no policy of your own was attached"]
    assert run.section(result, "iamsim: policy mutants, 0 of 0 killed") == ["no policy of your own was attached"]


def test_a_file_that_cannot_be_written(run: Runs) -> None:
    result = run("--iamsim-mutate-json=none/file", test_it="def test_it(): ...")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["cannot write `none/file`: no such file or directory"])
