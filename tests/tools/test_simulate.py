"""Scenarios: `iamsim.simulate`, `iamsim.prepare` and `iamsim simulate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from iamsim import UsageError, parse_policy, prepare, simulate
from iamsim.cli.main import main

ALICE = "arn:aws:iam::111111111111:user/alice"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str, resource: str = "*", **others: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **others}


def scenario(**fields: Any) -> dict[str, Any]:
    return {"id": "s", "principal": ALICE, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", **fields}


READ = [{"name": "read", "document": document(allow("s3:Get*"))}]


class TestSimulate:
    def test_allowed(self) -> None:
        answer = simulate(scenario(identity_policies=READ))
        assert (answer["id"], answer["decision"], answer["blocked_by"]) == ("s", "allowed", [])
        assert answer["checks"][0]["checkType"] == "PRINCIPAL"
        assert answer["explanation"].startswith("ALLOWED")

    def test_nothing_allows(self) -> None:
        answer = simulate(scenario())
        assert (answer["decision"], answer["blocked_by"]) == ("implicitDeny", ["identity_policies"])

    def test_what_blocks_is_named(self) -> None:
        boundary = {"name": "b", "document": document(allow("ec2:*"))}
        scps = [[{"name": "full", "document": document(allow("*"))}], []]
        answer = simulate(scenario(identity_policies=READ, permissions_boundary=boundary, scps=scps))
        assert answer["decision"] == "implicitDeny"
        assert answer["blocked_by"] == ["scps", "permissions_boundary"]

    def test_an_empty_list_of_levels_is_no_organization(self) -> None:
        assert simulate(scenario(identity_policies=READ, scps=[], rcps=[]))["decision"] == "allowed"

    def test_block_public_access(self) -> None:
        public = document(
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
        )
        fields = {"principal": "anonymous", "resource_account": "111111111111", "resource_policy": {"document": public}}
        assert simulate(scenario(**fields))["decision"] == "allowed"
        answer = simulate(scenario(**fields, settings={"s3_block_public_access": True}))
        assert (answer["decision"], answer["blocked_by"]) == ("explicitDeny", ["s3_block_public_access"])

    def test_a_key_without_a_policy_grants_nothing(self) -> None:
        key = {"action": "kms:Decrypt", "resource": "arn:aws:kms:eu-west-1:111111111111:key/k"}
        policies = [{"name": "all", "document": document(allow("kms:*"))}]
        answer = simulate(scenario(identity_policies=policies, **key))
        assert (answer["decision"], answer["blocked_by"]) == ("implicitDeny", ["resource_policy"])

    def test_a_role_is_some_session_of_it(self) -> None:
        role = "arn:aws:iam::111111111111:role/team/r"
        trusting = document({"Effect": "Allow", "Principal": {"AWS": role}, "Action": "s3:*", "Resource": "*"})
        answer = simulate(scenario(principal=role, resource_policy={"document": trusting}))
        assert answer["decision"] == "allowed"

    def test_a_federated_user_without_session_policies_has_no_permissions(self) -> None:
        bob = "arn:aws:sts::111111111111:federated-user/bob"
        assert simulate(scenario(principal=bob, identity_policies=READ))["decision"] == "implicitDeny"
        assert simulate(scenario(principal=bob, identity_policies=READ, session_policies=READ))["decision"] == "allowed"

    def test_identity_providers_and_services(self) -> None:
        trust = document(
            {
                "Effect": "Allow",
                "Principal": {"Federated": "accounts.google.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"accounts.google.com:aud": "app"}},
            }
        )
        role = {"action": "sts:AssumeRoleWithWebIdentity", "resource": "arn:aws:iam::111111111111:role/r"}
        context = {"accounts.google.com:aud": "app"}
        asked = scenario(principal="accounts.google.com", resource_policy={"document": trust}, **role)
        assert simulate({**asked, "context": context})["decision"] == "allowed"
        assert simulate(asked)["decision"] == "implicitDeny"

    def test_an_action_without_resource_types_needs_a_star(self) -> None:
        named = [{"name": "named", "document": document(allow("s3:*", "arn:aws:s3:::*"))}]
        every = [{"name": "every", "document": document(allow("s3:*"))}]
        asked = {"action": "s3:ListAllMyBuckets", "resource": "*"}
        assert simulate(scenario(identity_policies=named, **asked))["decision"] == "implicitDeny"
        assert simulate(scenario(identity_policies=every, **asked))["decision"] == "allowed"
        given = scenario(identity_policies=named, action="s3:ListAllMyBuckets", resource="arn:aws:s3:::b")
        assert simulate(given)["decision"] == "implicitDeny"
        assert simulate({**given, "wildcard_only_action": False})["decision"] == "allowed"

    def test_context_is_inferred_only_if_asked_for(self) -> None:
        mine = allow("s3:*", Condition={"StringEquals": {"aws:username": "alice", "aws:PrincipalType": "User"}})
        policies = [{"name": "mine", "document": document(mine)}]
        assert simulate(scenario(identity_policies=policies))["decision"] == "implicitDeny"
        assert simulate(scenario(identity_policies=policies, infer_context=True))["decision"] == "allowed"
        other = {"AWS:USERNAME": "bob"}
        asked = scenario(identity_policies=policies, infer_context=True, context=other)
        assert simulate(asked)["decision"] == "implicitDeny"

    def test_numbers_and_booleans_are_read_as_text(self) -> None:
        limited = allow(
            "s3:*", Condition={"NumericLessThan": {"s3:max-keys": "10"}, "Bool": {"aws:SecureTransport": True}}
        )
        policies = [{"name": "limited", "document": document(limited)}]
        asked = scenario(identity_policies=policies, context={"s3:max-keys": 9, "aws:SecureTransport": True})
        assert simulate(asked)["decision"] == "allowed"

    def test_a_policy_that_aws_would_refuse(self) -> None:
        bad = {"name": "bad", "document": '{"Version": "2012-10-17",\n "Statement": [{"Effect": "Allow"}]}'}
        error = simulate(scenario(identity_policies=[bad]))["error"]
        assert (error["policy"], error["line"]) == ("bad", 2)
        assert "Policy statement must contain actions." in error["message"]

    def test_an_older_version_still_counts(self) -> None:
        old = {"name": "old", "document": {"Version": "2008-10-17", "Statement": allow("s3:*")}}
        assert simulate(scenario(identity_policies=[old]))["decision"] == "allowed"

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"resources": "x"}, "unknown field `resources` in scenario: did you mean `resource`?"),
            ({"principal": None}, "`principal` is missing or not text"),
            ({"principal": "alice"}, "`alice` is no principal: give an ARN, a service such as `sns.amazonaws.com`"),
            ({"principal": "arn:aws:iam::1:group/g"}, "`arn:aws:iam::1:group/g` is no principal"),
            ({"expect": "allow"}, "`expect` is `allow`: it must be one of allowed, explicitDeny, implicitDeny"),
            ({"expect_blocked_by": ["scp"]}, "`expect_blocked_by` has `scp`: did you mean `scps`?"),
            ({"settings": {"block": True}}, "unknown field `block` in `settings`"),
            ({"scps": [{"name": "x"}]}, "`scps` must be a list of levels"),
            ({"identity_policies": {"a": 1}}, "`identity_policies` must be a list of policies"),
            ({"context": {"k": {}}}, "`context` has `k` with a value that is neither text"),
        ],
    )
    def test_a_bad_scenario(self, fields: dict[str, Any], message: str) -> None:
        with pytest.raises(UsageError) as raised:
            simulate(scenario(**fields))
        assert message in str(raised.value)


def test_prepare_answers_many_requests() -> None:
    ask = prepare({"principal": ALICE, "identity_policies": READ})
    assert ask({"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"})["decision"] == "allowed"
    assert ask({"action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"})["decision"] == "implicitDeny"
    with pytest.raises(UsageError, match="unknown field `actoin` in a request"):
        ask({"actoin": "s3:GetObject"})
    with pytest.raises(UsageError, match="`action` is missing"):
        ask({"resource": "*"})


def test_parse_policy() -> None:
    assert parse_policy(document(allow("s3:*"))).statements[0].effect == "Allow"


def run(path: Path, *options: str) -> Any:
    return CliRunner().invoke(main, ["simulate", "--scenario-file", str(path), *options])


class TestCommand:
    def test_json_array_lines_yaml_and_one(self, tmp_path: Path) -> None:
        one, two = scenario(identity_policies=READ), scenario(id="t")
        files = {
            "array.json": json.dumps([one, two]),
            "lines.jsonl": f"{json.dumps(one)}\n\n{json.dumps(two)}\n",
            "two.yaml": json.dumps([one, two]),  # JSON is YAML
        }
        for name, text in files.items():
            (tmp_path / name).write_text(text)
            result = run(tmp_path / name, "--format", "json")
            assert result.exit_code == 0, result.output
            assert [each["decision"] for each in json.loads(result.output)] == ["allowed", "implicitDeny"]
        (tmp_path / "one.json").write_text(json.dumps(one, indent=2))
        assert len(json.loads(run(tmp_path / "one.json", "--format", "json").output)) == 1

    def test_documents_beside_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "read.json").write_text(json.dumps(READ[0]["document"]))
        text = f"""
- id: from a file
  principal: {ALICE}
  action: s3:GetObject
  resource: arn:aws:s3:::b/k
  identity_policies:
    - name: read
      document: {{file: read.json}}
  expect: allowed
"""
        (tmp_path / "s.yaml").write_text(text)
        result = run(tmp_path / "s.yaml")
        assert (result.exit_code, result.output) == (
            0,
            "from a file: allowed\n\n1 scenario, 1 with an expectation, 0 failed\n",
        )

    def test_a_mismatch_is_explained(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        path.write_text(json.dumps(scenario(expect="allowed")))
        result = run(path)
        assert result.exit_code == 1
        assert "FAILED: expected allowed, got implicitDeny" in result.output
        assert "because no identity-based policy allows the s3:GetObject action" in result.output

    def test_expected_blockers(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        path.write_text(json.dumps(scenario(expect="implicitDeny", expect_blocked_by=["scps"])))
        result = run(path)
        assert result.exit_code == 1
        assert "expected to be blocked by scps, was by identity_policies" in result.output

    def test_junit(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        bad = scenario(id="<bad>", identity_policies=[{"name": "b", "document": "{"}])
        path.write_text(json.dumps([scenario(expect="allowed"), bad]))
        result = run(path, "--format", "junit")
        assert result.exit_code == 1
        assert '<testsuite name="s.json" tests="2" failures="1" errors="1">' in result.output
        assert 'name="&lt;bad&gt;"' in result.output

    def test_an_error_leaves_the_others_running(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        bad = scenario(id="bad", identity_policies=[{"name": "b", "document": "{"}])
        path.write_text(json.dumps([bad, scenario(identity_policies=READ), {"id": "worse"}]))
        result = run(path, "--format", "json")
        answers = json.loads(result.output)
        assert result.exit_code == 1
        assert answers[0]["error"]["policy"] == "b"
        assert answers[1]["decision"] == "allowed"
        assert answers[2]["error"]["message"] == "`principal` is missing or not text"

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("a.json", '[{"id": 1},\n {"id": }]', "a.json, line 2, column 9: not JSON: Expecting value"),
            ("a.json", '[{"id": 1}\n {"id": 2}]', "a.json, line 2: expected `,` or `]`"),
            ("a.json", '[{"id": 1},', "a.json, line 1: the array is not closed"),
            ("a.json", "[] {}", "a.json, line 1: something follows the array"),
            ("a.json", "{}\n]", "a.json, line 2, column 1: not JSON"),
            ("a.json", "", "a.json: the file is empty"),
            ("a.json", "[1]", "a.json, line 1: a scenario must be an object, not int"),
            ("a.yaml", "a: [1\nb: 2", "a.yaml, line 2, column"),
            ("a.yaml", "- resource_policy: {file: none.json}", "a.yaml, line 1: "),
        ],
    )
    def test_a_bad_file(self, tmp_path: Path, name: str, text: str, message: str) -> None:
        (tmp_path / name).write_text(text)
        result = run(tmp_path / name)
        assert result.exit_code == 2
        assert message in result.output

    def test_no_such_file(self, tmp_path: Path) -> None:
        result = run(tmp_path / "none.json")
        assert result.exit_code == 2
        assert "No such file or directory" in result.output


class TestExplain:
    def run(self, *options: str) -> Any:
        asked = ["--principal", ALICE, "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"]
        return CliRunner().invoke(main, ["explain", *asked, *options])

    def test_denied_with_the_nearest_miss(self, tmp_path: Path) -> None:
        path = tmp_path / "policy.json"
        path.write_text(
            json.dumps(document(allow("s3:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})), indent=1)
        )
        result = self.run("--identity-policy", str(path), "--context", "aws:PrincipalTag/team=blue")
        assert result.exit_code == 1
        assert "aws:PrincipalTag/team" in result.output
        assert "red" in result.output
        assert "blue" in result.output
        assert "line 4" in result.output

    def test_allowed(self, tmp_path: Path) -> None:
        path = tmp_path / "policy.yaml"
        path.write_text('Version: "2012-10-17"\nStatement: {Effect: Allow, Action: "s3:*", Resource: "*"}\n')
        result = self.run("--identity-policy", str(path))
        assert (result.exit_code, result.output.splitlines()[0][:7]) == (0, "ALLOWED")

    def test_json(self) -> None:
        result = self.run("--format", "json")
        assert json.loads(result.output)["decision"] == "implicitDeny"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--context", "x"], "`--context x`: write KEY=VALUE"),
            (["--identity-policy", "none.json"], "none.json: No such file or directory"),
        ],
    )
    def test_a_bad_question(self, options: list[str], message: str) -> None:
        result = self.run(*options)
        assert result.exit_code == 2
        assert message in result.output
