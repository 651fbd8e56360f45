"""`iamsim coverage`: of each service, what is known of its permissions, what is simulated, and what is missing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import botocore
import click
from rich.console import Console
from rich.table import Table

from iamsim.authorization.outline import Outline, outline
from iamsim.kit.loader import Service, mocked_services, service_of
from iamsim.reference.service_model import did_you_mean, loader, service_model

TITLES = ("service", "operations", "action", "resources", "free", "unknown", "simulated", "gaps")
HEAD = """# Coverage

What iamsim knows of the operations of every service of botocore {botocore}, made by
`iamsim coverage --all --format markdown`:

- **action**: it is known which IAM actions a caller must be allowed;
- **resources**: of these, those whose resources follow from the call's input, or whose action takes no resource;
- **free**: no permission is needed, or no IAM policy decides;
- **unknown**: while IAM is enforced these are denied, until `iamsim.declare_action` says what allows them;
- **simulated**: there is a mock that runs it;
- **gaps**: what the mock says it does not do; `iamsim coverage SERVICE` lists them.

"""


@dataclass(frozen=True)
class Coverage:
    """The numbers of one service."""

    service: str
    operations: int
    with_action: int
    with_resources: int
    without_permission: int
    unknown: int
    mocked: int
    missing: list[str]  # operations that no mock runs
    gaps: list[str]


@click.command(short_help="What is known and simulated, and the gaps.")
@click.argument("services", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every service that botocore knows.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print.")
def coverage(services: tuple[str, ...], every: bool, form: str) -> None:
    """Of SERVICES (without any: of those that are simulated) how much is known and simulated, and what is missing."""
    known = loader().list_available_services("service-2")
    for name in services:
        if name not in known:
            raise click.UsageError(f"botocore does not know the service `{name}`{did_you_mean(name, known)}")
    rows = [of_service(name) for name in (known if every else services or mocked_services())]
    if form == "json":
        click.echo(json.dumps([asdict(row) for row in rows], indent=2))
    elif form == "markdown":
        click.echo(page(rows), nl=False)
    elif len(rows) == 1:
        _print_one(rows[0])
    else:
        _print_table(rows)


def of_service(name: str) -> Coverage:
    """The numbers of botocore's service `name`."""
    mock, operations = service_of(name), sorted(service_model(name).operation_names)
    known = {operation: outline(name, operation) for operation in operations}
    with_action = [operation for operation in operations if _has_action(mock, operation, known[operation])]
    unknown = [name for name in operations if known[name].is_unknown and name not in with_action]
    return Coverage(
        service=name,
        operations=len(operations),
        with_action=len(with_action),
        with_resources=sum(_has_resources(mock, operation, known[operation]) for operation in with_action),
        without_permission=len(operations) - len(with_action) - len(unknown),
        unknown=len(unknown),
        mocked=len(mock.functions),
        missing=[operation for operation in operations if operation not in mock.functions],
        gaps=list(mock.definition.gaps),
    )


def page(rows: list[Coverage]) -> str:
    """The rows as a page of the documentation."""
    lines = ["| " + " | ".join(TITLES) + " |", "| --- |" + " ---: |" * (len(TITLES) - 1)]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in [*rows, _total(rows)]]
    return HEAD.format(botocore=botocore.__version__) + "\n".join(lines) + "\n"


def _has_action(mock: Service, operation: str, known: Outline) -> bool:
    rule = mock.definition.access.get(operation)
    if rule is not None and not rule.needs_permission:
        return False
    return bool(known.access.needed) or known.rule is not None or rule is not None


def _has_resources(mock: Service, operation: str, known: Outline) -> bool:
    """Whether the input names what the action is about, or the action takes no resource."""
    if known.rule is not None or operation in mock.definition.access:
        return True
    main = [needed for needed in known.access.needed if not needed.dependent]
    return all(not needed.resources or any(each.is_named for each in needed.resources) for needed in main)


def _total(rows: list[Coverage]) -> Coverage:
    counts: dict[str, Any] = {
        name: sum(getattr(row, name) for row in rows)
        for name in ("operations", "with_action", "with_resources", "without_permission", "unknown", "mocked")
    }
    gaps = [gap for row in rows for gap in row.gaps]
    return Coverage(service=f"{len(rows)} services", missing=[], gaps=gaps, **counts)


def _cells(row: Coverage) -> list[str]:
    counts = (row.operations, row.with_action, row.with_resources, row.without_permission, row.unknown, row.mocked)
    return [row.service, *map(str, counts), str(len(row.gaps))]


def _print_table(rows: list[Coverage]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in TITLES:
        table.add_column(title, justify="left" if title == "service" else "right", no_wrap=True)
    for row in [*rows, _total(rows)]:
        table.add_row(*_cells(row))
    Console().print(table)


def _print_one(row: Coverage) -> None:
    click.echo(f"{row.service}: {row.mocked} of {row.operations} operations are simulated")
    click.echo(f"{row.with_action} have a known action, {row.with_resources} of them bound to resources")
    if row.unknown:
        click.echo(f"of {row.unknown} nobody says which action allows them")
    for title, items in (("gaps", row.gaps), ("missing", row.missing)):
        if items:
            click.echo(f"\n{title}:")
            for each in items:
                click.echo(f"  {each}")
