"""Amazon EC2: types that follow from ids, and roles behind instance profiles. Source: O sections 6 and 8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_roles import pass_role
from iamsim.reference.values import is_arn

ID_PREFIXES = {  # the beginning of an id, and the resource type that it is one of
    "ami": "image", "acl": "network-acl", "cgw": "customer-gateway", "cr": "capacity-reservation",
    "dopt": "dhcp-options", "eigw": "egress-only-internet-gateway", "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "export-i": "export-instance-task", "fl": "vpc-flow-log", "fleet": "fleet", "h": "dedicated-host", "i": "instance",
    "igw": "internet-gateway", "key": "key-pair", "lgw": "local-gateway", "lt": "launch-template", "nat": "natgateway",
    "pcx": "vpc-peering-connection", "pg": "placement-group", "pl": "prefix-list", "rtb": "route-table",
    "sfr": "spot-fleet-request", "sg": "security-group", "sgr": "security-group-rule", "sir": "spot-instances-request",
    "snap": "snapshot", "subnet": "subnet", "tgw": "transit-gateway", "tgw-attach": "transit-gateway-attachment",
    "tgw-rtb": "transit-gateway-route-table", "vgw": "vpn-gateway", "vol": "volume", "vpc": "vpc",
    "vpce": "vpc-endpoint", "vpce-svc": "vpc-endpoint-service", "vpn": "vpn-connection",
}  # fmt: skip
LAUNCH = "ec2:RunInstances"
WITHOUT_ACCOUNT = frozenset({"image", "snapshot"})
WITH_A_PROFILE = ("AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation", "RequestSpotInstances")


def create_tags(asked: Asked) -> Iterator[Check]:
    """Each resource."""
    for name in asked.get("Resources") or ():
        kind = ID_PREFIXES.get(str(name).rpartition("-")[0], "*")
        where: dict[str, Any] = {"account": ""} if kind in WITHOUT_ACCOUNT else {}
        yield asked.check(name if is_arn(name) else asked.arn(f"{kind}/{name}", **where), Region=asked.setting.region)


delete_tags = create_tags


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Without the types that an id is not one of, where one member may name several; `*` for what is made."""
    kept: list[Check] = []
    for check in checks:
        kind, _, name = check.resource.rpartition(":")[2].partition("/")
        meant = ID_PREFIXES.get(name.rpartition("-")[0], kind)
        if meant != kind and asked.operation.startswith("Create") and _is_made(kind, asked.operation):
            meant, check.resource = kind, f"{check.resource.rpartition('/')[0]}/*"
        if meant == kind:
            kept.append(check)
    return kept or checks


def keys(asked: Asked) -> dict[str, Any]:
    """ec2:Region, which every call has."""
    return {"ec2:Region": asked.setting.region}


def encryption_context(asked: Asked) -> dict[str, str | None]:
    """The volume or snapshot, whose id only EC2 knows (K-61)."""
    return {"aws:ebs:id": None}


def complete_launch(asked: Asked, checks: list[Check]) -> list[Check]:
    """What RunInstances needs where the state does not say: default group, root volume, instance profile."""
    profile = asked.get("IamInstanceProfile")
    for check in checks:
        if profile and check.resource.endswith(":instance/*") and check.action == "ec2:RunInstances":
            check.context["ec2:InstanceProfile"] = _profile(asked, profile)
    if not any(":security-group/" in check.resource for check in checks):
        number = max(n for n, check in enumerate(checks) if ":network-interface/" in check.resource or n == 0)
        checks.insert(number + 1, _new(asked, "security-group/*"))
    volume = asked.arn("volume/*")
    if any(check.resource == volume and check.action == "ec2:RunInstances" for check in checks):
        return checks
    after = [n for n, check in enumerate(checks) if ":key-pair/" in check.resource or check.action != LAUNCH]
    checks.insert(after[0] if after else len(checks), _new(asked, "volume/*"))
    return checks


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the role of the instance profile (O-35), of which only IAM knows the name."""
    launch = asked.operation == "RunInstances"
    profiles = [asked.get("IamInstanceProfile")] if launch or asked.operation in WITH_A_PROFILE else []
    profiles += asked.at("LaunchSpecification.IamInstanceProfile")
    for profile in filter(None, profiles):
        role = asked.meant("iam", "role", _profile(asked, profile))
        if role is None and asked.sources is None:
            role = asked.setting.arn("iam", "role/*", region="")
        if role is not None:
            instance = asked.arn(f"instance/{asked.get('InstanceId', '*')}")
            yield pass_role(role, "ec2", instance)
    if launch and str(asked.get("ImageId", "")).startswith("resolve:ssm:"):
        name = asked.params["ImageId"].removeprefix("resolve:ssm:").partition(":")[0].lstrip("/")
        where: dict[str, Any] = {"account": ""} if name.startswith("aws/") else {}
        yield Check("ssm:GetParameters", asked.setting.arn("ssm", f"parameter/{name}", **where))


def _new(asked: Asked, resource: str) -> Check:
    return asked.check(asked.arn(resource), Region=asked.setting.region, IsLaunchTemplateResource="false")


def _profile(asked: Asked, profile: dict[str, str]) -> str:
    name = profile.get("Name", "*")
    arn = profile.get("Arn") or asked.meant("iam", "instance-profile", name)
    return arn or asked.setting.arn("iam", f"instance-profile/{name}", region="")


def _is_made(kind: str, operation: str) -> bool:
    noun = operation.removeprefix("Create").removesuffix("s").lower()
    return kind.replace("-", "").endswith(noun)
