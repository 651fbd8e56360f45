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
    assert run.stdout.splitlines()[-1].startswith("19 passed")
    assert "iamsim: would be denied" in run.stdout


def test_its_policy_tests_pass() -> None:
    result = CliRunner().invoke(command, [str(ORDERS)])
    assert (result.exit_code, result.output) == (0, "9 tests in 1 file, 0 failed\n")
