"""`iamsim serve`: the simulated AWS on a port, for clients in any language."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from iamsim.authorization.declaring import declare_actions
from iamsim.enforcement import VARIABLE, Enforcement
from iamsim.errors import UsageError
from iamsim.server import ServerThread
from iamsim.simulator import Simulator

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command(options_metavar="[OPTIONS]", short_help="Simulate AWS over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 takes a free one."
)
@click.option(
    "--enforce",
    metavar="[always|never|after N]",
    help=f"When IAM is enforced: on every call, on none, or after N calls. [default: {VARIABLE}, else never]",
)
@click.option(
    "--actions",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file that says what operations need of which iamsim does not know it.",
)
@click.option("--tls", is_flag=True, help="Listen with TLS, under a certificate made for this run.")
@click.argument("number", required=False, metavar="")
def serve(host: str, port: int, enforce: str | None, actions: tuple[Path, ...], tls: bool, number: str | None) -> None:
    """Simulate AWS on one port, for every service and clients in any language, until SIGINT or SIGTERM."""
    try:
        enforcement = _enforcement(enforce, number)
        for path in actions:
            declare_actions(path.read_text("utf-8"), str(path))
        server = ServerThread(Simulator(enforcement=enforcement), host=host, port=port, tls=tls).start()
    except UsageError as mistake:
        raise click.UsageError(str(mistake)) from None
    stop = _stop_signal()
    click.echo(f"iamsim simulates AWS on {server.url}; IAM is {_in_words(enforcement)}. Ctrl+C ends it.")
    click.echo(f"  export AWS_ENDPOINT_URL={server.url}")
    if server.certificate is not None:
        click.echo(f"  export AWS_CA_BUNDLE={server.certificate}")
    if host not in LOOPBACK:
        click.echo(f"Warning: whoever reaches {host} can use it, its admin endpoints too.", err=True)
    while not stop.wait(1):  # a wait without an end cannot be interrupted on every system
        pass
    server.stop()
    click.echo("iamsim has stopped.")


def _enforcement(enforce: str | None, number: str | None) -> Enforcement:
    words = [*(enforce or "").split(), *([number] if number is not None else [])]
    match words:
        case []:
            return Enforcement.from_environment(os.environ)
        case ["always"]:
            return Enforcement(0)
        case ["never"]:
            return Enforcement(None)
        case ["after", count] if enforce and count.isdecimal():
            return Enforcement.of(count)
    if not enforce:
        raise UsageError(f"unexpected argument `{number}`")
    raise UsageError(f"`--enforce {' '.join(words)}`: give `always`, `never` or `after` and a number of calls")


def _in_words(enforcement: Enforcement) -> str:
    if enforcement.after is None:
        return "not enforced"
    if enforcement.after == 0:
        return "enforced on every call"
    return f"enforced after {enforcement.after} call{'s' if enforcement.after > 1 else ''}"


def _stop_signal() -> threading.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends the process at once."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop
