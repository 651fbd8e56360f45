"""Instance profiles as RunInstances takes them. IAM keeps them; an instance remembers the ARN."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Arn, Call

from .failures import InvalidParameterCombination, InvalidParameterValue


def profile_of(call: Call, specification: dict[str, str]) -> Any:
    """IAM's instance profile of that name or ARN; None if there is none."""
    cls = call.service.classes["instance-profile"]
    for profile in call.cloud.resources.all(cls, account=call.account, region=""):
        if specification.get("Arn") in (None, str(profile.arn)) and specification.get("Name") in (
            None,
            profile.arn.name,
        ):
            return profile
    return None


def roles_of(profile: Any) -> list[Arn]:
    """The roles in IAM's instance profile: one at most."""
    return [role.arn for role in profile.roles]


def checked_profile(call: Call, specification: dict[str, str]) -> tuple[Arn, str]:
    """The profile's ARN and id. Raises InvalidParameterValue if it does not exist or has no role."""
    if "Arn" in specification and "Name" in specification:
        raise InvalidParameterCombination(
            "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'"
        )
    profile = profile_of(call, specification)
    if profile is None:
        how, value = next(iter(specification.items()), ("Name", ""))
        what = "ARN" if how == "Arn" else "name"
        raise InvalidParameterValue(
            f"Value ({value}) for parameter iamInstanceProfile.{how.lower()} is invalid. Invalid IAM Instance Profile "
            f"{what}"
        )
    if not roles_of(profile):
        raise InvalidParameterValue(f'IAM Instance Profile "{profile.arn}" has no associated IAM Roles')
    return profile.arn, profile.unique_id
