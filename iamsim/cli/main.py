"""The command `iamsim`."""

from __future__ import annotations

import click

from iamsim.cli.actions import actions
from iamsim.cli.authorize_plan import authorize_plan
from iamsim.cli.coverage import coverage
from iamsim.cli.demo import demo
from iamsim.cli.explain import explain
from iamsim.cli.record import record
from iamsim.cli.serve import serve
from iamsim.cli.simulate import simulate
from iamsim.cli.test import test


@click.group()
@click.version_option(package_name="iamsim")
def main() -> None:
    """Simulate AWS with real IAM."""


main.add_command(actions)
main.add_command(authorize_plan)
main.add_command(coverage)
main.add_command(demo)
main.add_command(explain)
main.add_command(record)
main.add_command(serve)
main.add_command(simulate)
main.add_command(test)
