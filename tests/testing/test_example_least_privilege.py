"""The example project's recorded policies are those that its tests need, and the guide shows what is really told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ORDERS = ROOT / "examples" / "orders"
GUIDE = (ROOT / "docs" / "guide" / "least-privilege.md").read_text(encoding="utf-8")


def run(folder: Path, *options: str) -> list[str]:
    """The output of the project's tests, which must pass."""
    quiet = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "error", "-q", "-rA")
    command = [sys.executable, "-m", "pytest", *quiet, *options]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.splitlines()


def section(lines: list[str], title: str) -> list[str]:
    start = next(number for number, line in enumerate(lines) if line.startswith("=") and title in line) + 1
    rest = lines[start:]
    return rest[: next(number for number, line in enumerate(rest) if line.startswith("="))]


def block(title: str) -> list[str]:
    """What the guide shows below that title."""
    return GUIDE.partition(title)[2].partition("```")[0].splitlines()[1:]


def test_recorded_covered_and_mutated(tmp_path: Path) -> None:
    lines = run(ORDERS, "--iamsim-record", str(tmp_path), "--iamsim-policy-coverage", "--iamsim-mutate")
    kept = {file.name: file.read_text() for file in (ORDERS / "recorded").iterdir()}
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == kept, "run `pytest --iamsim-record recorded`"
    assert kept["role-order-service.json"] in GUIDE
    assert section(lines, "policies in") == block("iamsim: policies in recorded")
    told = {" ".join(line.split()) for line in section(lines, "policy coverage")}
    shown = block("iamsim: policy coverage")
    assert len(shown) == 9
    assert [line for line in shown if " was " not in line and " ".join(line.split()) not in told] == []
    mutants = [" ".join(line.split()) for line in section(lines, "policy mutants")]
    assert [line for line in block("iamsim: policy mutants") if " ".join(line.split()) not in [*mutants, "..."]] == []
    assert next(line for line in lines if "policy mutants" in line).strip("= ") in GUIDE
    survivors = [line.split() for line in section(lines, "policy mutants") if line.endswith("SURVIVED")]
    assert ["Orders", "(line", "4):", "action", "s3:DeleteObject", "SURVIVED"] in survivors


def test_the_recorded_policy_is_enough(tmp_path: Path) -> None:
    copy = tmp_path / "orders"
    shutil.copytree(ORDERS, copy)
    shutil.copy(copy / "recorded" / "role-order-service.json", copy / "policies" / "order-service.json")
    run(copy)
