"""Policy test files, `*.iamtest.yaml`: scenarios with expectations, or in short lines of `allow:` and `deny:`.

The format: docs/guide/testing.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from iamsim.errors import UsageError
from iamsim.tools.expectation import Expectation, told
from iamsim.tools.policy_test_lines import InPlace, Lines, line_of
from iamsim.tools.scenario_files import read_scenarios
from iamsim.tools.simulate import answer

SUFFIXES = (".iamtest.yaml", ".iamtest.yml", ".iamtest.json")
TESTS = ("tests", "allow", "deny")  # lists of lines; below `allow` and `deny` without that word
FIELDS = ("account", "policies", "principals", "resources", "context", *TESTS)


@dataclass(frozen=True)
class PolicyTest:
    """One test: scenarios and what is expected of each; `expected` is None where the scenario says it itself."""

    name: str
    line: int
    scenarios: tuple[Mapping[str, Any], ...]
    expected: Expectation | None = None

    def failure(self) -> str | None:
        """Why it fails, with the explanation; None if it passes. Raises UsageError for what cannot be asked."""
        failures = [failure for scenario in self.scenarios if (failure := self._failure(scenario)) is not None]
        if len(self.scenarios) > 1 and failures:
            failures[0] = f"{len(failures)} of {len(self.scenarios)} actions, the first:\n{failures[0]}"
        return failures[0] if failures else None

    def _failure(self, scenario: Mapping[str, Any]) -> str | None:
        result = answer(scenario)
        if self.expected is not None:
            problem = self.expected.mismatch(result.evaluation)
            return None if problem is None else told(result.evaluation, problem)
        if result.scenario.expect is None:
            raise UsageError("the scenario has no `expect`: say allowed, explicitDeny or implicitDeny")
        return told(result.evaluation, "; ".join(result.mismatches)) if result.mismatches else None


def find_policy_tests(path: Path) -> list[Path]:
    """The policy test files of a folder and those below it, or the file itself. Raises UsageError if there is none."""
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    if path.is_file():
        return [path]
    found = sorted(each for each in path.rglob("*.iamtest.*") if each.name.endswith(SUFFIXES))
    if not found:
        raise UsageError(f"{path}: no policy tests there: their names end in {', '.join(SUFFIXES)}")
    return found


def read_policy_tests(path: Path) -> Iterator[PolicyTest]:
    """The tests of one file, in its order. Raises UsageError that names file, line and field."""
    data, root = _read(path)
    if not isinstance(data, dict) or not data.keys() & set(TESTS):
        if isinstance(data, dict) and not data.keys() & {"principal", "action"}:
            raise UsageError(f"{path}: `tests` is missing: a list of lines that begin with `allow:` or `deny:`")
        yield from _scenarios(path)
        return
    for name in data:
        if name not in FIELDS:
            near = get_close_matches(str(name), FIELDS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(FIELDS)}"
            raise UsageError(f"{path}: unknown field `{name}`: {hint}")
    lines = Lines(path, data)
    for field, node in [(key.value, value) for key, value in root.value if key.value in TESTS]:
        if not isinstance(data[field], list):
            begin = " that begin with `allow:` or `deny:`" if field == "tests" else ""
            raise UsageError(f"{path}: `{field}` must be a list of lines{begin}")
        for each, item in zip(data[field], node.value, strict=True):
            line = item.start_mark.line + 1
            try:
                for name, scenarios, expected in lines.read(each if field == "tests" else line_of(field, each)):
                    yield PolicyTest(name, line, scenarios, expected)
            except UsageError as problem:
                raise UsageError(f"{path}, line {line}: {problem}") from None


def _read(path: Path) -> tuple[Any, Any]:
    """The file as data, in which every value is text, and as nodes, which know their lines."""
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_Loader), yaml.compose(text, Loader=yaml.BaseLoader)  # noqa: S506 - text
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path}: not UTF-8 at byte {problem.start}") from None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise UsageError(f"{path}{place}: not YAML: {problem.problem}") from None


class _Loader(yaml.BaseLoader):
    """Makes nothing but text, lists and mappings, of which policies know where they stand."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        if made.keys() & {"Statement", "Effect", "Version"}:
            return InPlace(made, node)
        return made


def _scenarios(path: Path) -> Iterator[PolicyTest]:
    for number, (line, scenario) in enumerate(read_scenarios(path), 1):
        name = scenario.get("id") or f"scenario {number}"
        yield PolicyTest(str(name), line, (scenario,))
