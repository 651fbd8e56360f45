"""`iamsim coverage`: what of each service is simulated, and what is known to be missing."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from iamsim.errors import NotMocked
from iamsim.kit.loader import load_service, mocked_services


@click.command(short_help="What is simulated, and the gaps.")
@click.argument("services", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def coverage(services: tuple[str, ...], form: str) -> None:
    """Which operations of SERVICES (all that have a mock, if none is named) are simulated, and their gaps."""
    rows = [_row(service) for service in services or mocked_services()]
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    elif len(services) == 1:
        _print_one(rows[0])
    else:
        _print_table(rows)


def _row(name: str) -> dict[str, Any]:
    try:
        service = load_service(name)
    except NotMocked as failure:
        known = ", ".join(mocked_services())
        raise click.UsageError(f"{failure.message}; there are: {known}") from None
    operations = sorted(service.model.operation_names)
    return {
        "service": name,
        "operations": len(operations),
        "mocked": sorted(service.functions),
        "missing": [operation for operation in operations if operation not in service.functions],
        "gaps": list(service.definition.gaps),
    }


def _print_table(rows: list[dict[str, Any]]) -> None:
    table = Table("service", "operations", "mocked", "gaps")
    for row in rows:
        table.add_row(row["service"], str(row["operations"]), str(len(row["mocked"])), str(len(row["gaps"])))
    Console().print(table)


def _print_one(row: dict[str, Any]) -> None:
    click.echo(f"{row['service']}: {len(row['mocked'])} of {row['operations']} operations are simulated")
    for title in ("gaps", "missing"):
        if row[title]:
            click.echo(f"\n{title}:")
            for each in row[title]:
                click.echo(f"  {each}")
