"""Recorded policies as their readers see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from iamsim.errors import UsageError
from iamsim.policy import PolicyType
from iamsim.policy.document import Policy
from iamsim.reference.actions import expand
from iamsim.tools.least_privilege.files import summary, write_policies
from iamsim.tools.least_privilege.fit import LIMIT, size_of
from iamsim.tools.least_privilege.need import Need

A, B = "123456789012", "222222222222"
APP = f"arn:aws:iam::{A}:role/app"
ROLE = f"arn:aws:iam::{A}:role/worker"
KEY = f"arn:aws:kms:eu-west-1:{A}:key/0f8fad5b-d9cb-469f-a165-70867728950e"
GRANT_FOR_AWS = {"kms:GrantIsForAWSResource": "true"}
NEEDS = {
    Need.of("s3:getobject", "arn:aws:s3:::orders/2026/1.json", {}),
    Need.of("s3:PutObject", "arn:aws:s3:::orders/2026/2.json", {}),
    Need.of("s3:ListBucket", "arn:aws:s3:::orders", {"s3:prefix": "2026/"}),
    Need.of("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{A}:shipping", {}),
    Need.of("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{A}:billing", {}),
    Need.of("iam:PassRole", ROLE, {"iam:passedtoservice": "ec2.amazonaws.com"}),
    Need.of("iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
    Need.of("ec2:DescribeInstances", "*", {}),
    Need.of("ec2:DescribeVpcs", "*", {}),
    Need.of("kms:Decrypt", KEY, {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}),
    Need.of("kms:CreateGrant", KEY, {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"} | GRANT_FOR_AWS),
}  # fmt: skip

WRITTEN = """\
Version: "2012-10-17"
Statement:
- Sid: Ec2Everything
  Effect: Allow
  Action:
  - ec2:DescribeInstances
  - ec2:DescribeVpcs
  Resource:
  - '*'
- Sid: IamPassRoleWorker
  Effect: Allow
  Action:
  - iam:PassRole
  Resource:
  - arn:aws:iam::*:role/worker
  Condition:
    StringEquals:
      iam:PassedToService:
      - ec2.amazonaws.com
      - lambda.amazonaws.com
- Sid: KmsCreateGrantKey
  Effect: Allow
  Action:
  - kms:CreateGrant
  Resource:
  - arn:aws:kms:*:*:key/*
  Condition:
    Bool:
      kms:GrantIsForAWSResource:
      - 'true'
    StringLike:
      kms:ViaService:
      - ec2.*.amazonaws.com
- Sid: KmsDecryptKey
  Effect: Allow
  Action:
  - kms:Decrypt
  Resource:
  - arn:aws:kms:*:*:key/*
  Condition:
    StringLike:
      kms:ViaService:
      - s3.*.amazonaws.com
- Sid: S3Orders
  Effect: Allow
  Action:
  - s3:ListBucket
  Resource:
  - arn:aws:s3:::orders
- Sid: S3Orders2026Objects
  Effect: Allow
  Action:
  - s3:GetObject
  - s3:PutObject
  Resource:
  - arn:aws:s3:::orders/2026/*
- Sid: SqsQueues
  Effect: Allow
  Action:
  - sqs:SendMessage
  Resource:
  - arn:aws:sqs:*:*:billing
  - arn:aws:sqs:*:*:shipping
"""
EXACT = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "S3Objects",
      "Effect": "Allow",
      "Action": [
        "s3:GetObject"
      ],
      "Resource": [
        "arn:aws:s3:::orders/2026/1.json",
        "arn:aws:s3:::orders/2026/2.json"
      ]
    },
    {
      "Sid": "SqsJobs",
      "Effect": "Allow",
      "Action": [
        "sqs:SendMessage"
      ],
      "Resource": [
        "arn:aws:sqs:eu-west-1:123456789012:jobs"
      ]
    }
  ]
}
"""


def test_generalised_as_yaml(tmp_path: Path) -> None:
    (written,) = write_policies(tmp_path, {APP: NEEDS}, form="yaml")
    text = written.files[0].read_text()
    assert text == WRITTEN
    assert yaml.safe_load(text) == written.documents[0]
    assert summary([written]) == [
        f"{APP} -> role-app.yaml: 9 actions in 7 statements ({size_of(written.documents[0]):,} of 6,144 characters)"
    ]


def test_exact_as_json(tmp_path: Path) -> None:
    needs = [
        Need.of("s3:GetObject", "arn:aws:s3:::orders/2026/2.json", {}),
        Need.of("s3:GetObject", "arn:aws:s3:::orders/2026/1.json", {}),
        Need.of("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{A}:jobs", {}),
    ]
    write_policies(tmp_path, {APP: needs}, is_exact=True)
    assert (tmp_path / "role-app.json").read_text() == EXACT


def test_what_matters_without_a_condition_wins(tmp_path: Path) -> None:
    needs = [
        Need.of("iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
        Need.of("iam:PassRole", ROLE, {}),
    ]
    (written,) = write_policies(tmp_path, {APP: needs})
    (statement,) = written.documents[0]["Statement"]
    assert "Condition" not in statement


def test_a_file_for_each_principal(tmp_path: Path) -> None:
    need = [Need.of("sqs:ListQueues", "*", {})]
    principals = (APP, f"arn:aws:iam::{B}:role/app", f"arn:aws:iam::{A}:user/app", f"arn:aws:iam::{A}:root")
    written = write_policies(tmp_path, dict.fromkeys(principals, need), root="program")
    assert [each.files[0].name for each in written] == [
        "program.json",
        f"role-app-{A}.json",
        f"role-app-{B}.json",
        "user-app.json",
    ]


def many(count: int) -> list[Need]:
    return [
        Need.of(f"sqs:{action}", f"arn:aws:sqs:eu-west-1:{A}:queue-number-{number}-{name}", {})
        for number in range(count)
        for action, name in (("SendMessage", "letters"), ("ReceiveMessage", "parcels"))
    ]


def test_split_where_one_policy_cannot_hold_it(tmp_path: Path) -> None:
    (tmp_path / "role-app.json").write_text("of an earlier run")
    (tmp_path / "role-app~7.json").write_text("of an earlier run")
    (tmp_path / "role-app-2.json").write_text("another role's")
    (written,) = write_policies(tmp_path, {APP: many(80)})
    assert [file.name for file in written.files] == ["role-app~1.json", "role-app~2.json"]
    assert all(size_of(document) <= LIMIT for document in written.documents)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["role-app-2.json", "role-app~1.json", "role-app~2.json"]
    again = write_policies(tmp_path / "again", {APP: reversed(many(80))})
    assert [file.read_bytes() for file in again[0].files] == [file.read_bytes() for file in written.files]


def test_shortened_before_it_is_split(tmp_path: Path) -> None:
    needs = [Need.of(str(action), "*", {}) for action in expand("ec2:Describe*")]
    (written,) = write_policies(tmp_path, {APP: needs})
    assert [each["Action"] for each in written.documents[0]["Statement"]] == [["ec2:Describe*"]]
    (written,) = write_policies(tmp_path, {APP: needs[:20]})
    assert len(written.documents[0]["Statement"][0]["Action"]) == 20


def test_aws_would_take_them(tmp_path: Path) -> None:
    (written,) = write_policies(tmp_path, {APP: [*NEEDS, *many(80)]})
    for document in written.documents:
        findings = Policy.parse(json.dumps(document)).validate(PolicyType.IDENTITY)
        assert [each for each in findings if each.level == "error"] == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot write policies to `.*file`: file exists"):
        write_policies(tmp_path / "file", {APP: NEEDS})


def test_nothing_was_needed(tmp_path: Path) -> None:
    assert write_policies(tmp_path / "made", {}) == []
