"""The command `iamsim`."""

from __future__ import annotations

import click

from iamsim.cli.coverage import coverage
from iamsim.cli.demo import demo


@click.group()
@click.version_option(package_name="iamsim")
def main() -> None:
    """Simulate AWS with real IAM."""


main.add_command(coverage)
main.add_command(demo)
