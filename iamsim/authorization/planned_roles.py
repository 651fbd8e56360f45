"""iam:PassRole for every role that a call hands over to a service, wherever in the input it stands (O section 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import action
from iamsim.reference.default_access import PASS_ROLE, OperationAccess
from iamsim.reference.passed_roles import HANDS_NOTHING_OVER
from iamsim.reference.values import ACCOUNT, is_arn

ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d*:role/")
ROLE_NAME = re.compile(r"[\w+=,.@/-]+")
HOLDS_A_ROLE = re.compile(r"[Rr]ole(?!s?Session)|^credentials$|PermissionArn$|^SnsCallerArn$|^roles?$|IamAuth")
NAMED_ROLES = frozenset(
    {"ServiceRole", "JobFlowRole", "AutoScalingRole", "IamRole", "serviceRole", "instanceRole", "Role", "role"}
)
TRUSTS = frozenset(
    {"iam", "sts", "ram", "lakeformation", "kms", "sso", "access-analyzer"}
)  # they name, not pass, roles

# Who uses the role, where it is not `<IAM prefix>.amazonaws.com`: by service, then by service and operation or member.
PASSED_TO = {
    "amplifybackend": "amplify",
    "cloudcontrol": "cloudformation",
    "docdb": "rds",
    "elb": "elasticloadbalancing",
    "lexv2-models": "lexv2",
    "neptune": "rds",
    "opensearch": "opensearchservice",
    "es": "opensearchservice",
    "s3control": "batchoperations.s3",
    "medialive": "medialive",
    "application-autoscaling": "application-autoscaling",
    "eks-auth": "pods.eks",
    "logs": "logs",
}
PASSED_BY = {
    ("batch", "jobRoleArn"): "ecs-tasks",
    ("batch", "executionRoleArn"): "ecs-tasks",
    ("batch", "taskRoleArn"): "ecs-tasks",
    ("batch", "instanceRole"): "ec2",
    ("cloudformation", "RegisterType"): "resources.cloudformation",
    ("cloudwatch", "PutMetricStream"): "streams.metrics.cloudwatch",
    ("ec2", "CreateFlowLogs"): "vpc-flow-logs",
    ("ec2", "RequestSpotFleet"): "spotfleet",
    ("ecs", "RegisterTaskDefinition"): "ecs-tasks",
    ("ecs", "RunTask"): "ecs-tasks",
    ("ecs", "StartTask"): "ecs-tasks",
    ("ecs", "roleArn"): "ecs",
    ("eks", "nodeRole"): "ec2",
    ("eks", "nodeRoleArn"): "ec2",
    ("eks", "podExecutionRoleArn"): "eks-fargate-pods",
    ("eks", "CreatePodIdentityAssociation"): "pods.eks",
    ("eks", "UpdatePodIdentityAssociation"): "pods.eks",
    ("emr", "JobFlowRole"): "ec2",
    ("emr", "AutoScalingRole"): "application-autoscaling",
    ("rds", "MonitoringRoleArn"): "monitoring.rds",
    ("neptune", "MonitoringRoleArn"): "monitoring.rds",
    ("docdb", "MonitoringRoleArn"): "monitoring.rds",
    ("rds", "StartExportTask"): "export.rds",
    ("s3control", "CreateAccessGrantsLocation"): "access-grants.s3",
}


def passed_roles(asked: Asked, access: OperationAccess) -> Iterator[Check]:
    """iam:PassRole on each role, with the service that will use it."""
    is_documented = any(needed.action == PASS_ROLE for needed in access.needed)
    if asked.prefix in TRUSTS or (not is_documented and not _changes(asked, access)):
        return
    for member, value in _roles(asked.params, ""):
        arn = _arn(member, value, asked, is_documented)
        if arn is not None:
            yield pass_role(arn, _user(asked, member))


def pass_role(role: str, service: str) -> Check:
    """iam:PassRole on the role for the service whose principal begins with `service`."""
    return Check(PASS_ROLE, role, {"iam:PassedToService": f"{service}.amazonaws.com"})


def _changes(asked: Asked, access: OperationAccess) -> bool:
    """Whether the operation is one that could hand over a role."""
    if asked.operation.startswith(HANDS_NOTHING_OVER):
        return False
    found = action(access.needed[0].action) if access.needed else None
    return found is not None and found.access_level not in ("List", "Read")


def _roles(value: Any, member: str) -> Iterator[tuple[str, str]]:
    """Values of members that hold roles, at any depth, each with the member's name."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if HOLDS_A_ROLE.search(name):
                    yield name, inner
            elif isinstance(inner, dict | list):
                yield from _roles(inner, name)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, str):
                if HOLDS_A_ROLE.search(member):
                    yield member, inner
            else:
                yield from _roles(inner, member)


def _arn(member: str, value: str, asked: Asked, is_documented: bool) -> str | None:
    """The role's ARN; None where the value is no role of an account's own."""
    if is_arn(value):
        return value if ROLE_ARN.match(value) else None
    if is_documented and member in NAMED_ROLES and ROLE_NAME.fullmatch(value) and not ACCOUNT.fullmatch(value):
        return asked.setting.arn("iam", f"role/{value.lstrip('/')}", region="")
    return None


def _user(asked: Asked, member: str) -> str:
    return (
        PASSED_BY.get((asked.service, member))
        or PASSED_BY.get((asked.service, asked.operation))
        or PASSED_TO.get(asked.service)
        or asked.prefix
    )
