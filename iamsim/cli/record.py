"""`iamsim record -- COMMAND`: what a program, in any language, needs to be allowed, as policies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from iamsim.cloud import DEFAULT_REGION, Credential
from iamsim.enforcement import Enforcement
from iamsim.errors import UsageError
from iamsim.policy.principal import Principal
from iamsim.server import ServerThread
from iamsim.simulator import Simulator
from iamsim.testing.recording import Recording
from iamsim.tools.least_privilege.files import FORMATS, summary, write_policies

KEY, SECRET, TOKEN = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"
DUMMY = {KEY: "AKIAIAMSIMRECORDS234", SECRET: "iamsim"}
ARRANGING = "AKIAARRANGING2345672"
NOT_FOUND, NOT_EXECUTABLE = 127, 126  # as shells say it


@click.command(
    short_help="Run a program, and write the policies that it needs.",
    options_metavar="[OPTIONS]",
    context_settings={"allow_interspersed_args": False},
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGS]...")
@click.option(
    "--output",
    default="iamsim-policies",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the policies.",
)
@click.option("--exact", is_flag=True, help="Resources as they were: no patterns for account, Region and ids.")
@click.option("--format", "form", default="json", show_default=True, type=click.Choice(FORMATS), help="Of the files.")
@click.option("--include-root", is_flag=True, help="Root users whose credentials the simulator issued count, too.")
@click.option("--enforce", metavar="[always|never|N]", default="never", show_default=True, help="When IAM is enforced.")
def record(command: Sequence[str], output: Path, exact: bool, form: str, include_root: bool, enforce: str) -> None:
    """Run COMMAND against a simulated AWS, and write policies that allow what its calls needed.

    AWS_ENDPOINT_URL leads AWS's SDKs and CLI there. The calls that COMMAND makes with the credentials that it was
    started with are those of "the program"; users and roles whose credentials it gets from IAM and STS have policies of
    their own. Where IAM is enforced, the program is an administrator, the user `program`. The exit code is COMMAND's.
    """
    recording = Recording(takes_root=include_root, takes_program=True)
    try:
        enforcement = _enforcement(enforce)
        simulator = Simulator(recorder=recording)
        environment = with_aws(os.environ)
        with ServerThread(simulator) as server:
            if enforcement.after is not None:
                issue(environment, simulator, server.url)
                simulator.pipeline.enforcement = lambda: enforcement
                recording.left_out.clear()
            code = run(command, {**environment, "AWS_ENDPOINT_URL": server.url})
        written = write_policies(output, recording.needs, is_exact=exact, form=form, root="program")
    except UsageError as mistake:
        raise click.UsageError(str(mistake)) from None
    lines = summary(written) or ["no call needed a permission: no policy was written"]
    click.echo(f"iamsim: policies in {output}", err=True)
    for line in (*lines, *recording.notes("--include-root")):
        click.echo(f"  {line}", err=True)
    sys.exit(code)


def with_aws(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` with credentials and a Region where it has none, and without what leads elsewhere."""
    made = {name: value for name, value in environment.items() if not name.startswith("AWS_ENDPOINT_URL_")}
    made["AWS_EC2_METADATA_DISABLED"] = "true"
    made.pop("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", None)
    if not (made.get(KEY) and made.get(SECRET)):
        made.pop(TOKEN, None)
        made |= DUMMY
    if not any(made.get(name) for name in ("AWS_REGION", "AWS_DEFAULT_REGION")):
        made |= dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), DEFAULT_REGION)
    return made


def issue(environment: Mapping[str, str], simulator: Simulator, url: str) -> None:
    """Make the program an administrator, the user `program`, so that its credentials hold where IAM is enforced."""
    import boto3

    cloud = simulator.cloud
    cloud.credentials[ARRANGING] = Credential(ARRANGING, SECRET, Principal.root(cloud.account))
    iam = boto3.client(
        "iam", endpoint_url=url, region_name=DEFAULT_REGION, aws_access_key_id=ARRANGING, aws_secret_access_key=SECRET
    )
    iam.create_user(UserName="program")
    iam.attach_user_policy(UserName="program", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    made = iam.create_access_key(UserName="program")["AccessKey"]["AccessKeyId"]
    principal = cloud.credentials.pop(made).principal
    key, secret, token = environment[KEY], environment[SECRET], environment.get(TOKEN)
    cloud.credentials[key] = Credential(key, secret, principal, session_token=token)
    del cloud.credentials[ARRANGING]


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command with our own input and output; its exit code, 128 and the number for a signal."""
    try:
        child = subprocess.Popen(command, env=environment)  # noqa: S603 - what the user asks for
    except FileNotFoundError:
        click.echo(f"iamsim record: `{command[0]}`: command not found", err=True)
        return NOT_FOUND
    except OSError as problem:
        click.echo(f"iamsim record: `{command[0]}`: {(problem.strerror or str(problem)).lower()}", err=True)
        return NOT_EXECUTABLE
    with _signals_for(child):
        code = child.wait()
    return 128 - code if code < 0 else code


@contextmanager
def _signals_for(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """What ends us ends the command first, and what it needed so far is written. Ctrl+C reaches it by itself."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda number, frame: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda number, frame: child.terminate()),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _enforcement(text: str) -> Enforcement:
    if text.isdecimal():
        return Enforcement(int(text))
    found = {"always": Enforcement(0), "never": Enforcement(None)}.get(text)
    if found is None:
        raise UsageError(f"`--enforce {text}`: give `always`, `never` or the number of calls that run unchecked")
    return found
