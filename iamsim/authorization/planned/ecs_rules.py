"""Amazon ECS: clusters, revisions, tasks. Source: O section 5; context-keys section 14."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check, as_text
from iamsim.authorization.planned_tags import tagging
from iamsim.reference.actions import has_key
from iamsim.reference.values import is_arn

PLAIN = {  # members whose values are condition keys as they are, by their paths
    "container": "container-name",
    "cpu": "task-cpu",
    "enableECSManagedTags": "enable-ecs-managed-tags",
    "enableExecuteCommand": "enable-execute-command",
    "memory": "task-memory",
    "name": "account-setting",
    "overrides.cpu": "task-cpu",
    "overrides.memory": "task-memory",
    "propagateTags": "propagate-tags",
    "serviceConnectConfiguration.enabled": "enable-service-connect",
    "serviceConnectConfiguration.namespace": "namespace",
}
OF_SOME = frozenset(  # keys that AWS's reference has for fewer calls than have the members
    f"ecs:{name}"
    for name in (
        "account-setting",
        "capacity-provider",
        "cluster",
        "container-instances",
        "service",
        "task",
        "task-definition",
    )
)
EBS = "volumeConfigurations[].managedEBSVolume"
NETWORK = "networkConfiguration.awsvpcConfiguration"


def cluster(asked: Asked) -> str:
    """The ARN of the cluster that is named, else of the default one."""
    return asked.named(asked.get("cluster") or "default", "cluster/")


def task_definition(asked: Asked) -> str:
    """The ARN of the task definition; if no revision is named the latest, which is any if nothing is known of it."""
    arn = asked.named(asked.get("taskDefinition") or "*", "task-definition/")
    family = arn.rpartition("/")[2]
    return arn if ":" in family else asked.meant("ecs", "task-definition", family) or f"{arn}:*"


def in_cluster(asked: Asked, kind: str, name: str) -> str:
    """The ARN of a service, task or container instance of the cluster."""
    return name if is_arn(name) else asked.arn(f"{kind}/{cluster(asked).rpartition('/')[2]}/{name}")


def run_task(asked: Asked) -> Iterator[Check]:
    """The task definition; and to tag the tasks, which have no ids yet."""
    yield asked.check(task_definition(asked))
    yield from tagging(asked, in_cluster(asked, "task", "*"))


start_task = run_task


def register_task_definition(asked: Asked) -> Iterator[Check]:
    """The family, of which there will be a new revision."""
    yield asked.check(asked.arn(f"task-definition/{asked.get('family', '*')}:*"))


def delete_task_definitions(asked: Asked) -> Iterator[Check]:
    """Each revision."""
    for name in asked.get("taskDefinitions") or ("*",):
        yield asked.check(asked.named(name, "task-definition/"))


def create_service(asked: Asked) -> Iterator[Check]:
    """The service in its cluster."""
    yield asked.check(in_cluster(asked, "service", asked.get("serviceName") or asked.get("service") or "*"))


update_service = delete_service = create_service


def create_task_set(asked: Asked) -> Iterator[Check]:
    """The task set, be it still without an id, of the service in the cluster."""
    service = str(asked.get("service") or "*").rpartition("/")[2]
    name = str(asked.get("taskSet") or "*")
    yield asked.check(name if is_arn(name) else in_cluster(asked, "task-set", f"{service}/{name}"))


update_task_set = delete_task_set = create_task_set


def describe_services(asked: Asked) -> Iterator[Check]:
    """Each service."""
    for name in asked.get("services") or ("*",):
        yield asked.check(in_cluster(asked, "service", name))


def describe_tasks(asked: Asked) -> Iterator[Check]:
    """Each task."""
    for name in asked.get("tasks") or (asked.get("task") or "*",):
        yield asked.check(in_cluster(asked, "task", name))


stop_task = get_task_protection = update_task_protection = describe_tasks


def execute_command(asked: Asked) -> Iterator[Check]:
    """The cluster and the task."""
    yield asked.check(cluster(asked))
    yield from describe_tasks(asked)


def list_tasks(asked: Asked) -> Iterator[Check]:
    """The container instance, or any of the cluster."""
    yield asked.check(in_cluster(asked, "container-instance", asked.get("containerInstance") or "*"))


def describe_clusters(asked: Asked) -> Iterator[Check]:
    """Each cluster, else the default one."""
    for name in asked.get("clusters") or ("default",):
        yield asked.check(asked.named(name, "cluster/"))


def keys(asked: Asked) -> dict[str, Any]:
    """The cluster that a call works in, and what it starts there."""
    found: dict[str, Any] = {}
    if asked.model.input_shape is not None and "cluster" in asked.model.input_shape.members:
        found["cluster"] = cluster(asked)
    for path, key in PLAIN.items():
        for value in asked.at(path):
            found[key] = as_text(value)
    found["subnet"] = list(asked.at(f"{NETWORK}.subnets[]"))
    for value in asked.at(f"{NETWORK}.assignPublicIp"):
        found["auto-assign-public-ip"] = as_text(value == "ENABLED")
    providers = [*asked.at("capacityProviderStrategy[].capacityProvider"), *(asked.get("capacityProviders") or ())]
    found["capacity-provider"] = [asked.named(each, "capacity-provider/") for each in providers]
    if "volumeConfigurations" in asked.params:
        found["enable-ebs-volumes"] = as_text(any(asked.at(EBS)))
    if "vpcLatticeConfigurations" in asked.params:
        found["enable-vpc-lattice"] = as_text(bool(asked.get("vpcLatticeConfigurations")))
    if asked.get("taskDefinition"):
        found["task-definition"] = task_definition(asked)
    if asked.get("task"):
        found["task"] = in_cluster(asked, "task", asked.get("task"))
    if asked.get("service"):
        found["service"] = in_cluster(asked, "service", asked.get("service"))
    instances: list[str] = asked.get("containerInstances") or []
    if len(instances) == 1:
        found["container-instances"] = in_cluster(asked, "container-instance", instances[0])
    found["compute-compatibility"] = asked.get("requiresCompatibilities")
    if any(asked.at("containerDefinitions[].privileged")):
        found["privileged"] = "true"
    action = f"ecs:{asked.operation}"
    return {key: value for key, value in asked.keys(found).items() if key not in OF_SOME or has_key(action, key)}
