"""Policies written in YAML: the JSON text says the same, on the same lines."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from iamsim import Policy, UsageError
from iamsim.tools.scenario_files import policy_in_file
from iamsim.tools.yaml_policy import json_text

BLOCK = """\
# who may do what
Version: 2012-10-17

Statement:
  - Sid: Reads   # by day
    Effect: Allow
    Action:
      - s3:GetObject
      - "s3:ListBucket"
    Resource: "*"
    Condition:
      Bool: {aws:SecureTransport: true}
  - {Sid: Writes, Effect: Allow,
     Action: [s3:PutObject], Resource: 'arn:aws:s3:::"b"/*'}
"""


def lines(policy: Policy) -> list[tuple[str, int]]:
    return [(statement.label, statement.line) for statement in policy.statements]


def test_the_same_document_on_the_same_lines() -> None:
    text = json_text(yaml.compose(BLOCK, Loader=yaml.BaseLoader))
    policy = Policy.parse(text)
    assert lines(policy) == [("Reads", 5), ("Writes", 13)]
    assert policy.statements[0].place("Condition", "Bool")[0] == 12
    assert policy.statements[1].place("Action")[0] == 14
    assert policy.statements[0].column == 5
    assert policy.statements[0].conditions[0].values == ("true",)
    assert policy.statements[1].source["Resource"] == 'arn:aws:s3:::"b"/*'
    assert policy.document.version == "2012-10-17"


def test_aliases_and_scalars_of_many_lines() -> None:
    text = """\
Statement:
  - &one
    Sid: One
    Effect: Allow
    Action: "*"
    Resource: >-
      arn:aws:s3:::
      a
  - *one
  - {Sid: Two, Effect: Deny, Action: "*", Resource: "*"}
"""
    assert lines(Policy.parse(json_text(yaml.compose(text, Loader=yaml.BaseLoader)))) == [
        ("One", 2),
        ("One", 6),  # an alias stands on no line of its own
        ("Two", 10),
    ]


def test_explanations_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reads.yaml").write_text(BLOCK)
    monkeypatch.chdir(tmp_path)
    for path in (Path("reads.yaml"), tmp_path / "reads.yaml"):
        origin = Policy.parse(policy_in_file(path)).document.origin
        assert origin is not None
        assert origin.place == "reads.yaml"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p.yaml: the file is empty: expected a policy document"),
        ("Statement: [", "p.yaml, line 1, column 13: not YAML: "),
        ("? [a]\n: b", "p.yaml, line 1: a member's name must be text"),
    ],
)
def test_a_bad_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(UsageError) as raised:
        policy_in_file(tmp_path / "p.yaml")
    assert str(raised.value).startswith(f"{tmp_path}/{message}")
