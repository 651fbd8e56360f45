"""`iamsim record -- COMMAND`: programs of their own, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

RECORD = [sys.executable, "-c", "from iamsim.cli.record import record; record()"]
CLIENT = """
import json, os, sys
import boto3

def client(service, keys=None):
    keys = keys or {}
    return boto3.client(service, aws_access_key_id=keys.get("AccessKeyId"),
        aws_secret_access_key=keys.get("SecretAccessKey"), aws_session_token=keys.get("SessionToken"))
"""
PROGRAM = (
    CLIENT
    + """
client("s3").create_bucket(Bucket="photos")
client("s3").put_object(Bucket="photos", Key="2026/1.jpg", Body=b"x")
client("sqs").list_queues()
print("region", client("sqs").meta.region_name)
sys.exit(3)
"""
)
WITH_A_ROLE = (
    CLIENT
    + """
iam = client("iam")
me = client("sts").get_caller_identity()["Arn"]
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"},
    "Action": "sts:AssumeRole"}]}
role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
iam.put_role_policy(RoleName="worker", PolicyName="work", PolicyDocument=json.dumps(policy))
keys = client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
client("sqs", keys).create_queue(QueueName="jobs")
print(me)
"""
)


def run(tmp_path: Path, code: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "INITIAL_", "IAMSIM_"))}
    return subprocess.run(
        [*RECORD, *options, "--", sys.executable, "-c", code],
        cwd=tmp_path,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def actions(file: Path) -> dict[str, list[str]]:
    return {",".join(each["Resource"]): each["Action"] for each in json.loads(file.read_text())["Statement"]}


def test_what_the_program_needed_and_its_exit_code(tmp_path: Path) -> None:
    result = run(tmp_path, PROGRAM)
    assert (result.returncode, result.stdout) == (3, "region us-east-1\n")
    assert result.stderr == (
        "iamsim: policies in iamsim-policies\n"
        "  arn:aws:iam::123456789012:root -> program.json: 3 actions in 3 statements (339 of 6,144 characters)\n"
    )
    assert actions(tmp_path / "iamsim-policies" / "program.json") == {
        "arn:aws:s3:::photos": ["s3:CreateBucket"],
        "arn:aws:s3:::photos/2026/*": ["s3:PutObject"],
        "*": ["sqs:ListQueues"],
    }


def test_options_and_the_programs_own_environment(tmp_path: Path) -> None:
    own = {
        "AWS_ACCESS_KEY_ID": "AKIA0123456789ABCDEF",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_S3": "https://s3.example.com",
    }
    there = ', CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})'
    code = PROGRAM.replace('create_bucket(Bucket="photos")', f'create_bucket(Bucket="photos"{there}')
    result = run(tmp_path, code, "--output", "made", "--exact", "--format", "yaml", **own)
    assert (result.returncode, result.stdout) == (3, "region eu-west-1\n"), result.stderr
    assert "- arn:aws:s3:::photos/2026/1.jpg\n" in (tmp_path / "made" / "program.yaml").read_text()


def test_roles_have_policies_of_their_own(tmp_path: Path) -> None:
    result = run(tmp_path, WITH_A_ROLE)
    assert result.stdout == "arn:aws:iam::123456789012:root\n", result.stderr
    folder = tmp_path / "iamsim-policies"
    assert actions(folder / "role-worker.json") == {"arn:aws:sqs:*:*:jobs": ["sqs:CreateQueue"]}
    statements = json.loads((folder / "program.json").read_text())["Statement"]
    assert [(each["Action"], each["Resource"]) for each in statements] == [
        (["iam:CreateRole", "iam:PutRolePolicy"], ["arn:aws:iam::*:role/worker"]),
        (["sts:AssumeRole"], ["arn:aws:iam::*:role/worker"]),
    ]


def test_under_enforcement_the_program_is_an_administrator(tmp_path: Path) -> None:
    result = run(tmp_path, WITH_A_ROLE, "--enforce", "always")
    assert result.stdout == "arn:aws:iam::123456789012:user/program\n", result.stderr
    names = sorted(file.name for file in (tmp_path / "iamsim-policies").iterdir())
    assert names == ["role-worker.json", "user-program.json"]
    denied = run(tmp_path, WITH_A_ROLE.replace("sqs:*", "s3:*"), "--enforce", "always")
    assert denied.returncode == 1
    assert "is not authorized to perform: sqs:createqueue" in denied.stderr
    assert "  left out, denied: 1\n" in denied.stderr


def test_a_program_that_is_killed_leaves_what_it_needed(tmp_path: Path) -> None:
    code = PROGRAM.replace("sys.exit(3)", "os.kill(os.getpid(), 15)")
    assert run(tmp_path, code).returncode == 128 + signal.SIGTERM
    assert (tmp_path / "iamsim-policies" / "program.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--", "no-such-program"], 127, "iamsim record: `no-such-program`: command not found"),
        (["--", "."], 126, "iamsim record: `.`: permission denied"),
        (["--", "true"], 0, "  no call needed a permission: no policy was written"),
        ([], 2, "Error: Missing argument '-- COMMAND [ARGS]...'."),
        (
            ["--enforce", "often", "true"],
            2,
            "Error: `--enforce often`: give `always`, `never` or the number of calls that run unchecked",
        ),
    ],
)
def test_other_ends(tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    result = subprocess.run([*RECORD, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == code
    assert message in result.stderr.splitlines()
