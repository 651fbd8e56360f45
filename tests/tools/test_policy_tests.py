"""Policy test files: their short form, scenario files, and the command that runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from iamsim import UsageError
from iamsim.cli.test import test as command
from iamsim.tools.policy_tests import PolicyTest, read_policy_tests

FILE = """\
# who may do what with orders
policies:
  reads: {file: reads.json}
  no-deletes:
    Version: 2012-10-17
    Statement:
      - {Sid: NoDeletes, Effect: Deny, Action: "s3:Delete*", Resource: "*"}
      - {Sid: Rest, Effect: Allow, Action: "*", Resource: "*"}
  open:
    Statement: {Sid: Open, Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::public/*"}
principals:
  alice: [reads]
  app:
    arn: arn:aws:iam::123456789012:role/app
    policies: [{Effect: Allow, Action: "*", Resource: "*"}, arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
    boundary: no-deletes
    scps: [{Effect: Allow, Action: "s3:*", Resource: "*"}]
    context: {"aws:PrincipalTag/team": red}
resources:
  orders: arn:aws:s3:::orders
  public: {arn: "arn:aws:s3:::public", policy: open, account: "222222222222"}
tests:
  - allow: alice s3:GetObject orders/1
  - deny: alice s3:DeleteObject orders/1
    by: identity
    explicit: false
  - deny: app s3:DeleteObject arn:aws:s3:::orders/1
    by: boundary
    statement: NoDeletes
  - deny: app sqs:ListQueues
    by: scp
  - allow: {principal: app, action: [s3:GetObject, s3:PutObject], resource: [orders/1, orders/2]}
  - allow: anonymous s3:GetObject public/x
  - deny: anonymous s3:PutObject public/x
    name: nobody writes
"""
READS = {"Version": "2012-10-17", "Statement": [{"Sid": "R", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}


def read(tmp_path: Path, text: str = FILE, name: str = "orders.iamtest.yaml") -> list[PolicyTest]:
    (tmp_path / "reads.json").write_text(json.dumps(READS))
    (tmp_path / name).write_text(text)
    return list(read_policy_tests(tmp_path / name))


class TestShortForm:
    def test_all_as_expected(self, tmp_path: Path) -> None:
        tests = read(tmp_path)
        assert [test.failure() for test in tests] == [None] * 10
        assert [(test.line, test.name) for test in tests][:2] == [
            (23, "allow alice s3:GetObject orders/1"),
            (24, "deny alice s3:DeleteObject orders/1"),
        ]
        assert tests[-1].name == "nobody writes"

    def test_lists_of_allow_and_deny(self, tmp_path: Path) -> None:
        text = """
principals: {ann: reads.json}
deny:
  - ann s3:PutObject arn:aws:s3:::orders/1
  - {principal: ann, action: [s3:PutObject], resource: "*", by: identity, explicit: false}
  - {allow: ann s3:GetObject}
"""
        with pytest.raises(UsageError, match="line 6: a line has either `allow:` or `deny:`"):
            read(tmp_path, text)
        tests = read(tmp_path, text.rpartition("  - ")[0] + "allow: [ann s3:PutObject arn:aws:s3:::orders/1]")
        assert [(test.line, test.name) for test in tests] == [
            (4, "deny ann s3:PutObject arn:aws:s3:::orders/1"),
            (5, "deny ann s3:PutObject *"),
            (6, "allow ann s3:PutObject arn:aws:s3:::orders/1"),
        ]
        assert [test.failure() is None for test in tests] == [True, True, False]

    def test_a_failure_is_explained(self, tmp_path: Path) -> None:
        [test] = read(tmp_path, FILE.split("tests:")[0] + "tests: [{deny: alice s3:GetObject orders/1}]")
        assert str(test.failure()).startswith(
            "expected to be denied, is allowed: arn:aws:iam::123456789012:user/alice s3:GetObject on "
            "arn:aws:s3:::orders/1\nchecks: principal's account: allows (decides)\nallowed by\n  reads, R "
            f"({tmp_path}/reads.json, line 1):\n"
        )

    def test_policies_in_the_file_itself_are_found_there(self, tmp_path: Path) -> None:
        [test] = read(tmp_path, FILE.split("tests:")[0] + "tests: [{allow: app s3:DeleteObject orders/1}]")
        text = str(test.failure())
        assert f"  no-deletes, NoDeletes ({tmp_path}/orders.iamtest.yaml, line 7):\n" in text
        assert f"Allow by scps[0][0], statement 1 ({tmp_path}/orders.iamtest.yaml, line 17)\n" in text

    def test_patterns_and_lists(self, tmp_path: Path) -> None:
        lines = """tests:
  - allow: alice s3:GetObject* orders/1
  - deny: {principal: [alice, anonymous], action: ["s3:Put*", sqs:SendMessage], resource: "*"}
  - allow: alice s3:*Object orders/1
  - deny: alice sqs:* orders/1
"""
        with pytest.raises(
            UsageError, match=r"line 26: `sqs:\*` matches 20 actions, none of which is about `arn:aws:s"
        ):
            read(tmp_path, FILE.split("tests:")[0] + lines)
        tests = read(tmp_path, FILE.split("tests:")[0] + lines.rsplit("  -", 1)[0])
        assert [test.name for test in tests] == [
            "allow alice s3:GetObject* orders/1",
            "deny alice s3:Put* *",
            "deny alice sqs:SendMessage *",
            "deny anonymous s3:Put* *",
            "deny anonymous sqs:SendMessage *",
            "allow alice s3:*Object orders/1",
        ]
        assert [test.failure() for test in tests[:-1]] == [None] * 5
        assert str(tests[-1].failure()).startswith(
            "4 of 5 actions, the first:\nexpected to be allowed, is denied: arn:"
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("tests: 1", "`tests` must be a list of lines that begin with `allow:` or `deny:`"),
            ("deny: 1", "`deny` must be a list of lines"),
            ("policies: {}", "`tests` is missing: a list of lines that begin with `allow:` or `deny:`"),
            ("polices: {}\ntests: []", "unknown field `polices`: did you mean `policies`?"),
            ("tests: [", "line 1, column 9: not YAML: "),
            ("tests:\n- allow: a\n", "line 2: `a` has 1 word: write `allow: WHO ACTION RESOURCE`"),
            ("tests:\n- by: scp\n", "line 2: a line has either `allow:` or `deny:`"),
            ("tests:\n- allow: bob s3:GetObject\n", "line 2: `principals` has no `bob`: known are none"),
            (
                "tests:\n- deny: anonymous s3:GetObjct\n",
                "line 2: AWS has no action `s3:GetObjct`: did you mean `s3:GetO",
            ),
            ("tests:\n- deny: anonymous s3:GetObject orders\n", "line 2: `resources` has no `orders`: known are none"),
            ("tests:\n- allow: anonymous s3:GetObject\n  by: scp", "line 2: `by` and `explicit` say why something is"),
            ("tests:\n- deny: anonymous s3:GetObject\n  by: spc", "line 2: nothing is denied by `spc`: did you mean"),
            ("tests:\n- deny: anonymous s3:GetObject\n  explicit: 1", "line 2: `explicit` is `1`: it must be true or"),
            ("principals: {a: [b]}\ntests:\n- deny: a s3:GetObject\n", "line 3: `policies` has no `b`: known are none"),
            ("resources: {a: {policy: b}}\ntests: []", "`resources.a` has no `arn`"),
            ("policies: {b: {file: none}}\nprincipals: {a: [b]}\ntests:\n- deny: a s3:GetObject\n", "line 4: "),
        ],
    )
    def test_a_bad_file(self, tmp_path: Path, text: str, message: str) -> None:
        with pytest.raises(UsageError) as raised:
            read(tmp_path, text)
        assert str(raised.value).startswith(f"{tmp_path}/orders.iamtest.yaml")
        assert message in str(raised.value)


def scenario(**fields: Any) -> dict[str, Any]:
    asked = {"principal": "anonymous", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}
    return asked | fields


class TestScenarioFiles:
    def test_are_tests_too(self, tmp_path: Path) -> None:
        text = json.dumps([scenario(id="x", expect="implicitDeny"), scenario(expect="allowed"), scenario()])
        tests = read(tmp_path, text, "s.iamtest.json")
        assert [test.name for test in tests] == ["x", "scenario 2", "scenario 3"]
        assert tests[0].failure() is None
        assert str(tests[1].failure()).startswith("expected allowed, got implicitDeny: anonymous s3:GetObject on ")
        with pytest.raises(UsageError, match="the scenario has no `expect`"):
            tests[2].failure()

    def test_in_yaml(self, tmp_path: Path) -> None:
        text = "- principal: anonymous\n  action: s3:GetObject\n  resource: '*'\n  expect: implicitDeny\n"
        assert [test.failure() for test in read(tmp_path, text)] == [None]


class TestCommand:
    def test_passes(self, tmp_path: Path) -> None:
        read(tmp_path)
        result = CliRunner().invoke(command, [str(tmp_path)])
        assert (result.exit_code, result.output) == (0, "10 tests in 1 file, 0 failed\n")
        result = CliRunner().invoke(command, ["-v", str(tmp_path / "orders.iamtest.yaml")])
        assert "orders.iamtest.yaml, line 23: allow alice s3:GetObject orders/1\n" in result.output

    def test_fails(self, tmp_path: Path) -> None:
        read(tmp_path, FILE + "  - allow: alice s3:DeleteObject orders/1\n")
        junit = tmp_path / "junit.xml"
        result = CliRunner().invoke(command, [str(tmp_path), "--junit", str(junit)])
        assert result.exit_code == 1
        assert result.output.startswith(f"FAILED {tmp_path}/orders.iamtest.yaml, line 36: allow alice s3:DeleteObject")
        assert "  expected to be allowed, is denied: " in result.output
        assert result.output.endswith("\n11 tests in 1 file, 1 failed\n")
        suite = ElementTree.parse(junit).getroot()
        assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("11", "1", "0")
        [failure] = suite.iter("failure")
        assert failure.text is not None
        assert "DENIED: arn:aws:iam::123456789012:user/alice s3:DeleteObject" in failure.text

    def test_junit_is_xml_whatever_the_names(self, tmp_path: Path) -> None:
        line = '  - deny: alice s3:GetObject orders/1\n    name: "<a> & \\"b\\" \\x01"\n'
        read(tmp_path, FILE + line)
        junit = tmp_path / "junit.xml"
        assert CliRunner().invoke(command, [str(tmp_path), "--junit", str(junit)]).exit_code == 1
        [suite] = ElementTree.parse(junit).getroot()
        case = suite[-1]
        assert case.get("name") == '<a> & "b" ?'
        assert case.get("classname") == case.get("file") == f"{tmp_path}/orders.iamtest.yaml"
        result = CliRunner().invoke(command, [str(tmp_path), "--junit", str(tmp_path / "none" / "junit.xml")])
        assert result.exit_code == 2
        assert "none/junit.xml: No such file or directory" in result.output

    def test_a_file_that_cannot_be_used_does_not_hide_the_others(self, tmp_path: Path) -> None:
        read(tmp_path)
        (tmp_path / "bad.iamtest.yaml").write_text("tests: [{alow: x}]")
        result = CliRunner().invoke(command, [str(tmp_path), "--junit", str(tmp_path / "junit.xml")])
        assert result.exit_code == 2
        assert result.output == (
            f"iamsim test: {tmp_path}/bad.iamtest.yaml, line 1: unknown field `alow` in the line: did you mean `allow`?"
            "\n"
            "10 tests in 2 files, 0 failed, 1 file cannot be used\n"
        )
        suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
        assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("11", "0", "1")

    def test_a_scenario_that_cannot_be_asked(self, tmp_path: Path) -> None:
        read(tmp_path, json.dumps([scenario()]), "s.iamtest.json")
        result = CliRunner().invoke(command, [str(tmp_path)])
        assert result.exit_code == 1
        assert "the scenario has no `expect`" in result.output

    def test_what_cannot_be_used(self, tmp_path: Path) -> None:
        for path, message in ((tmp_path / "none", "there is no such file or folder"), (tmp_path, "no policy tests")):
            result = CliRunner().invoke(command, [str(path)])
            assert result.exit_code == 2
            assert message in result.output
