"""AWS Systems Manager: documents, instances, parameters. Source: O section 5."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

OF_AWS = ("AWS-", "AWSEC2-", "AWSFleetManager-", "AWSSupport-", "AWSConfigRemediation-", "AmazonCloudWatch-")
DEFAULT_SESSION = "SSM-SessionManagerRunShell"
TAGGED = {
    "Document": "document/",
    "MaintenanceWindow": "maintenancewindow/",
    "ManagedInstance": "managed-instance/",
    "OpsItem": "opsitem/",
    "OpsMetadata": "opsmetadata/",
    "Parameter": "parameter/",
    "PatchBaseline": "patchbaseline/",
    "Automation": "automation-execution/",
    "Association": "association/",
}


def describe_parameters(asked: Asked) -> Iterator[Check]:
    """All there are."""
    yield asked.check(asked.arn("*"))


def get_parameters_by_path(asked: Asked) -> Iterator[Check]:
    """The path, as if it were a parameter."""
    yield asked.check(asked.arn(f"parameter/{str(asked.get('Path', '')).strip('/')}"))


def send_command(asked: Asked) -> Iterator[Check]:
    """The document, and each instance that is named."""
    yield asked.check(document(asked, asked.get("DocumentName")))
    ids = list(asked.get("InstanceIds") or ())
    for target in asked.get("Targets") or ():
        ids += target.get("Values", []) if str(target.get("Key", "")).lower() == "instanceids" else []
    if not ids:
        yield asked.check(instance(asked, "*"))
    for each in ids:
        yield asked.check(instance(asked, each))
    if asked.get("OutputS3BucketName"):
        yield asked.check(asked.setting.arn("s3", asked.get("OutputS3BucketName"), region="", account=""))


def start_session(asked: Asked) -> Iterator[Check]:
    """The instance or task, and the document of the session if one is named."""
    yield asked.check(instance(asked, str(asked.get("Target", "*"))))
    if asked.get("DocumentName"):
        yield asked.check(document(asked, asked.get("DocumentName")))


def add_tags_to_resource(asked: Asked) -> Iterator[Check]:
    """The resource, whose type the call says."""
    name = str(asked.get("ResourceId", "*")).lstrip("/")
    yield asked.check(asked.named(name, TAGGED.get(asked.get("ResourceType", ""), "*/")))


remove_tags_from_resource = list_tags_for_resource = add_tags_to_resource


def document(asked: Asked, name: str | None) -> str:
    """The ARN of a document; those of AWS have no account."""
    if name is None or is_arn(name):
        return name or asked.arn("document/*")
    return asked.arn(f"document/{name}", account="") if name.startswith(OF_AWS) else asked.arn(f"document/{name}")


def instance(asked: Asked, name: str) -> str:
    """The ARN of an instance of EC2, of a managed one (`mi-`), or of an ECS task (`ecs:cluster_task_container`)."""
    if name.startswith("mi-"):
        return asked.arn(f"managed-instance/{name}")
    if name.startswith("ecs:") and name.count("_") >= 2:
        cluster, task, *_ = name[4:].split("_")
        return asked.setting.arn("ecs", f"task/{cluster}/{task}")
    return asked.setting.arn("ec2", f"instance/{name}")
