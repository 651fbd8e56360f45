"""Imports point down: who may import whom, and that a mock imports only the kit and its own folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each part with its layer; a part imports only from layers below its own, or from itself.
LAYERS = {
    "arn": 0,
    "errors": 0,
    "clock": 0,
    "grammar": 0,
    "policies": 0,
    "policy": 1,
    "reference": 1,
    "machine": 1,
    "organization": 2,
    "network": 2,
    "cloud": 3,
    "request": 4,
    "protocol": 5,
    "authentication": 5,
    "authorization": 5,
    "kit": 5,
    "enforcement": 5,
    "decision_log": 5,
    "published_keys": 5,
    "metadata": 6,
    "state_question": 6,
    "pipeline": 6,
    "simulator": 7,
    "tools": 7,
    "plan": 8,
    "sample_calls": 9,
    "filled_keys": 10,
    "shown_access": 10,
    "intercept": 8,
    "server": 8,
    "testing": 9,
    "cli": 11,
}
ALLOWED_BESIDE = {("kit", "mocks")}  # the loader finds the mocks


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """The absolute names that a module imports at any depth."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "iamsim":
                yield from (f"iamsim.{alias.name}" for alias in node.names)
            else:
                yield node.module


def part_of(path: Path) -> str:
    return path.relative_to(ROOT / "iamsim").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(ROOT / "iamsim"), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        return  # the public names
    assert part in LAYERS, f"`{part}` has no layer: give it one in this test, and in the design"
    for name in imported(path):
        if not name.startswith("iamsim."):
            continue
        target = name.split(".")[1]
        if target in ("__init__", part) or (part, target) in ALLOWED_BESIDE or target not in LAYERS:
            assert target != "mocks" or part == "kit", f"{path}: only the loader imports mocks"
            continue
        assert LAYERS[target] < LAYERS[part], f"{path.relative_to(ROOT)} imports `{name}`, which is not below `{part}`"


@pytest.mark.parametrize("path", modules(ROOT / "mocks"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_mock_imports_only_the_kit_and_its_own_folder(path: Path) -> None:
    for name in imported(path):
        top = name.split(".")[0]
        assert top not in ("mocks", "boto3", "botocore"), f"{path.relative_to(ROOT)} imports `{name}`"
        if top == "iamsim":
            assert name.startswith(("iamsim.kit", "iamsim.grammar")), (
                f"{path.relative_to(ROOT)} imports `{name}`: a mock imports iamsim.kit and its own folder"
            )


def test_the_engine_is_pure() -> None:
    for path in modules(ROOT / "iamsim" / "policy"):
        tops = {name.split(".")[0] for name in imported(path)}
        forbidden = tops & {"botocore", "boto3", "time", "os", "pathlib", "random", "socket", "requests"}
        assert not forbidden, f"{path.relative_to(ROOT)} imports {sorted(forbidden)}"
