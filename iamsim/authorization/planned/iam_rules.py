"""AWS IAM, where no mock answers. Source: context-keys section 8; DeleteServiceLinkedRole (the task's id)."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked, Check, as_text
from iamsim.reference.actions import has_key

MEMBERS = {
    "ServiceName": "iam:ServiceSpecificCredentialServiceName",
    "CredentialAgeDays": "iam:ServiceSpecificCredentialAgeDays",
    "Permissions.PolicyTemplateArn": "iam:TemplateArn",
}


def keys(asked: Asked) -> dict[str, Any]:
    """What a service-specific credential is for, and for how long; the template of a delegation."""
    given = {key: value for path, key in MEMBERS.items() for value in asked.at(path)}
    return {key: as_text(value) for key, value in given.items() if has_key(f"iam:{asked.operation}", key)}


def without_state(asked: Asked, checks: list[Check]) -> None:
    """The role that a deletion task is about, which the task's id ends in: `task/aws-service-role/SERVICE/ROLE/ID`."""
    if asked.operation == "GetServiceLinkedRoleDeletionStatus":
        role = str(asked.get("DeletionTaskId", "")).removeprefix("task/").rpartition("/")[0]
        if role:
            checks[0].resource = asked.setting.arn("iam", f"role/{role}", region="")
