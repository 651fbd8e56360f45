"""iam:PassRole for every role that a call hands over to a service, wherever in the input it stands (O section 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.role_users import user_of
from iamsim.reference.actions import action
from iamsim.reference.default_access import PASS_ROLE, OperationAccess
from iamsim.reference.passed_roles import HANDS_NOTHING_OVER, NAME_ONLY, OF_OTHERS, is_named_only
from iamsim.reference.values import ACCOUNT, is_arn

ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d*:role/")
ROLE_NAME = re.compile(r"[\w+=,.@/-]+")
HOLDS_A_ROLE = re.compile(r"[Rr]ole(?!s?Session)|^credentials$|PermissionArn$|^SnsCallerArn$|^roles?$|IamAuth")
NAMED_ROLES = frozenset(
    {"ServiceRole", "JobFlowRole", "AutoScalingRole", "IamRole", "serviceRole", "instanceRole", "Role", "role"}
)
MAPS_OF_ROLES = frozenset({"Roles"})
DOCUMENTED = frozenset({"access-analyzer"})  # hands over what AWS's table says, and nothing else


def passed_roles(asked: Asked, access: OperationAccess) -> Iterator[Check]:
    """iam:PassRole on each role, with the service that will use it."""
    is_documented = any(needed.action == PASS_ROLE for needed in access.needed)
    if asked.prefix in NAME_ONLY and not (is_documented and asked.prefix in DOCUMENTED):
        return
    if not is_documented and not _changes(asked, access):
        return
    for member, value in _roles(asked.params, ""):
        if is_named_only(asked.service, asked.operation, member):
            continue
        arn = _arn(member, value, asked, is_documented)
        if arn is not None:
            yield pass_role(arn, user_of(asked.service, asked.operation, member, asked.prefix))


def pass_role(role: str, service: str, resource: str | None = None) -> Check:
    """iam:PassRole on the role for the service whose principal begins with `service`, and for that resource of it."""
    context = {"iam:PassedToService": f"{service}.amazonaws.com"}
    return Check(PASS_ROLE, role, context | ({"iam:AssociatedResourceArn": resource} if resource else {}))


def _changes(asked: Asked, access: OperationAccess) -> bool:
    """Whether the operation is one that could hand over a role."""
    if asked.operation.startswith(HANDS_NOTHING_OVER):
        return False
    found = action(access.needed[0].action) if access.needed else None
    return found is not None and found.access_level not in ("List", "Read")


def _roles(value: Any, member: str) -> Iterator[tuple[str, str]]:
    """Values of members that hold roles, at any depth, each with the member's name.

    In a map whose own name says that it holds roles, the keys are not names of members.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            own = member if member in MAPS_OF_ROLES else name
            if isinstance(inner, str):
                if HOLDS_A_ROLE.search(own):
                    yield own, inner
            elif isinstance(inner, dict | list) and not OF_OTHERS.search(name):
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
        return asked.meant("iam", "role", value) or asked.setting.arn("iam", f"role/{value.lstrip('/')}", region="")
    return None
