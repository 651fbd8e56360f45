"""AWS Organizations: policies and what they are attached to; the type follows from the id. Source: O section 5."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import ACCOUNT

OF_AWS = "p-FullAWSAccess"


def attach_policy(asked: Asked) -> Iterator[Check]:
    """The policy, and the root, unit or account."""
    yield asked.check(policy(asked, str(asked.get("PolicyId", "*"))))
    yield asked.check(target(asked, str(asked.get("TargetId", "*"))))


detach_policy = attach_policy


def move_account(asked: Asked) -> Iterator[Check]:
    """The account, and where it comes from and goes to."""
    for member in ("AccountId", "SourceParentId", "DestinationParentId"):
        yield asked.check(target(asked, str(asked.get(member, "*"))))


def list_policies_for_target(asked: Asked) -> Iterator[Check]:
    """The root, unit or account."""
    yield asked.check(target(asked, str(asked.get("TargetId", "*"))))


def tag_resource(asked: Asked) -> Iterator[Check]:
    """The policy, root, unit or account."""
    name = str(asked.get("ResourceId", "*"))
    yield asked.check(policy(asked, name) if name.startswith("p-") else target(asked, name))


untag_resource = list_tags_for_resource = tag_resource


def policy(asked: Asked, name: str) -> str:
    """The ARN of a policy of whichever type."""
    if name == OF_AWS:
        return asked.arn(f"policy/service_control_policy/{name}", region="", account="aws")
    return asked.arn(f"policy/o-*/*/{name}", region="")


def target(asked: Asked, name: str) -> str:
    """The ARN of what the id is one of."""
    if ACCOUNT.fullmatch(name):
        return asked.arn(f"account/o-*/{name}", region="")
    return asked.arn(f"{'ou' if name.startswith('ou-') else 'root'}/o-*/{name}", region="")
