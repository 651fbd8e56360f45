"""One server for all tests of this folder, empty for each, and clients for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from iamsim.server import ServerThread
from iamsim.simulator import Simulator
from tests.server.wire import Wire

REGION = "eu-central-1"
Keys = dict[str, str]


@pytest.fixture(scope="session")
def running() -> Iterator[ServerThread]:
    with ServerThread(Simulator()) as server:
        yield server


@pytest.fixture
def server(running: ServerThread) -> Iterator[ServerThread]:
    yield running
    enforce(running, "never")
    running.simulator.reset()


@pytest.fixture
def wire(server: ServerThread) -> Iterator[Callable[[], Wire]]:
    """Opens plain connections to the server."""
    opened: list[Wire] = []

    def connect() -> Wire:
        opened.append(Wire(server.port))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def session() -> Any:
    return boto3.Session(region_name=REGION)


@pytest.fixture
def client(server: ServerThread, session: Any) -> Iterator[Callable[..., Any]]:
    """Makes boto3 clients that call the server, by default with keys that nobody knows."""
    made = []

    def make(service: str, keys: Keys | None = None, **options: Any) -> Any:
        options.setdefault("endpoint_url", server.url)
        options.setdefault("config", Config(retries={"total_max_attempts": 1}))
        keys = keys or {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        made.append(session.client(service, **keys, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def user(server: ServerThread, client: Callable[..., Any]) -> Callable[..., Keys]:
    """Makes a user with a policy, unchecked; gives its keys and enforces IAM from then on."""

    def make(*actions: str, resource: str = "*") -> Keys:
        iam = client("iam")
        iam.create_user(UserName="alice")
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        if actions:
            iam.put_user_policy(UserName="alice", PolicyName="some", PolicyDocument=document)
        key = iam.create_access_key(UserName="alice")["AccessKey"]
        enforce(server, "always")
        return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}

    return make


def enforce(server: ServerThread, when: str | int) -> None:
    answer = requests.put(f"{server.url}/_iamsim/enforcement", json={"enforce": when}, timeout=10)
    assert answer.status_code == 200, answer.text
