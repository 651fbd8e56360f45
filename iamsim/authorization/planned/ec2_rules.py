"""Amazon EC2: what a call names by ids, tags by type, roles behind instance profiles. Source: O sections 6 and 8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned.ec2_ids import add_id_keys, arn_of, is_made, kind_in, kind_of, with_named
from iamsim.authorization.planned.ec2_keys import keys_of_type
from iamsim.authorization.planned.ec2_launch import complete_launch, profile_arn
from iamsim.authorization.planned_roles import pass_role
from iamsim.reference.tags import tags_in

__all__ = ["complete_launch"]

WITH_A_PROFILE = ("AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation", "RequestSpotInstances")
WITH_A_NAME = ("key-pair", "placement-group")  # types whose ARNs end in a name that callers give
PROFILES = (
    "LaunchSpecification.IamInstanceProfile",
    "SpotFleetRequestConfig.LaunchSpecifications[].IamInstanceProfile",
)


def create_tags(asked: Asked) -> Iterator[Check]:
    """Each resource."""
    for name in asked.get("Resources") or ():
        yield asked.check(arn_of(asked, name), Region=asked.setting.region)


delete_tags = create_tags


def copy_snapshot(asked: Asked) -> Iterator[Check]:
    """The copy to be, and what is copied, in its region."""
    yield asked.check(asked.arn("snapshot/*", account=""))
    source = asked.get("SourceRegion")
    yield asked.check(asked.arn(f"snapshot/{asked.get('SourceSnapshotId', '*')}", region=source, account=""))
    yield from _tagging(asked)


def copy_image(asked: Asked) -> Iterator[Check]:
    """The copy to be with its snapshots, and what is copied, in its region."""
    yield asked.check(asked.arn("image/*", account=""))
    source = asked.get("SourceRegion")
    yield asked.check(asked.arn(f"image/{asked.get('SourceImageId', '*')}", region=source, account=""))
    yield asked.check(asked.arn("snapshot/*", account=""))
    yield from _tagging(asked)


def create_placement_group(asked: Asked) -> Iterator[Check]:
    """The group, by its name."""
    yield asked.check(asked.arn(f"placement-group/{asked.get('GroupName', '*')}"))
    yield from _tagging(asked)


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Without the types that an id is not one of, where one member may name several; `*` for what is made."""
    kept: list[Check] = []
    for check in checks:
        kind, name = kind_in(check.resource), check.resource.rpartition("/")[2]
        meant = kind_of(name) if kind_of(name) != "*" else kind
        if meant != kind and asked.operation.startswith("Create") and is_made(kind, asked.operation):
            meant, check.resource = kind, f"{check.resource.rpartition('/')[0]}/*"
        if meant == kind:
            kept.append(check)
    checks = with_named(asked, kept or checks)
    checks += _tagging(asked)
    _add_keys(asked, checks)
    return checks


def without_state(asked: Asked, checks: list[Check]) -> None:
    """What the mock leaves out that does not exist: more that is named, and its ids."""
    if asked.operation != "RunInstances":
        checks[:] = with_named(asked, checks)
    known = {(check.action, check.resource) for check in checks}
    checks += [check for check in _tagging(asked) if (check.action, check.resource) not in known]
    _add_keys(asked, checks)


def keys(asked: Asked) -> dict[str, Any]:
    """ec2:Region, which every call has."""
    return {"ec2:Region": asked.setting.region}


def encryption_context(asked: Asked) -> dict[str, str | None]:
    """The volume or snapshot, whose id only EC2 knows (K-61)."""
    return {"aws:ebs:id": None}


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the role of the instance profile (O-35), of which only IAM knows the name."""
    launch = asked.operation == "RunInstances"
    profiles = [asked.get("IamInstanceProfile")] if launch or asked.operation in WITH_A_PROFILE else []
    profiles += [each for path in PROFILES for each in asked.at(path)]
    for profile in filter(None, profiles):
        role = asked.meant("iam", "role", profile_arn(asked, profile))
        if role is None and asked.sources is None:
            role = asked.setting.arn("iam", "role/*", region="")
        if role is not None:
            yield pass_role(role, "ec2", asked.arn(f"instance/{asked.get('InstanceId', '*')}"))
    if launch and str(asked.get("ImageId", "")).startswith("resolve:ssm:"):
        name = asked.params["ImageId"].removeprefix("resolve:ssm:").partition(":")[0].lstrip("/")
        where: dict[str, Any] = {"account": ""} if name.startswith("aws/") else {}
        yield Check("ssm:GetParameters", asked.setting.arn("ssm", f"parameter/{name}", **where))


def _tagging(asked: Asked) -> Iterator[Check]:
    """ec2:CreateTags on each type of what is made that gets tags, with those tags."""
    for specification in asked.get("TagSpecifications") or ():
        kind, tags = specification.get("ResourceType"), _tags(specification)
        if kind and tags:
            where: dict[str, Any] = {"account": ""} if kind in ("image", "snapshot") else {}
            context = {"ec2:CreateAction": asked.operation, "ec2:Region": asked.setting.region}
            name = asked.get("GroupName") or asked.get("KeyName") if kind in WITH_A_NAME else None
            yield Check("ec2:CreateTags", asked.arn(f"{kind}/{name or '*'}", **where), context | tags)


def _add_keys(asked: Asked, checks: list[Check]) -> None:
    """The ids of what exists, and what the call says of each type; attributes are those of the resource named first."""
    changed = next((kind for value in asked.params.values() if (kind := kind_of(str(value))) != "*"), "")
    for check in checks:
        kind = kind_in(check.resource)
        if check.action != f"ec2:{asked.operation}" or (asked.operation.startswith("Modify") and kind != changed):
            continue
        check.context = keys_of_type(asked, kind) | check.context
    add_id_keys(checks)


def _tags(specification: dict[str, Any]) -> dict[str, Any]:
    tags = tags_in(specification.get("Tags") or [])
    keys: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return keys | ({"aws:TagKeys": list(tags)} if tags else {})
