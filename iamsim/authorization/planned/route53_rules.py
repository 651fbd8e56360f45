"""Amazon Route 53: what a change of records is about. Source: context-keys section 14."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import has_key

UNUSUAL = re.compile(r"[^a-z0-9._\\-]")
WITH_A_VPC = ("AssociateVPCWithHostedZone", "CreateHostedZone", "DisassociateVPCFromHostedZone")
PREFIX = "route53:ChangeResourceRecordSets"


def change_tags_for_resource(asked: Asked) -> Iterator[Check]:
    """The hosted zone or health check, whichever the call says."""
    kind = f"{asked.get('ResourceType', '*')}/"
    name = str(asked.get("ResourceId", "*")).lstrip("/").removeprefix(kind)
    yield asked.check(asked.arn(kind + name, region="", account=""))


list_tags_for_resource = change_tags_for_resource


def forwarded(asked: Asked) -> Iterator[Check]:
    """To look at the VPC of a private hosted zone. Source: SAR, Amazon Route 53."""
    if asked.get("VPC") and asked.operation in WITH_A_VPC:
        yield Check("ec2:DescribeVpcs")


def keys(asked: Asked) -> dict[str, Any]:
    """Names, types and actions of the changed records; the VPC of a private hosted zone."""
    vpc = asked.get("VPC") or {}
    if vpc and has_key(f"route53:{asked.operation}", "route53:VPCs"):
        return {"route53:VPCs": f"VPCId={vpc.get('VPCId', '')},VPCRegion={vpc.get('VPCRegion', '')}"}
    changes = list(asked.at("ChangeBatch.Changes[]"))
    if not changes:
        return {}
    records = [each.get("ResourceRecordSet") or {} for each in changes]
    return {
        f"{PREFIX}NormalizedRecordNames": _unique(normalized(each.get("Name", "")) for each in records),
        f"{PREFIX}RecordTypes": _unique(each.get("Type", "") for each in records),
        f"{PREFIX}Actions": _unique(each.get("Action", "") for each in changes),
    }


def normalized(name: str) -> str:
    """The name in lower case without the last dot, with codes such as `\\052` for all but the usual characters.

    Source: Route 53 Developer Guide, specifying-conditions-route53, Normalization.
    """
    return UNUSUAL.sub(lambda match: f"\\{ord(match[0]):03o}", name.lower().removesuffix("."))


def _unique(values: Any) -> list[str]:
    return [each for each in dict.fromkeys(values) if each]
