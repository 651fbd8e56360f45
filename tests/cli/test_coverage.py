"""`iamsim coverage`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import botocore
import pytest
from click.testing import CliRunner

from iamsim.cli.coverage import of_service
from iamsim.cli.main import main
from iamsim.kit.loader import mocked_services

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "coverage.md"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["coverage", *arguments])
    return result.exit_code, result.output


def test_one_service_lists_its_gaps() -> None:
    code, output = run("sqs")
    assert code == 0
    assert output.startswith(
        "sqs: 23 of 23 operations are simulated\n23 have a known action, 23 of them bound to resources\n"
    )
    assert "encryption with KMS keys is kept, not acted on" in output


def test_those_that_are_simulated() -> None:
    code, output = run()
    assert code == 0
    assert all(service in output for service in mocked_services())
    assert "glue" not in output


def test_json() -> None:
    code, output = run("sqs", "backup", "--format", "json")
    assert code == 0
    sqs, backup = json.loads(output)
    assert (sqs["service"], sqs["mocked"], sqs["missing"]) == ("sqs", 23, [])
    assert (sqs["operations"], sqs["with_action"], sqs["with_resources"], sqs["unknown"]) == (23, 23, 23, 0)
    assert (backup["mocked"], len(backup["missing"])) == (0, backup["operations"])
    assert backup["with_action"] == backup["operations"]


def test_calls_that_need_no_permission() -> None:
    assert of_service("sts").without_permission == 2  # GetCallerIdentity and GetSessionToken


def test_a_service_that_is_none() -> None:
    code, output = run("bracket")
    assert code == 2
    assert "botocore does not know the service `bracket`: did you mean `braket`?" in output


def test_markdown() -> None:
    code, output = run("sqs", "--format", "markdown")
    assert code == 0
    assert "\n| sqs | 23 | 23 | 23 | 0 | 0 | 23 | 5 |\n" in output


def rows_of_the_page() -> dict[str, str]:
    rows = (line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| "))
    return {row.split("|")[1].strip(): row for row in rows}


def test_the_page_has_every_service_that_is_simulated() -> None:
    assert set(mocked_services()) <= rows_of_the_page().keys()


def test_the_page_is_not_stale() -> None:
    """Of another botocore than the page's nothing is compared: services differ."""
    version = re.search(r"botocore ([\d.]+)", PAGE.read_text("utf-8"))
    assert version is not None
    if version[1] != botocore.__version__:
        pytest.skip(f"the page is of botocore {version[1]}")
    names = [*mocked_services(), "glue", "kms", "route53", "cloudhsm"]
    code, output = run(*names, "--format", "markdown")
    assert code == 0
    fresh = {line.split("|")[1].strip(): line for line in output.splitlines() if line.startswith("| ")}
    rows = rows_of_the_page()
    stale = [name for name in names if rows[name] != fresh[name]]
    assert stale == [], "run: iamsim coverage --all --format markdown > docs/reference/coverage.md"
