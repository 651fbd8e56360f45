"""The guide to testing says what is so: its Python runs, and what it shows as output is what comes out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from iamsim.cli.main import main

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide" / "testing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
PYTHON = [text for language, text in BLOCKS if language == "python"]
OUTPUTS = [text for language, text in BLOCKS if language == "text"]
QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:hypothesispytest", "-p", "no:anyio")
IMPORTS = """
import os, subprocess
import boto3, pytest
from botocore.exceptions import ClientError
from iamsim import decisions
from iamsim.server import ServerThread, serve_in_thread
from iamsim.testing import *
import orders

@pytest.fixture
def server_url():
    with ServerThread() as server:
        yield server.url
"""
IN_THE_WORLD = "def test_it(service, auditor, iamsim_session):\n    place(service)\n"
FAILURES = '''
import boto3, pytest
from iamsim.testing import *
import orders

RED = {"StringEquals": {"aws:PrincipalTag/team": "red"}}

def test_delete_asserted(service):
    assert_allowed("order-service", "s3:DeleteObject", "arn:aws:s3:::orders/2026/1.json")

def test_delete(service):
    with service:
        orders.forget("2026/1.json")

def test_delete_hidden(service):
    with service:
        try:
            orders.forget("2026/1.json")
        except Exception:
            status = 500
    assert status == 200

def test_nobody(iamsim):
    role("order-service")
    with as_role("order-servise"):
        pass


def test_a_condition():
    team = {"Sid": "Team", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": RED}
    assert_allowed("ann", "s3:GetObject", "arn:aws:s3:::orders/1", identity_policies=team)

def test_matrix(service, auditor):
    assert_matrix("""
                                                     order-service   auditor
        s3:GetObject     arn:aws:s3:::orders/2026/1  allow           allow
        s3:PutObject     arn:aws:s3:::orders/2026/1  allow           allow
        s3:DeleteObject  arn:aws:s3:::orders/2026/1  deny            deny
    """)

def test_nothing_checked(service):
    with expect_denied("s3:GetObject"):
        pass

@pytest.mark.iamsim(enforced=True)
def test_marker(): ...

def test_reaches():
    orders.read("2026/1.json")
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example project."""
    folder = tmp_path_factory.mktemp("guide") / "orders"
    leave = shutil.ignore_patterns("__pycache__", "test_with_unittest.py", "test_through_a_server.py")
    shutil.copytree(ROOT / "examples" / "orders", folder, ignore=leave)
    return folder


def run(project: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", *QUIET, *arguments]
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}  # as if somebody had real ones
    return subprocess.run(command, cwd=project, env=os.environ | keys, capture_output=True, text=True).stdout


def test_its_python_runs(project: Path) -> None:
    place = "def place(service):\n    with service:\n        orders.place({'id': '1'})\n    decisions().clear()\n\n"
    for number, code in enumerate(PYTHON):
        whole = code if "def test_" in code else place + needing(code) + textwrap.indent(code, "    ")
        (project / "tests" / f"test_block_{number}.py").write_text(IMPORTS + whole)
    told = run(project, "-W", "error", *(f"tests/test_block_{number}.py" for number in range(len(PYTHON))))
    assert told.splitlines()[-1].startswith(f"{len(PYTHON)} passed in"), told


def needing(code: str) -> str:
    """The head of a test in which `code` runs: in the world of the example, or in that of a server."""
    return "def test_it(server_url):\n" if "server_url" in code else IN_THE_WORLD


@pytest.fixture(scope="module")
def outputs(project: Path) -> list[str]:
    """Everything that comes out where the guide shows what comes out."""
    (project / "tests" / "test_failures.py").write_text(FAILURES)
    told = run(project, "--tb=short", "tests/test_failures.py")
    told += run(project, "tests/test_orders.py")
    yaml = next(text for language, text in BLOCKS if language == "yaml")
    (project / "orders.iamtest.yaml").write_text(yaml)
    (project / "bad.iamtest.yaml").write_text("principals: {}\ntests:\n  - alow: x\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        for file in ("orders.iamtest.yaml", "bad.iamtest.yaml"):
            told += CliRunner().invoke(main, ["test", file]).output
    return [re.sub(r"^E {3}", "", line) for line in told.splitlines()]


@pytest.mark.parametrize("shown", OUTPUTS, ids=lambda text: text.splitlines()[0][:60])
def test_its_outputs_are_real(outputs: list[str], shown: str) -> None:
    assert comes_in(outputs, list(pieces(shown))), f"nowhere in\n{chr(10).join(outputs)}"


def pieces(shown: str) -> Iterator[list[str]]:
    """Runs of lines between lines of `...`."""
    for piece in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE):
        if piece:
            yield [re.sub(r"^E {3}", "", line) for line in piece.splitlines()]


def comes_in(outputs: list[str], wanted: list[list[str]]) -> bool:
    """Whether the pieces come in that order, the lines of each one after the other; `...` at an end is any end."""
    start = 0
    for piece in wanted:
        places = range(start, len(outputs) - len(piece) + 1)
        found = next((place for place in places if all(map(fits, outputs[place:], piece))), None)
        if found is None:
            return False
        start = found + len(piece)
    return True


def fits(line: str, wanted: str) -> bool:
    return line.startswith(wanted[:-3]) if wanted.endswith("...") else line.rstrip() == wanted
