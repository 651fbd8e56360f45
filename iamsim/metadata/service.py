"""The metadata service of one simulated cloud: of the instance or the container that the process is said to run on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from iamsim.cloud import Cloud, Credential
from iamsim.errors import ApiError, UsageError
from iamsim.kit.loader import load_service
from iamsim.machine import Machine, MachineSource
from iamsim.metadata.hosts import CONTAINER_HOSTS, INSTANCE_HOSTS
from iamsim.metadata.instance import InstanceMetadata
from iamsim.metadata.role_delivery import RoleDelivery, written
from iamsim.request import Call, HttpRequest, HttpResponse

TASKS = "ecs-tasks.amazonaws.com"
CREDENTIALS_PATH = "/v2/credentials/"


class NotOnAws(Exception):
    """There is no instance or container to tell about: who asks finds nobody at the address."""


class MetadataService:
    """Answers what is asked at 169.254.169.254 and 169.254.170.2. Until `run_on` is called nobody is there."""

    def __init__(self, cloud: Cloud, check: Callable[[Call], None]) -> None:
        self._cloud = cloud
        self._delivery = RoleDelivery(cloud, check)
        self._instance: InstanceMetadata | None = None
        self._containers: dict[str, Any] = {}  # the role of each by the path of its credentials
        self._lock = threading.RLock()

    @property
    def instance_id(self) -> str | None:
        """The instance that the process is said to run on."""
        return self._instance.id if self._instance is not None else None

    @property
    def public_ip(self) -> str | None:
        """The public address of that instance, from which its calls come."""
        machine = self._machine(self._instance.id) if self._instance is not None else None
        return machine.categories.get("public-ipv4") if machine is not None else None

    def run_on(self, instance_id: str | None) -> None:
        """Tell of this instance from now on; None: of none. Raises UsageError if there is none, or it does not run."""
        machine = self._machine(instance_id) if instance_id is not None else None
        if machine is None and instance_id is not None:
            known = ", ".join(self._machines().instance_ids()) or "none"
            raise UsageError(f"the simulator has no instance `{instance_id}`; known are: {known}")
        if machine is not None and not machine.is_running:
            raise UsageError(f"the instance `{instance_id}` is not running: nothing can run on it")
        self.put_back(instance_id)

    def put_back(self, instance_id: str | None) -> None:
        """As `run_on`, for an instance that may have gone meanwhile: then nobody answers for it."""
        self._instance = None if instance_id is None else InstanceMetadata(instance_id, self._cloud, self._delivery)

    def add_container(self, role: Any) -> str:
        """The path at which a container that runs under IAM's `role` finds its credentials, as ECS would give it."""
        path = CREDENTIALS_PATH + self._cloud.clock.new_id()
        self._containers[path] = role
        return path

    def remove_container(self, path: str) -> None:
        """The container is gone, and nobody is told its credentials."""
        self._containers.pop(path, None)

    def handle(self, http: HttpRequest) -> HttpResponse:
        """The answer at one of the addresses. Raises NotOnAws where nobody is there."""
        host = http.host.removesuffix(":80")
        if host in CONTAINER_HOSTS:
            return self._container(http)
        if host not in INSTANCE_HOSTS:
            raise NotOnAws(host)
        return self.tell_instance(http)

    def tell_instance(self, http: HttpRequest) -> HttpResponse:
        """The answer of the instance's own service, whatever the host. Raises NotOnAws."""
        with self._lock:
            instance = self._instance
            machine = self._machine(instance.id) if instance is not None else None
            if instance is None or machine is None or not machine.is_running:
                raise NotOnAws(http.host)
            return instance.answer(machine, http)

    def _machines(self) -> MachineSource:
        source: MachineSource = load_service("ec2").providers[MachineSource](self._cloud)
        return source

    def _machine(self, instance_id: str) -> Machine | None:
        return self._machines().machine(instance_id)

    def _container(self, http: HttpRequest) -> HttpResponse:
        if not self._containers:
            raise NotOnAws(http.host)
        role = self._containers.get(http.path)
        if role is None or http.method != "GET":
            return _reply(
                {"code": "NoIdInRequest", "message": "CredentialsV2Request: No Credential ID in the request"}, 400
            )
        task = http.path.removeprefix(CREDENTIALS_PATH).replace("-", "")
        with self._lock:
            try:
                issued = self._delivery.credentials(role, TASKS, task, {}, http, "us-east-1")
            except ApiError as refusal:
                return _reply({"code": "UnableToAssumeRole", "message": refusal.message}, 400)
        return _reply(_container_credentials(str(role.arn), issued), 200)


def _container_credentials(role: str, issued: Credential) -> dict[str, Any]:
    return {
        "RoleArn": role,
        "AccessKeyId": issued.access_key_id,
        "SecretAccessKey": issued.secret_access_key,
        "Token": issued.session_token,
        "Expiration": written(issued.expires_at or 0),
    }


def _reply(document: dict[str, Any], status: int) -> HttpResponse:
    body = json.dumps(document).encode()
    return HttpResponse(status, {"Content-Type": "application/json", "Content-Length": str(len(body))}, body)
