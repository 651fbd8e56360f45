"""Amazon ECS: clusters, revisions, tasks. Source: O section 5; context-keys section 14."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

BOOLEANS = {"enableExecuteCommand": "enable-execute-command", "enableECSManagedTags": "enable-ecs-managed-tags"}


def cluster(asked: Asked) -> str:
    """The ARN of the cluster that is named, else of the default one."""
    return asked.named(asked.get("cluster") or "default", "cluster/")


def run_task(asked: Asked) -> Iterator[Check]:
    """The task definition, of whichever revision if none is named; to tag the tasks, if there are tags."""
    name = str(asked.get("taskDefinition") or "*")
    arn = asked.named(name, "task-definition/")
    family = arn.rpartition("/")[2]
    yield asked.check(arn if ":" in family else asked.meant("ecs", "task-definition", family) or f"{arn}:*")


start_task = run_task


def register_task_definition(asked: Asked) -> Iterator[Check]:
    """The family, of which there will be a new revision."""
    yield asked.check(asked.arn(f"task-definition/{asked.get('family', '*')}:*"))


def create_service(asked: Asked) -> Iterator[Check]:
    """The service in its cluster."""
    name = asked.get("serviceName") or asked.get("service") or "*"
    yield asked.check(name if is_arn(name) else asked.arn(f"service/{cluster(asked).rpartition('/')[2]}/{name}"))


update_service = delete_service = create_task_set = create_service


def describe_services(asked: Asked) -> Iterator[Check]:
    """Each service."""
    for name in asked.get("services") or ("*",):
        yield asked.check(name if is_arn(name) else asked.arn(f"service/{cluster(asked).rpartition('/')[2]}/{name}"))


def describe_tasks(asked: Asked) -> Iterator[Check]:
    """Each task."""
    for name in asked.get("tasks") or (asked.get("task") or "*",):
        yield asked.check(name if is_arn(name) else asked.arn(f"task/{cluster(asked).rpartition('/')[2]}/{name}"))


stop_task = describe_tasks


def execute_command(asked: Asked) -> Iterator[Check]:
    """The cluster and the task."""
    yield asked.check(cluster(asked))
    yield from describe_tasks(asked)


def list_tasks(asked: Asked) -> Iterator[Check]:
    """The container instance, or any of the cluster."""
    name = asked.get("containerInstance") or "*"
    yield asked.check(
        name if is_arn(name) else asked.arn(f"container-instance/{cluster(asked).rpartition('/')[2]}/{name}")
    )


def describe_clusters(asked: Asked) -> Iterator[Check]:
    """Each cluster, else the default one."""
    for name in asked.get("clusters") or ("default",):
        yield asked.check(asked.named(name, "cluster/"))


def keys(asked: Asked) -> dict[str, Any]:
    """The cluster that a call works in, and what it starts there."""
    found: dict[str, Any] = {}
    members = asked.model.input_shape.members if asked.model.input_shape else {}
    if "cluster" in members and asked.operation not in ("DeleteCluster", "UpdateCluster", "UpdateClusterSettings"):
        found["cluster"] = cluster(asked)
    for member, key in BOOLEANS.items():
        if member in asked.params:
            found[key] = str(asked.params[member]).lower()
    found["container-name"] = asked.get("container")
    found["propagate-tags"] = asked.get("propagateTags")
    found["subnet"] = list(asked.at("networkConfiguration.awsvpcConfiguration.subnets[]"))
    public = asked.at("networkConfiguration.awsvpcConfiguration.assignPublicIp")
    found["auto-assign-public-ip"] = next(({"ENABLED": "true"}.get(each, "false") for each in public), None)
    found["capacity-provider"] = list(asked.at("capacityProviderStrategy[].capacityProvider"))
    found["task-cpu"], found["task-memory"] = asked.get("cpu"), asked.get("memory")
    if asked.operation in ("CreateService", "UpdateService") and asked.get("taskDefinition"):
        found["task-definition"] = asked.named(asked.get("taskDefinition"), "task-definition/")
    if asked.operation == "RegisterTaskDefinition":
        found["compute-compatibility"] = asked.get("requiresCompatibilities")
        privileged = any(asked.at("containerDefinitions[].privileged"))
        found["privileged"] = "true" if privileged else None
    return asked.keys(found)
