"""Which type of EC2's an id is of, what a call names by ids wherever they stand, and the keys that ids give.

Source: O section 6; context-keys section 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import action
from iamsim.reference.values import is_arn

ID_PREFIXES = {  # the beginning of an id, and the resource type that it is one of
    "ami": "image", "acl": "network-acl", "cgw": "customer-gateway", "cr": "capacity-reservation",
    "dopt": "dhcp-options", "eigw": "egress-only-internet-gateway", "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "export-i": "export-instance-task", "fl": "vpc-flow-log", "fleet": "fleet", "h": "dedicated-host", "i": "instance",
    "igw": "internet-gateway", "ipam-pool": "ipam-pool", "key": "key-pair", "lgw": "local-gateway",
    "lt": "launch-template", "nat": "natgateway",
    "pcx": "vpc-peering-connection", "pg": "placement-group", "pl": "prefix-list", "rtb": "route-table",
    "sfr": "spot-fleet-request", "sg": "security-group", "sgr": "security-group-rule", "sir": "spot-instances-request",
    "snap": "snapshot", "subnet": "subnet", "tgw": "transit-gateway", "tgw-attach": "transit-gateway-attachment",
    "tgw-rtb": "transit-gateway-route-table", "vgw": "vpn-gateway", "vol": "volume", "vpc": "vpc",
    "vpce": "vpc-endpoint", "vpce-svc": "vpc-endpoint-service", "vpn": "vpn-connection",
}  # fmt: skip
WITHOUT_ACCOUNT = frozenset({"image", "snapshot"})
HOLDS_IDS = re.compile(r"(?:Ids?|Groups)$")
OF_OTHERS = re.compile(r"^(?:Peer|Referenced|Source|IpPermissions|PrefixList)")  # not what the call is about
MAKES = ("Allocate", "Copy", "Create", "Import", "Purchase", "Register", "Request")
ID_KEYS = {
    "image": "ImageID",
    "instance": "InstanceID",
    "network-interface": "NetworkInterfaceID",
    "security-group": "SecurityGroupID",
    "snapshot": "SnapshotID",
    "subnet": "SubnetID",
    "volume": "VolumeID",
    "vpc": "VpcID",
}


def arn_of(asked: Asked, name: str) -> str:
    """The ARN of the resource of that id; of any type, if the id tells none."""
    if is_arn(name):
        return name
    kind = kind_of(name)
    where: dict[str, Any] = {"account": ""} if kind in WITHOUT_ACCOUNT else {}
    return asked.arn(f"{kind}/{name}", **where)


def kind_of(name: str) -> str:
    """The resource type that the id is one of, else `*`."""
    return ID_PREFIXES.get(name.rpartition("-")[0], "*")


def kind_in(arn: str) -> str:
    """The resource type in the ARN."""
    return arn.rpartition(":")[2].partition("/")[0]


def is_made(kind: str, operation: str) -> bool:
    """Whether the operation makes resources of the type."""
    verb = next((each for each in MAKES if operation.startswith(each)), "")
    noun = operation.removeprefix(verb).removesuffix("s").lower()
    return bool(verb) and kind.replace("-", "").endswith(noun)


def with_named(asked: Asked, checks: list[Check]) -> list[Check]:
    """The checks, those on any resource of a type replaced by those on what the call names of that type."""
    own = f"ec2:{asked.operation}"
    named = [arn for arn in dict.fromkeys(_named(asked.params)) if kind_of(arn) in _kinds(own)]
    if not any(check.action == own and check.resource != "*" for check in checks):
        return checks
    kinds = {kind_of(name) for name in named}
    known = {check.resource for check in checks}
    more = [asked.check(arn) for name in named if (arn := arn_of(asked, name)) not in known]
    kept = [check for check in checks if not _is_any_of(check, kinds, asked.operation)]
    number = next((number for number, check in enumerate(kept) if check.action != own), len(kept))
    return [*kept[:number], *more, *kept[number:]]


def add_id_keys(checks: list[Check]) -> None:
    """ec2:InstanceID and the like, which every existing resource has."""
    for check in checks:
        key = ID_KEYS.get(kind_in(check.resource))
        name = check.resource.rpartition("/")[2]
        if key is not None and check.action.startswith("ec2:") and "*" not in name:
            check.context.setdefault(f"ec2:{key}", name)


def _named(value: Any, member: str = "") -> Iterator[str]:
    """The ids that the input names, in order."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not OF_OTHERS.match(name):
                yield from _named(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, member)
    elif isinstance(value, str) and HOLDS_IDS.search(member) and kind_of(value) != "*":
        yield value


def _is_any_of(check: Check, kinds: set[str], operation: str) -> bool:
    kind = kind_in(check.resource)
    return check.resource.endswith("/*") and kind in kinds and not is_made(kind, operation)


@lru_cache(maxsize=1024)
def _kinds(name: str) -> frozenset[str]:
    """The resource types that AWS's reference has for the action."""
    found = action(name)
    types = found.resource_types if found is not None else ()
    return frozenset(kind_in(template) for each in types for template in each.type.templates)
