"""The example project's own tests pass, as its readers run them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from iamsim.cli.test import test as command

ORDERS = Path(__file__).parents[2] / "examples" / "orders"


def test_the_examples_tests_pass() -> None:
    quiet = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "error", "-q")
    run = subprocess.run([sys.executable, "-m", "pytest", *quiet], cwd=ORDERS, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1].startswith("35 passed")
    assert "iamsim: would be denied" in run.stdout


def test_its_policy_tests_pass() -> None:
    result = CliRunner().invoke(command, [str(ORDERS)])
    assert (result.exit_code, result.output) == (0, "13 tests in 1 file, 0 failed\n")


def test_its_unittest_cases_pass_without_pytest() -> None:
    command = [sys.executable, "-W", "error", "-m", "unittest", "discover", "tests"]
    run = subprocess.run(command, cwd=ORDERS, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stderr.endswith("OK\n")
