"""EC2's condition keys that a call gives to one type of its resources.

Source: context-keys section 11; SAR, Amazon EC2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iamsim.authorization.asked import Asked, as_text
from iamsim.authorization.planned.ec2_launch import profile_arn

Keys = dict[str, Any]
OPTIONS = ("ModifyInstanceMetadataOptions",)  # operations that change attributes, but are not called so
OF_AMAZON = "com.amazonaws."


def keys_of_type(asked: Asked, kind: str) -> Keys:
    """The keys that the call gives its resources of the type `kind`, those without a value left out."""
    operation = asked.operation
    own = OWN.get((operation, kind))
    found = own(asked) if own is not None else {}
    if operation.endswith("Attribute") or operation in OPTIONS:
        found |= _attributes(asked)
    return {key: value for key, value in found.items() if value not in (None, [])}


def _new_profile(asked: Asked) -> Keys:
    return {"ec2:NewInstanceProfile": profile_arn(asked, asked.get("IamInstanceProfile") or {})}


def _peers(asked: Asked) -> Keys:
    """The two VPCs of a peering connection, of which the other may be elsewhere and of another account."""
    where = {"region": asked.get("PeerRegion"), "account": asked.get("PeerOwnerId")}
    own, other = asked.get("VpcId"), asked.get("PeerVpcId")
    return {
        "ec2:RequesterVpc": asked.arn(f"vpc/{own}") if own else None,
        "ec2:AccepterVpc": asked.arn(f"vpc/{other}", **where) if other else None,
    }


def _endpoint(asked: Asked) -> Keys:
    """The service that an endpoint leads to; of AWS's own, that it is."""
    name = asked.get("ServiceName")
    return {
        "ec2:VpceServiceName": name,
        "ec2:VpceServiceOwner": "amazon" if str(name).startswith(OF_AMAZON) and "vpce" not in str(name) else None,
        "ec2:VpceServiceRegion": asked.get("ServiceRegion"),
        "ec2:VpcePrivateDnsPreference": next(asked.at("DnsOptions.PrivateDnsPreference"), None),
        "ec2:VpcePrivateDnsSpecifiedDomains": list(asked.at("DnsOptions.PrivateDnsSpecifiedDomains[]")),
    }


def _endpoint_service(asked: Asked) -> Keys:
    return {"ec2:VpceServicePrivateDnsName": asked.get("PrivateDnsName")}


def _permission(asked: Asked) -> Keys:
    """Who may attach the network interface: an account, as its root user, or a service."""
    account = asked.get("AwsAccountId")
    user = asked.setting.arn("iam", "root", region="", account=account) if account else None
    return {"ec2:AuthorizedUser": user, "ec2:AuthorizedService": asked.get("AwsService")}


def _shared(asked: Asked) -> Keys:
    """To whom a snapshot is given, and from whom it is taken; not where there are several, which one key cannot say."""
    found: Keys = {}
    operation = str(asked.get("OperationType", "")).capitalize()
    for verb in ("Add", "Remove"):
        beside = verb == operation
        for key, member, inner in (("userId", "UserIds", "UserId"), ("group", "GroupNames", "Group")):
            names = [
                *asked.at(f"CreateVolumePermission.{verb}[].{inner}"),
                *(asked.get(member) or () if beside else ()),
            ]
            found[f"ec2:{verb}/{key}"] = names[0] if len(names) == 1 else None
    return found


def _attributes(asked: Asked) -> Keys:
    """ec2:Attribute and ec2:Attribute/NAME of a call that changes attributes."""
    found: Keys = {}
    for member, value in asked.params.items():
        inner = value.get("Value") if isinstance(value, dict) else value if asked.operation in OPTIONS else None
        if isinstance(inner, str | bool | int) and not member.endswith("Id") and member != "DryRun":
            found[f"ec2:Attribute/{member}"] = as_text(inner)
    return found | ({"ec2:Attribute": next(iter(found)).partition("/")[2]} if len(found) == 1 else {})


OWN: dict[tuple[str, str], Callable[[Asked], Keys]] = {
    ("AssociateIamInstanceProfile", "instance"): _new_profile,
    ("CreateNetworkInterfacePermission", "network-interface"): _permission,
    ("CreateVpcEndpoint", "vpc-endpoint"): _endpoint,
    ("CreateVpcEndpointServiceConfiguration", "vpc-endpoint-service"): _endpoint_service,
    ("CreateVpcPeeringConnection", "vpc-peering-connection"): _peers,
    ("ModifySnapshotAttribute", "snapshot"): _shared,
    ("ReplaceIamInstanceProfileAssociation", "instance"): _new_profile,
}
