"""`iamsim authorize-plan`: everything that one call must be allowed, with its resources and condition keys."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from iamsim.errors import UsageError
from iamsim.plan import DEFAULT_REGION, NO_ACCOUNT, plan, why_none


@click.command(name="authorize-plan", short_help="The checks that IAM makes for one call.")
@click.option("--service", required=True, help="botocore's name of the service, such as s3.")
@click.option("--operation", required=True, help="The operation, such as CopyObject.")
@click.option("--params", default="{}", help="Its input as a JSON object, with AWS's member names; `-` reads stdin.")
@click.option("--account", default=NO_ACCOUNT, show_default=True, help="The caller's account.")
@click.option("--region", default=DEFAULT_REGION, show_default=True, help="Where the call goes.")
@click.option("--principal", help="The caller's ARN; adds the condition keys that follow from it.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def authorize_plan(service: str, operation: str, params: str, form: str, **where: Any) -> None:
    """The checks that IAM makes for one call: action, resource, condition keys.

    Exit code 0: the list is printed, be it empty; 2: the question cannot be asked.
    """
    try:
        checks = plan(service, operation, _read(params), **where)
        reason = why_none(service, operation)
    except UsageError as problem:
        click.echo(f"iamsim authorize-plan: {problem}", err=True)
        sys.exit(2)
    if form == "json":
        click.echo(json.dumps(checks, indent=2, ensure_ascii=False))
        return
    for check in checks:
        click.echo(f"{check['action']}  {check['resource']}")
        for key, value in check["context"].items():
            click.echo(f"    {key} = {', '.join(value) if isinstance(value, list) else value}")
    if reason or not checks:
        click.echo(reason or "the input names nothing that needs a permission")


def _read(text: str) -> dict[str, Any]:
    """The parameters. Raises UsageError for what is no JSON object."""
    try:
        found = json.loads(sys.stdin.read() if text == "-" else text)
    except json.JSONDecodeError as problem:
        raise UsageError(
            f"--params is not JSON: {problem.msg} at line {problem.lineno}, column {problem.colno}"
        ) from None
    if not isinstance(found, dict):
        raise UsageError(f"--params must be a JSON object, not {type(found).__name__}")
    return found
