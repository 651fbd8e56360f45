"""AWS Systems Manager: documents, instances, parameters. Source: O section 5; `SAR`, AWS Systems Manager."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

OF_AWS = ("AWS-", "AWSEC2-", "AWSFleetManager-", "AWSSupport-", "AWSConfigRemediation-", "AmazonCloudWatch-")
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
IDS = {  # members that name a resource by another word than its type
    "WindowId": "maintenancewindow/",
    "WindowTargetId": "windowtarget/",
    "WindowTaskId": "windowtask/",
    "BaselineId": "patchbaseline/",
}


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """What the call names by ids; AWS's documents, which have no account; parameters without version or label."""
    for check in checks:
        for member, kind in IDS.items():
            if member in asked.params and check.resource.endswith(f":{kind}*"):
                check.resource = asked.named(asked.get(member), kind)
        before, slash, name = check.resource.partition(":document/")
        if slash:
            check.resource = document(asked, name)
        before, slash, name = check.resource.partition(":parameter/")
        if slash:
            check.resource = f"{before}:parameter/{name.partition(':')[0]}"
        check.resource = check.resource.replace(":servicesetting//", ":servicesetting/")
    return _of_the_right_type(checks)


def describe_parameters(asked: Asked) -> Iterator[Check]:
    """All there are."""
    yield asked.check(asked.arn("*"))


def get_parameters_by_path(asked: Asked) -> Iterator[Check]:
    """The path, as if it were a parameter."""
    yield asked.check(asked.arn(f"parameter/{str(asked.get('Path', '')).strip('/')}"))


def send_command(asked: Asked) -> Iterator[Check]:
    """The document, and each instance that is named."""
    yield asked.check(document(asked, asked.get("DocumentName")))
    ids = _instances(asked)
    for each in ids or ("*",):
        yield asked.check(instance(asked, each))
    if asked.get("OutputS3BucketName"):
        yield asked.check(asked.setting.arn("s3", asked.get("OutputS3BucketName"), region="", account=""))


def create_association(asked: Asked) -> Iterator[Check]:
    """The association to be, its document, and each instance that is named."""
    yield asked.check(asked.arn("association/*"))
    yield asked.check(document(asked, asked.get("Name")))
    for each in _instances(asked):
        yield asked.check(instance(asked, each))


def start_automation_execution(asked: Asked) -> Iterator[Check]:
    """The execution to be, and the runbook."""
    yield asked.check(asked.arn("automation-execution/*"))
    yield asked.check(document(asked, asked.get("DocumentName")))


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


def keys(asked: Asked) -> dict[str, Any]:
    """The kinds of inventory that are put."""
    names = list(dict.fromkeys(asked.at("Items[].TypeName"))) if asked.operation == "PutInventory" else []
    return {"ssm:InventoryTypeName": names[0]} if len(names) == 1 else {}


def encryption_context(asked: Asked) -> dict[str, str | None]:
    """The parameter (K-61)."""
    return {"PARAMETER_ARN": asked.named(str(asked.get("Name", "*")).lstrip("/"), "parameter/")}


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


def _instances(asked: Asked) -> list[str]:
    """The instances that the call names, by themselves or as targets."""
    ids = [*(asked.get("InstanceIds") or ()), *([asked.get("InstanceId")] if asked.get("InstanceId") else [])]
    for target in asked.get("Targets") or ():
        ids += target.get("Values", []) if str(target.get("Key", "")).lower() == "instanceids" else []
    return ids


def _of_the_right_type(checks: list[Check]) -> list[Check]:
    """Of an instance and a managed instance of one id, the one that the id is of."""
    wrong = (":managed-instance/i-", ":instance/mi-")
    return [check for check in checks if not any(each in check.resource for each in wrong)] or checks
