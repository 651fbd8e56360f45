"""`iamsim explain`: one request from flags, and why it is allowed or denied."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from iamsim.errors import UsageError
from iamsim.tools.action_names import check_action
from iamsim.tools.scenario_files import policy_in_file
from iamsim.tools.simulate import answer

FILE = click.Path(path_type=Path)


@click.command(short_help="Explain one decision.")
@click.option("--principal", required=True, help="ARN, service principal, identity provider or `anonymous`.")
@click.option("--action", required=True, help="Such as s3:GetObject.")
@click.option("--resource", default="*", show_default=True, help="ARN, or * for an action without resource types.")
@click.option("--resource-account", help="Owner of the resource; default: the ARN's account, else the principal's.")
@click.option("--context", "context", multiple=True, metavar="KEY=VALUE", help="Condition key; repeated: a list.")
@click.option("--infer-context", is_flag=True, help="Fill in keys that follow from principal, resource and clock.")
@click.option("--identity-policy", type=FILE, multiple=True, help="Policy file (JSON or YAML); may be repeated.")
@click.option("--permissions-boundary", type=FILE, help="Policy file.")
@click.option("--session-policy", type=FILE, multiple=True, help="Policy file; may be repeated.")
@click.option("--resource-policy", type=FILE, help="Policy file: bucket, queue, key or trust policy.")
@click.option("--scp", type=FILE, multiple=True, help="Service control policy file; one level each, root to account.")
@click.option("--rcp", type=FILE, multiple=True, help="Resource control policy file; one level each, root to account.")
@click.option("--vpc-endpoint-policy", type=FILE, help="Policy file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def explain(form: str, context: tuple[str, ...], **flags: Any) -> None:
    """Explain one decision: every check, the statements that matched, and what came near.

    Exit code 0: allowed; 1: denied; 2: the question cannot be asked.
    """
    try:
        outcome = answer(_scenario(flags) | {"context": _context(context)})
    except UsageError as problem:
        click.echo(f"iamsim explain: {problem}", err=True)
        sys.exit(2)
    try:
        check_action(flags["action"])
    except UsageError as problem:
        click.echo(f"note: {problem}", err=True)
    click.echo(json.dumps(outcome.to_dict(), indent=2) if form == "json" else outcome.evaluation.explain())
    sys.exit(0 if outcome.evaluation.allowed else 1)


def _scenario(flags: dict[str, Any]) -> dict[str, Any]:
    def one(name: str) -> dict[str, Any] | None:
        return _named(flags[name]) if flags[name] else None

    return {
        "principal": flags["principal"],
        "action": flags["action"],
        "resource": flags["resource"],
        "resource_account": flags["resource_account"],
        "infer_context": flags["infer_context"],
        "identity_policies": [_named(path) for path in flags["identity_policy"]],
        "permissions_boundary": one("permissions_boundary"),
        "session_policies": [_named(path) for path in flags["session_policy"]],
        "resource_policy": one("resource_policy"),
        "scps": [[_named(path)] for path in flags["scp"]],
        "rcps": [[_named(path)] for path in flags["rcp"]],
        "vpc_endpoint_policy": one("vpc_endpoint_policy"),
    }


def _named(path: Path) -> dict[str, Any]:
    return {"name": str(path), "document": policy_in_file(path)}


def _context(given: tuple[str, ...]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for each in given:
        key, separator, value = each.partition("=")
        if not separator:
            raise UsageError(f"`--context {each}`: write KEY=VALUE")
        earlier = found.get(key)
        if earlier is None:
            found[key] = value
        else:
            found[key] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
    return found
