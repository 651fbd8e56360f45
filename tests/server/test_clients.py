"""Real clients in other languages. Each runs where it is installed:

    python -m venv .bench/aws-cli && .bench/aws-cli/bin/pip install awscli
    mkdir -p .bench/aws-sdk-js && cd .bench/aws-sdk-js && npm install @aws-sdk/client-{s3,dynamodb,sqs,sts,iam} \\
        @aws-sdk/s3-request-presigner @aws-sdk/lib-storage
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from iamsim.server import ServerThread

SCRIPTS = Path(__file__).parent / "clients"
INSTALLED = Path(__file__).parents[2] / ".bench"
AWS_CLI = INSTALLED / "aws-cli" / "bin" / "aws"
AWS_SDK = INSTALLED / "aws-sdk-js"


def run(*command: str | Path, folder: Path) -> None:
    done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "all as expected\n"), done.stdout + done.stderr


@pytest.mark.skipif(not AWS_CLI.exists() or not shutil.which("curl"), reason="the AWS CLI is not in .bench/aws-cli")
def test_the_aws_cli(server: ServerThread) -> None:
    run("bash", SCRIPTS / "aws_cli.sh", AWS_CLI, server.url, folder=SCRIPTS)


@pytest.mark.skipif(
    not (AWS_SDK / "node_modules").exists() or not shutil.which("node"),
    reason="the AWS SDK for JavaScript is not in .bench/aws-sdk-js",
)
def test_the_aws_sdk_for_javascript(server: ServerThread) -> None:
    run("node", SCRIPTS / "aws_sdk.mjs", server.url, folder=AWS_SDK)
