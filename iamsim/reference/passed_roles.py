"""Which operations hand over a role to a service, so that the caller needs iam:PassRole (O-30)."""

from __future__ import annotations

import re
from typing import Any

from iamsim.reference.service_authorization import Action

ROLE = re.compile(r"(?:^r|R)ole(?:Arn|ARN)?$")
HANDS_NOTHING_OVER = ("Delete", "Disassociate", "Get", "Remove")


def hands_over_a_role(found: Action, model: Any) -> bool:
    """Whether the operation that `found` authorises has an input member for a role that a service then uses.

    AWS's table of dependent actions has iam:PassRole for fewer operations than check it.
    """
    if found.prefix in ("iam", "sts") or found.access_level in ("List", "Read"):
        return False
    if model.input_shape is None or model.name.startswith(HANDS_NOTHING_OVER):
        return False
    return any(ROLE.search(name) and _is_arn(name, member) for name, member in model.input_shape.members.items())


def _is_arn(name: str, member: Any) -> bool:
    """Whether the member holds an ARN, and not the name of a part that somebody plays."""
    if member.type_name != "string" or member.enum:
        return False
    return name.lower().endswith("arn") or "arn" in f"{member.documentation} {member.metadata.get('pattern')}".lower()
