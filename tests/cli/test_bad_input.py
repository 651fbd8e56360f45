"""What every command says to bad input: one clear line on stderr, and exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from iamsim.cli.main import main

COMMANDS = sorted(main.commands)
WHO = ["--principal", "arn:aws:iam::123456789012:user/alice", "--action", "s3:GetObject"]
BAD = [
    (["nonsense"], "No such command 'nonsense'"),
    (["simulate"], "Missing option '--scenario-file'"),
    (["simulate", "--scenario-file", "none.json"], "iamsim simulate: none.json: No such file or directory"),
    (["simulate", "--scenario-file", "words.json"], "iamsim simulate: words.json, line 1, column 1: not JSON: "),
    (["simulate", "--scenario-file", "bytes.json"], "iamsim simulate: bytes.json: not UTF-8 at byte 0"),
    (
        ["simulate", "--scenario-file", "empty.json"],
        "iamsim simulate: empty.json: the file is empty: expected a scenario",
    ),
    (["simulate", "--scenario-file", "words.yaml"], "iamsim simulate: words.yaml, line 2, column 1: not YAML: "),
    (["simulate", "--scenario-file", "."], "iamsim simulate: .: Is a directory"),
    (["explain"], "Missing option '--principal'"),
    (
        ["explain", "--principal", "alice", "--action", "s3:GetObject"],
        "iamsim explain: `alice` is no principal: give an ARN",
    ),
    (["explain", *WHO, "--identity-policy", "none.json"], "iamsim explain: none.json: No such file or directory"),
    (
        ["explain", *WHO, "--identity-policy", "words.json"],
        "iamsim explain: words.json, line 1, column 1: expected a JSON",
    ),
    (["explain", *WHO, "--identity-policy", "words.yaml"], "iamsim explain: words.yaml, line 1, column "),
    (["explain", *WHO, "--scp", "odd.json"], "odd.json, line 1, column 2: unknown member `a` of a policy; expected "),
    (["explain", *WHO, "--context", "aws:SourceIp"], "iamsim explain: `--context aws:SourceIp`: write KEY=VALUE"),
    (["actions"], "Missing option '--service'"),
    (["actions", "--service", "s4"], "does not know the service `s4`"),
    (
        ["actions", "--service", "s3", "--operation", "GetObjct"],
        "s3 has no operation `GetObjct`: did you mean `GetObject`?",
    ),
    (["authorize-plan", "--service", "s3"], "Missing option '--operation'"),
    (["authorize-plan", "--service", "s3", "--operation", "GetObject", "--params", "x"], "--params is not JSON: "),
    (
        ["authorize-plan", "--service", "s3", "--operation", "GetObject", "--params", "[]"],
        "--params must be a JSON object",
    ),
    (["test"], "Missing argument 'PATH...'"),
    (["test", "none"], "iamsim test: none: there is no such file or folder"),
    (["test", "."], "iamsim test: .: no policy tests there: their names end in .iamtest.yaml, "),
    (["test", "words.json"], "iamsim test: words.json, line 1, column 1: not JSON: "),
    (["coverage", "s4"], "botocore does not know the service `s4`"),
    (["serve", "--port", "99999"], "Invalid value for '--port': 99999 is not in the range 0<=x<=65535."),
    (["serve", "--enforce", "maybe"], "`--enforce maybe`: give `always`, `never` or `after` and a number of calls"),
]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.json").write_text("no json")
    Path("words.yaml").write_text("a: [")
    Path("odd.json").write_text('{"a": 1}')
    Path("empty.json").write_text("")
    Path("bytes.json").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    ("arguments", "message"), BAD, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_is_told_on_stderr_with_exit_code_2(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == "" or arguments[0] == "test"  # which tells of the files that can be used
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_options_that_are_not_there(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--nope"])
    assert result.exit_code == 2
    assert "No such option '--nope'" in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {command} ")
    for parameter in main.commands[command].params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"`{command} {parameter.name}` has no help"


def test_the_list_of_commands_is_not_cut_off() -> None:
    result = CliRunner().invoke(main, ["--help"])
    listed = result.stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == COMMANDS
    assert [line for line in listed if line.endswith("...")] == []


def test_an_action_that_aws_does_not_have_is_noted() -> None:
    result = CliRunner().invoke(main, ["explain", *WHO[:2], "--action", "s3:GetObjct"])
    assert result.exit_code == 1
    assert result.stderr == "note: AWS has no action `s3:GetObjct`: did you mean `s3:GetObject`?\n"
