"""`iamsim simulate`: the scenarios of a file, answered; those with `expect` are tests."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import click

from iamsim.errors import UsageError
from iamsim.tools.scenario_files import read_scenarios
from iamsim.tools.simulate import Answer, answer, error_of

SHOW_PROGRESS_FROM = 500  # scenarios

Outcome = tuple[dict[str, Any], Answer | dict[str, Any]]  # the scenario, and its answer or its error


@click.command(short_help="Answer scenarios; those that expect something are tests.")
@click.option("--scenario-file", "path", type=click.Path(path_type=Path), required=True, help="JSON (lines) or YAML.")
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", help="How to print.")
def simulate(path: Path, form: str) -> None:
    """Answer the scenarios of a file: would AWS allow it, and why.

    Exit code 0: all as expected; 1: a scenario's `expect` is not met, or it has an error; 2: the file cannot be used.
    """
    try:
        scenarios = [data for _, data in read_scenarios(path)]
        outcomes = list(_answered(path, scenarios))
    except UsageError as problem:
        click.echo(f"iamsim simulate: {problem}", err=True)
        sys.exit(2)
    if form == "json":
        shown = [each if isinstance(each, dict) else each.to_dict() for _, each in outcomes]
        click.echo(json.dumps(shown, indent=2))
    elif form == "junit":
        click.echo(_junit(path, outcomes))
    else:
        _print(outcomes)
    sys.exit(1 if any(_failures(outcome) for _, outcome in outcomes) else 0)


def _answered(path: Path, scenarios: list[dict[str, Any]]) -> Iterator[Outcome]:
    quiet = len(scenarios) < SHOW_PROGRESS_FROM or not sys.stderr.isatty()
    with click.progressbar(scenarios, label=path.name, file=sys.stderr, hidden=quiet) as running:
        for data in running:
            try:
                yield data, answer(data)
            except UsageError as problem:
                yield data, error_of(data, problem)


def _failures(outcome: Answer | dict[str, Any]) -> list[str]:
    """Why this scenario is not as expected."""
    if isinstance(outcome, dict):
        return [f"error: {outcome['error']['message']}"]
    return outcome.mismatches


def _print(outcomes: list[Outcome]) -> None:
    failed = expected = 0
    for number, (data, outcome) in enumerate(outcomes, 1):
        name = data.get("id", f"scenario {number}")
        problems = _failures(outcome)
        failed += bool(problems)
        if isinstance(outcome, dict):
            click.echo(f"{name}: ERROR\n  {outcome['error']['message']}")
            continue
        expected += outcome.scenario.expect is not None
        blocked = f", blocked by {', '.join(outcome.blocked_by)}" if outcome.blocked_by else ""
        click.echo(f"{name}: {outcome.decision}{blocked}")
        if problems:
            click.echo(f"  FAILED: {'; '.join(problems)}")
        if problems or outcome.scenario.expect is None:
            click.echo("  " + outcome.evaluation.explain().replace("\n", "\n  "))
    if expected or failed:
        noun = "scenario" if len(outcomes) == 1 else "scenarios"
        click.echo(f"\n{len(outcomes)} {noun}, {expected} with an expectation, {failed} failed")


def _junit(path: Path, outcomes: list[Outcome]) -> str:
    cases = []
    failed = errors = 0
    for number, (data, outcome) in enumerate(outcomes, 1):
        name = quoteattr(str(data.get("id", f"scenario {number}")))
        group = quoteattr(str(data.get("group", path.stem)))
        body = ""
        if isinstance(outcome, dict):
            errors += 1
            body = f"<error message={quoteattr(outcome['error']['message'])}/>"
        elif outcome.mismatches:
            failed += 1
            told = escape(outcome.evaluation.explain())
            body = f"<failure message={quoteattr('; '.join(outcome.mismatches))}>{told}</failure>"
        cases.append(f"  <testcase classname={group} name={name}>{body}</testcase>")
    head = f'<testsuite name={quoteattr(path.name)} tests="{len(outcomes)}" failures="{failed}" errors="{errors}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"])
