"""`iamsim test`: policy test files, run without pytest."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import click

from iamsim.errors import UsageError
from iamsim.tools.policy_tests import PolicyTest, find_policy_tests, read_policy_tests
from iamsim.tools.shown_path import shown

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # characters that XML 1.0 cannot have


@dataclass(frozen=True)
class Outcome:
    """A test that was run, or a file that cannot be used, without one; `failure` is None if it passed."""

    path: Path
    test: PolicyTest | None
    failure: str | None = None
    is_error: bool = False  # it could not be asked

    @property
    def name(self) -> str:
        return self.test.name if self.test is not None else "the file"

    @property
    def place(self) -> str:
        return f"{shown(self.path)}, line {self.test.line}" if self.test is not None else shown(self.path)


@click.command("test", short_help="Run policy tests.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write the results there as JUnit XML.")
@click.option("-v", "--verbose", is_flag=True, help="Name the tests that pass, too.")
def test(paths: tuple[Path, ...], junit: Path | None, verbose: bool) -> None:
    """Run policy tests: files whose names end in .iamtest.yaml, or all of them in a folder.

    Exit code 0: all pass; 1: a test fails; 2: a file cannot be used.
    """
    try:
        files = list(dict.fromkeys(file for path in paths for file in find_policy_tests(path)))
    except UsageError as problem:
        click.echo(f"iamsim test: {problem}", err=True)
        sys.exit(2)
    outcomes = []
    for file in files:
        for outcome in _run(file):
            outcomes.append(outcome)
            _print(outcome, verbose)
    click.echo(_summary(outcomes, len(files)))
    if junit is not None:
        _write(junit, outcomes)
    unusable = any(outcome.test is None for outcome in outcomes)
    sys.exit(2 if unusable else 1 if any(outcome.failure is not None for outcome in outcomes) else 0)


def _run(path: Path) -> Iterator[Outcome]:
    try:
        tests = list(read_policy_tests(path))
    except UsageError as problem:
        yield Outcome(path, None, str(problem), is_error=True)
        return
    for test in tests:
        try:
            yield Outcome(path, test, test.failure())
        except UsageError as problem:
            yield Outcome(path, test, str(problem), is_error=True)


def _summary(outcomes: list[Outcome], files: int) -> str:
    tests = [outcome for outcome in outcomes if outcome.test is not None]
    failed = sum(outcome.failure is not None for outcome in tests)
    unusable = len(outcomes) - len(tests)
    text = f"{_counted(len(tests), 'test')} in {_counted(files, 'file')}, {failed} failed"
    return text + (f", {_counted(unusable, 'file')} cannot be used" if unusable else "")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)


def _print(outcome: Outcome, verbose: bool) -> None:
    if outcome.test is None:
        click.echo(f"iamsim test: {outcome.failure}", err=True)
    elif outcome.failure is not None:
        click.echo(f"FAILED {outcome.place}: {outcome.name}")
        click.echo("  " + outcome.failure.replace("\n", "\n  ").replace("\n  \n", "\n\n") + "\n")
    elif verbose:
        click.echo(f"passed {outcome.place}: {outcome.name}")


def _write(junit: Path, outcomes: list[Outcome]) -> None:
    try:
        _junit(outcomes).write(junit, encoding="utf-8", xml_declaration=True)
    except OSError as problem:
        click.echo(f"iamsim test: {junit}: {problem.strerror or problem}", err=True)
        sys.exit(2)


def _junit(outcomes: list[Outcome]) -> ElementTree.ElementTree[ElementTree.Element]:
    errors = sum(outcome.is_error for outcome in outcomes)
    failures = sum(outcome.failure is not None for outcome in outcomes) - errors
    counts = {"tests": str(len(outcomes)), "failures": str(failures), "errors": str(errors)}
    suites = ElementTree.Element("testsuites", {"name": "iamsim", **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "iamsim", **counts})
    for outcome in outcomes:
        file, line = shown(outcome.path), {"line": str(outcome.test.line)} if outcome.test is not None else {}
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": file, "name": NOT_XML.sub("?", outcome.name), "file": file, **line}
        )
        if outcome.failure is not None:
            kind, text = "error" if outcome.is_error else "failure", NOT_XML.sub("?", outcome.failure)
            ElementTree.SubElement(case, kind, message=text.splitlines()[0]).text = text
    return ElementTree.ElementTree(suites)
