"""Real clients in other languages. Each runs where it is installed: `make test-clients` installs them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from iamsim.errors import ApiError
from iamsim.protocol import identify, parse, serialize, serialize_error
from iamsim.request import HttpRequest, HttpResponse
from iamsim.server import ServerThread
from tests.server.stand_in import Answering

SCRIPTS = Path(__file__).parent / "clients"
INSTALLED = Path(__file__).parents[2] / ".bench"
AWS_CLI = INSTALLED / "aws-cli" / "bin" / "aws"
AWS_SDK = INSTALLED / "aws-sdk-js"


def run(*command: str | Path, folder: Path) -> None:
    done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stdout) == (0, "all as expected\n"), done.stdout + done.stderr


needs_aws_cli = pytest.mark.skipif(
    not AWS_CLI.exists() or not shutil.which("curl"), reason="the AWS CLI is not in .bench/aws-cli: make test-clients"
)
needs_javascript = pytest.mark.skipif(
    not (AWS_SDK / "node_modules").exists() or not shutil.which("node"),
    reason="the AWS SDK for JavaScript is not in .bench/aws-sdk-js: make test-clients",
)


@needs_aws_cli
def test_the_aws_cli(server: ServerThread) -> None:
    run("bash", SCRIPTS / "aws_cli.sh", AWS_CLI, server.url, folder=SCRIPTS)


@needs_javascript
def test_the_aws_sdk_for_javascript(server: ServerThread) -> None:
    run("node", SCRIPTS / "aws_sdk.mjs", server.url, folder=AWS_SDK)


def cloudwatch(http: HttpRequest) -> HttpResponse:
    """Answers ListMetrics with what it asks for, and everything else with an error that says when it was to start."""
    operation = identify(http)
    assert operation.protocol == "smithy-rpc-v2-cbor"
    params = parse(operation, http)
    if operation.name == "ListMetrics":
        return serialize(operation, {"Metrics": [params]}, "request-1")
    start = params["StartTime"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return serialize_error(operation, ApiError(start, code="InvalidNextToken"), "request-1")


@needs_javascript
def test_the_aws_sdk_for_javascript_in_cbor() -> None:
    with ServerThread(Answering(cloudwatch)) as server:
        run("node", SCRIPTS / "aws_sdk_cbor.mjs", server.url, folder=AWS_SDK)


def test_boto3_in_cbor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", ("smithy-rpc-v2-cbor",))
    with ServerThread(Answering(cloudwatch)) as server:
        client = boto3.client(
            "cloudwatch",
            region_name="eu-central-1",
            endpoint_url=server.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"total_max_attempts": 1}),
        )
        metric = {"Namespace": "Orders", "Dimensions": [{"Name": "Queue", "Value": "ü"}]}
        assert client.list_metrics(**metric)["Metrics"] == [metric]
        with pytest.raises(ClientError) as refused:
            client.get_metric_data(MetricDataQueries=[], StartTime=1706702400, EndTime=1706706000)
        assert refused.value.response["Error"] == {
            "Code": "InvalidNextToken",
            "Message": "2024-01-31T12:00:00.000Z",
            "QueryErrorCode": "InvalidNextToken",
            "Type": "Sender",
        }
        client.close()
