"""Which operations hand over a role to a service, so that the caller needs iam:PassRole (O-30)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.reference.service_authorization import Action

ROLE = re.compile(r"(?:^r|R)ole(?:Arn|ARN)?(?:Update)?$")
HANDS_NOTHING_OVER = ("Delete", "Disassociate", "Get", "Remove")
OF_OTHERS = re.compile(
    r"^Remove|^MasterBackendRole|RolesKey$|^crossAccountRole|(?<!Deliver)CrossAccountRole|^principal"
)
DEPTH = 8  # how many structures deep a role may be

# IAM prefixes of services that name roles without handing them over: as principals, or in what they report.
NAME_ONLY = frozenset(
    {
        "access-analyzer",
        "account-access",
        "auditmanager",
        "emr-containers",  # emr-containers:ExecutionRoleArn decides, and so it is with the steps of EMR
        "iam",
        "kms",
        "license-manager",
        "ram",
        "securityhub",
        "sso",
        "sts",
    }
)
NAMED_BY = frozenset(
    {  # by the service and its operation, or the member
        ("emr", "AddJobFlowSteps"),
        ("emr", "StepExecutionRoleArn"),
        ("iot", "CreateAuditSuppression"),
        ("iot", "UpdateAuditSuppression"),
        ("lakeformation", "AssumeDecoratedRoleWithSAML"),
        ("rum", "GuestRoleArn"),
    }
)


def hands_over_a_role(found: Action, model: Any) -> bool:
    """Whether the operation that `found` authorises has an input member for a role that a service then uses.

    AWS's table of dependent actions has iam:PassRole for fewer operations than check it.
    """
    if found.prefix in NAME_ONLY or found.access_level in ("List", "Read"):
        return False
    if model.input_shape is None or model.name.startswith(HANDS_NOTHING_OVER):
        return False
    service = model.service_model.service_name
    return any(
        ROLE.search(name) and _is_arn(name, member) and not is_named_only(service, model.name, name)
        for name, member in _members(model.input_shape, DEPTH, frozenset())
    )


def is_named_only(service: str, operation: str, member: str) -> bool:
    """Whether the role in `member` is only named, and not handed over."""
    return bool(OF_OTHERS.search(member)) or (service, operation) in NAMED_BY or (service, member) in NAMED_BY


def _members(shape: Any, depth: int, seen: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The members of the shape and of what is in it, those of lists and maps too."""
    if shape.type_name in ("list", "map"):
        yield from _members(shape.member if shape.type_name == "list" else shape.value, depth, seen)
    if shape.type_name != "structure" or not depth or shape.name in seen:
        return
    for name, member in shape.members.items():
        yield name, member
        if not OF_OTHERS.search(name):
            yield from _members(member, depth - 1, seen | {shape.name})


def _is_arn(name: str, member: Any) -> bool:
    """Whether the member holds an ARN, and not the name of a part that somebody plays."""
    if member.type_name != "string" or member.enum:
        return False
    return name.lower().endswith("arn") or "arn" in f"{member.documentation} {member.metadata.get('pattern')}".lower()
