"""`iamsim coverage`."""

from __future__ import annotations

import json

from click.testing import CliRunner

from iamsim.cli.main import main


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["coverage", *arguments])
    return result.exit_code, result.output


def test_one_service_lists_its_gaps() -> None:
    code, output = run("sqs")
    assert code == 0
    assert output.startswith("sqs: 23 of 23 operations are simulated\n")
    assert "encryption with KMS keys is kept, not acted on" in output


def test_all_services() -> None:
    code, output = run()
    assert code == 0
    assert "sqs" in output


def test_json() -> None:
    code, output = run("sqs", "--format", "json")
    assert code == 0
    assert json.loads(output)[0]["missing"] == []


def test_a_service_without_a_mock() -> None:
    code, output = run("braket")
    assert code == 2
    assert "iamsim does not simulate the service braket yet; there are: " in output
