"""`iamsim actions`: which IAM actions the operations of a service need, and on which resources."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import Any

import click

from iamsim.errors import NotMocked
from iamsim.filled_keys import not_filled
from iamsim.kit.loader import load_service
from iamsim.reference.default_access import OperationAccess
from iamsim.reference.definition import AccessRule
from iamsim.reference.operation_access import by_rules, operation_access
from iamsim.reference.overlay import OverlayRule, overlay
from iamsim.reference.service_model import loader, service_model
from iamsim.shown_access import shown_access


@click.command(short_help="What a caller of a service must be allowed.")
@click.option("--service", required=True, help="botocore's name of the service, such as s3.")
@click.option("--operation", help="One operation, such as CopyObject; all of the service if none is named.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def actions(service: str, operation: str | None, form: str) -> None:
    """What a caller of a service must be allowed."""
    try:
        known = sorted(service_model(service).operation_names)
    except NotMocked as failure:
        services = loader().list_available_services("service-2")
        raise click.UsageError(f"{failure.message}{_hint(service, services)}") from None
    if operation is not None and operation not in known:
        raise click.UsageError(f"{service} has no operation `{operation}`{_hint(operation, known)}")
    rows = [_row(service, name) for name in ([operation] if operation else known)]
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    else:
        for row in rows:
            _print(row)


def _row(service: str, operation: str) -> dict[str, Any]:
    access = _access(service, operation)
    needed = [
        {
            "action": each.action,
            "resource_templates": list(each.resource_templates),
            "dependent": each.dependent,
            "condition_keys": list(each.condition_keys),
            "not_filled": not_filled(service, operation, each.action, each.condition_keys),
        }
        for each in shown_access(service, operation, access)
    ]
    row: dict[str, Any] = {"operation": operation, "access": needed}
    return row if needed else {**row, "reason": access.reason}


def _access(service: str, operation: str) -> OperationAccess:
    """The reference's word, unless only the mock of the service has a rule for the operation."""
    rule = _mock_rule(service, operation) if operation not in overlay(service) else None
    if rule is None or (rule.needs_permission and rule.action is None):
        return operation_access(service, operation)
    resource = rule.resource if rule.resource == "*" else None
    written = OverlayRule(rule.action, resource) if rule.needs_permission else OverlayRule()
    return by_rules([written], service_model(service).operation_model(operation))


def _mock_rule(service: str, operation: str) -> AccessRule | None:
    try:
        return load_service(service).definition.access.get(operation)
    except NotMocked:
        return None


def _print(row: dict[str, Any]) -> None:
    click.echo(row["operation"])
    for each in row["access"]:
        beside = "  (dependent)" if each["dependent"] else ""
        click.echo(f"  {each['action']}{beside}")
        for template in each["resource_templates"]:
            click.echo(f"    {template}")
        unfilled = set(each["not_filled"])
        for title, keys in (
            ("keys", [key for key in each["condition_keys"] if key not in unfilled]),
            ("not filled", each["not_filled"]),
        ):
            if keys:
                click.echo(f"    {title}: {', '.join(keys)}")
    if "reason" in row:
        click.echo(f"  {row['reason']}")


def _hint(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f": did you mean `{near[0]}`?" if near else ""
