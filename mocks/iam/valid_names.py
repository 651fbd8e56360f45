"""What a name in IAM may consist of, refused in IAM's own words (the model's pattern is the same)."""

from __future__ import annotations

import re

from iamsim.kit import Call, before_every_operation

from .failures import ValidationError

NAME = re.compile(r"[\w+=,.@-]*", re.ASCII)
NAMES = (
    "UserName",
    "NewUserName",
    "GroupName",
    "NewGroupName",
    "RoleName",
    "PolicyName",
    "InstanceProfileName",
    "ServerCertificateName",
    "NewServerCertificateName",
    "VirtualMFADeviceName",
)


@before_every_operation
def check_names(call: Call) -> None:
    """Raises ValidationError for a name with another character in it."""
    for member in NAMES:
        if member in call.params and not NAME.fullmatch(call.params[member]):
            spelled = member[:1].lower() + member[1:]
            raise ValidationError(
                f"The specified value for {spelled} is invalid. "
                "It must contain only alphanumeric characters and/or the following: +=,.@_-"
            )
