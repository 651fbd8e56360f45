"""How often managed policies are used: as permissions, and as boundaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from iamsim.kit import Call

from .group import Group
from .policy_holder import PolicyHolder
from .role import Role
from .user import User


@dataclass
class Usage:
    """Numbers of entities by policy ARN."""

    attachments: Counter[str] = field(default_factory=Counter)
    boundaries: Counter[str] = field(default_factory=Counter)


def holders(call: Call) -> Iterator[PolicyHolder]:
    """Every user, group and role of the account."""
    yield from call.all(User)
    yield from call.all(Group)
    yield from call.all(Role)


def usage(call: Call) -> Usage:
    """How often each policy is used in the caller's account."""
    counted = Usage()
    for holder in holders(call):
        counted.attachments.update(holder.attached.keys())
        if holder.boundary is not None:
            counted.boundaries[str(holder.boundary.arn)] += 1
    return counted
