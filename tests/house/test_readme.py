"""What the README shows works, and the files of its tour are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from iamsim.cli.main import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "def test_" in block]


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: re.search(r"def (test_\w+)", code)[1])  # type: ignore[index]
def test_the_examples_pass(code: str) -> None:
    names: dict[str, Any] = {}
    exec(code, names)
    for name, value in list(names.items()):
        if name.startswith("test_"):
            value()


def test_the_tour_is_true() -> None:
    files = re.findall(r"\| \[([\w/.]+)\]\(\1\) \|", README)
    assert len(files) == 10
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_every_command_is_there() -> None:
    assert set(re.findall(r"^\| `iamsim ([\w-]+)", README, re.MULTILINE)) == set(main.commands)


def test_the_links_lead_somewhere() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#:]+)\)", README) if not target.startswith("http")]
    assert [target for target in targets if not (ROOT / target).exists()] == []
