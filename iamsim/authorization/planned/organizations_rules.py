"""AWS Organizations: the type of what a call names follows from the id. Source: O sections 5 and 7."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_tags import tagging
from iamsim.reference.values import ACCOUNT, is_arn

OF_AWS = "p-FullAWSAccess"
DOUBLED = re.compile(r"(?<=/)(p|ou|r|h|rt)-(?=\1-)")  # the template has the prefix that ids have as well
WHERE_TO = ("TargetId", "ParentId", "ChildId")  # roots, units or accounts


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """What the call names by an id that may be of several types; others without the prefix of the id twice."""
    for member in WHERE_TO:
        if member in asked.params and all(is_of_any(check.resource) for check in checks):
            return [asked.check(target(asked, str(asked.get(member))))]
    for check in checks:
        check.resource = DOUBLED.sub("", check.resource)
        if check.resource.endswith(f"/{OF_AWS}"):
            check.resource = policy(asked, OF_AWS)
    return checks


def create_policy(asked: Asked) -> Iterator[Check]:
    """The policy to be, of its type."""
    arn = asked.arn(f"policy/o-*/{str(asked.get('Type', '*')).lower()}/p-*", region="")
    yield asked.check(arn)
    yield from tagging(asked, arn)


def create_organizational_unit(asked: Asked) -> Iterator[Check]:
    """What the unit will be in, and to tag it."""
    yield asked.check(target(asked, str(asked.get("ParentId", "*"))))
    yield from tagging(asked, asked.arn("ou/o-*/ou-*", region=""))


def invite_account_to_organization(asked: Asked) -> Iterator[Check]:
    """The account, if it is named by its id."""
    invited = asked.get("Target") or {}
    name = str(invited.get("Id", "*")) if invited.get("Type") == "ACCOUNT" else "*"
    arn = asked.arn(f"account/o-*/{name}", region="")
    yield asked.check(arn)
    yield from tagging(asked, arn)


def attach_policy(asked: Asked) -> Iterator[Check]:
    """The policy, and the root, unit or account."""
    yield asked.check(policy(asked, str(asked.get("PolicyId", "*"))))
    yield asked.check(target(asked, str(asked.get("TargetId", "*"))))


detach_policy = attach_policy


def move_account(asked: Asked) -> Iterator[Check]:
    """The account, and where it comes from and goes to."""
    for member in ("AccountId", "SourceParentId", "DestinationParentId"):
        yield asked.check(target(asked, str(asked.get(member, "*"))))


def tag_resource(asked: Asked) -> Iterator[Check]:
    """The policy, root, unit, account or resource policy."""
    name = str(asked.get("ResourceId", "*"))
    yield asked.check(policy(asked, name) if name.startswith("p-") else target(asked, name))


untag_resource = list_tags_for_resource = tag_resource


def keys(asked: Asked) -> dict[str, Any]:
    """The type of policy."""
    return asked.keys({"PolicyType": asked.get("Type") if asked.operation == "CreatePolicy" else asked.get("Filter")})


def policy(asked: Asked, name: str) -> str:
    """The ARN of a policy of whichever type."""
    if name == OF_AWS:
        return asked.arn(f"policy/service_control_policy/{name}", region="", account="aws")
    return asked.arn(f"policy/o-*/*/{name}", region="")


def target(asked: Asked, name: str) -> str:
    """The ARN of what the id is one of."""
    if is_arn(name):
        return name
    if ACCOUNT.fullmatch(name):
        return asked.arn(f"account/o-*/{name}", region="")
    kinds = {"ou-": "ou", "rp-": "resourcepolicy", "rt-": "responsibilitytransfer"}
    return asked.arn(f"{kinds.get(name[:3], 'root')}/o-*/{name}", region="")


def is_of_any(arn: str) -> bool:
    """Whether the ARN is open, so that the call's own id may say more."""
    return arn.endswith("*")
