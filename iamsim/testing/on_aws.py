"""Running on AWS: the process is on an instance or in a container for a while, and finds its credentials there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import boto3

from iamsim.arn import Arn
from iamsim.cloud import Cloud
from iamsim.enforcement import Enforcement
from iamsim.errors import UsageError
from iamsim.kit.loader import load_service
from iamsim.testing.active import ACTIVE
from iamsim.testing.known_principals import role_arn
from iamsim.testing.origins import ORIGINS, Origin
from iamsim.testing.switches import SWITCHES

# Where SDKs look before they ask the instance. Files that are not there are no error.
ELSEWHERE: dict[str, str | None] = {
    "AWS_ACCESS_KEY_ID": None,
    "AWS_SECRET_ACCESS_KEY": None,
    "AWS_SESSION_TOKEN": None,
    "AWS_SECURITY_TOKEN": None,
    "AWS_PROFILE": None,
    "AWS_DEFAULT_PROFILE": None,
    "AWS_ROLE_ARN": None,
    "AWS_WEB_IDENTITY_TOKEN_FILE": None,
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": None,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": None,
    "AWS_EC2_METADATA_DISABLED": None,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,
}


@contextmanager
def on_instance(instance_id: str) -> Iterator[None]:
    """Inside the block this process runs on the simulated EC2 instance, and every call is checked.

    Whoever looks for credentials finds those of the role of its instance profile at 169.254.169.254. Calls come from
    the instance's public address, if it has one and `from_network` does not say otherwise. Raises UsageError for an
    instance that does not exist or does not run.
    """
    metadata = ACTIVE.simulator.metadata
    before = metadata.instance_id
    metadata.run_on(instance_id)
    try:
        with ExitStack() as stack:
            if metadata.public_ip is not None and not ORIGINS.is_set:
                stack.enter_context(ORIGINS.set(Origin(metadata.public_ip)))
            stack.enter_context(_credentials_found_there({}))
            yield
    finally:
        metadata.put_back(before)


@contextmanager
def in_container(role: str, *, account: str | None = None) -> Iterator[None]:
    """Inside the block this process runs in a container under the role of that name or ARN, and every call is checked.

    Whoever looks for credentials finds the role's at 169.254.170.2, as in a task of ECS.
    """
    metadata = ACTIVE.simulator.metadata
    path = metadata.add_container(_role(ACTIVE.simulator.cloud, role_arn(role, account)))
    try:
        with _credentials_found_there({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": path}):
            yield
    finally:
        metadata.remove_container(path)


def _role(cloud: Cloud, arn: str) -> object:
    found = cloud.resources.find(load_service("iam").classes["role"], Arn.parse(arn))
    if found is None:
        raise UsageError(f"the simulator has no role `{arn}`")
    return found


@contextmanager
def _credentials_found_there(variables: dict[str, str]) -> Iterator[None]:
    """No credentials in the environment or in files, no session that has some already; and every call is checked."""
    with ExitStack() as stack:
        for name, value in (ELSEWHERE | variables).items():
            stack.callback(_set, name, os.environ.get(name))
            _set(name, value)
        stack.callback(setattr, boto3, "DEFAULT_SESSION", boto3.DEFAULT_SESSION)
        boto3.DEFAULT_SESSION = None
        stack.enter_context(SWITCHES.set(Enforcement(0)))
        yield


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
