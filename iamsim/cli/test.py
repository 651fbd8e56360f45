"""`iamsim test`: policy test files, run without pytest."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import click

from iamsim.errors import UsageError
from iamsim.tools.policy_tests import PolicyTest, find_policy_tests, read_policy_tests


@dataclass(frozen=True)
class Outcome:
    """A test that was run: `failure` is None if it passed; `is_error` if it could not be asked."""

    path: Path
    test: PolicyTest
    failure: str | None = None
    is_error: bool = False


@click.command("test")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write the results there as JUnit XML.")
@click.option("-v", "--verbose", is_flag=True, help="Name the tests that pass, too.")
def test(paths: tuple[Path, ...], junit: Path | None, verbose: bool) -> None:
    """Run policy tests: files whose names end in .iamtest.yaml, or all of them in a folder.

    Exit code 0: all pass; 1: a test fails; 2: a file cannot be used.
    """
    try:
        files = dict.fromkeys(file for path in paths for file in find_policy_tests(path))
        outcomes = [_run(file, each) for file in files for each in read_policy_tests(file)]
    except UsageError as problem:
        click.echo(f"iamsim test: {problem}", err=True)
        sys.exit(2)
    for outcome in outcomes:
        _print(outcome, verbose)
    failed = sum(outcome.failure is not None for outcome in outcomes)
    click.echo(f"{len(outcomes)} tests in {len(files)} files, {failed} failed")
    if junit is not None:
        _junit(outcomes).write(junit, encoding="utf-8", xml_declaration=True)
    sys.exit(1 if failed else 0)


def _run(path: Path, test: PolicyTest) -> Outcome:
    try:
        return Outcome(path, test, test.failure())
    except UsageError as problem:
        return Outcome(path, test, str(problem), is_error=True)


def _print(outcome: Outcome, verbose: bool) -> None:
    test = outcome.test
    if outcome.failure is not None:
        click.echo(f"FAILED {outcome.path}, line {test.line}: {test.name}")
        click.echo("  " + outcome.failure.replace("\n", "\n  ").replace("\n  \n", "\n\n") + "\n")
    elif verbose:
        click.echo(f"passed {outcome.path}, line {test.line}: {test.name}")


def _junit(outcomes: list[Outcome]) -> ElementTree.ElementTree[ElementTree.Element]:
    errors = sum(outcome.is_error for outcome in outcomes)
    failures = sum(outcome.failure is not None for outcome in outcomes) - errors
    suite = ElementTree.Element(
        "testsuite", name="iamsim", tests=str(len(outcomes)), failures=str(failures), errors=str(errors)
    )
    for outcome in outcomes:
        case = ElementTree.SubElement(
            suite, "testcase", classname=str(outcome.path), name=outcome.test.name, line=str(outcome.test.line)
        )
        if outcome.failure is not None:
            kind = "error" if outcome.is_error else "failure"
            ElementTree.SubElement(case, kind, message=outcome.failure.splitlines()[0]).text = outcome.failure
    return ElementTree.ElementTree(suite)
