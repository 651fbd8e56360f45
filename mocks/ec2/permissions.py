"""`IpPermissions`, in which callers write rules of security groups and EC2 describes them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from iamsim.kit import Call, error

from .failures import InvalidGroupNotFound, InvalidParameterValue
from .ids import named
from .security_group import SecurityGroup, SecurityGroupRule, Traffic, group_named

InvalidPermissionMalformed = error("InvalidPermission.Malformed", status=400)

Permission = dict[str, Any]
NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
NAMES = frozenset({"tcp", "udp", "icmp", "icmpv6", "-1"})
PAIR = {"Description", "GroupId", "GroupName", "UserId", "VpcId"}  # a group's VPC follows from its id
PEERS = {  # list of the permission -> member with the peer, kind of peer
    "IpRanges": ("CidrIp", "ipv4"),
    "Ipv6Ranges": ("CidrIpv6", "ipv6"),
    "PrefixListIds": ("PrefixListId", "prefix-list"),
}


def traffic_in(
    call: Call, group: SecurityGroup, permissions: Iterable[Permission]
) -> Iterator[tuple[Traffic, str | None]]:
    """Each thing that `permissions` let through, with its description. Raises InvalidParameterValue."""
    for permission in permissions:
        protocol = _protocol(str(permission.get("IpProtocol", "")))
        ports = _ports(protocol, permission.get("FromPort"), permission.get("ToPort"))
        found = False
        for where, (member, kind) in PEERS.items():
            for each in permission.get(where) or ():
                found = True
                peer = each[member] if kind == "prefix-list" else _cidr(each.get(member, ""), kind)
                yield Traffic(protocol, *ports, kind, peer), each.get("Description")
        for each in permission.get("UserIdGroupPairs") or ():
            found = True
            call.ignores(*(f"UserIdGroupPairs.{name}" for name in each if name not in PAIR))
            account = each.get("UserId") or group.account
            yield (
                Traffic(protocol, *ports, "group", _group(call, group, account, each), account),
                each.get("Description"),
            )
        if not found:
            raise InvalidPermissionMalformed(
                "The permission names no peer: say a CIDR block, a prefix list or a group."
            )


def described_permissions(rules: Iterable[SecurityGroupRule]) -> list[Permission]:
    """The permissions that stand for `rules`, those of the same ports together."""
    found: dict[tuple[str, int | None, int | None], Permission] = {}
    for rule in rules:
        traffic = rule.traffic
        key = (traffic.protocol, traffic.from_port, traffic.to_port)
        permission = found.setdefault(key, _empty(*key))
        note = {"Description": rule.description} if rule.description else {}
        if traffic.peer_kind == "group":
            permission["UserIdGroupPairs"].append({"GroupId": traffic.peer, "UserId": traffic.peer_account} | note)
            continue
        for where, (member, kind) in PEERS.items():
            if kind == traffic.peer_kind:
                permission[where].append({member: traffic.peer} | note)
    return list(found.values())


def _empty(protocol: str, from_port: int | None, to_port: int | None) -> Permission:
    ports = {} if from_port is None else {"FromPort": from_port, "ToPort": to_port}
    lists: Permission = {"IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
    return {"IpProtocol": protocol} | ports | lists


def _protocol(text: str) -> str:
    protocol = NUMBERS.get(text.lower(), text.lower())
    if protocol in NAMES or (protocol.isdigit() and int(protocol) <= 255):
        return protocol
    raise InvalidParameterValue(f"Invalid value '{text}' for IP protocol. Unknown protocol.")


def _ports(protocol: str, first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """The range as EC2 keeps it: none for all protocols and for those without ports, -1 for every ICMP type."""
    if protocol in ("tcp", "udp"):
        if first is None or last is None:
            raise InvalidParameterValue(
                "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
            )
        if first == last == -1:
            return 0, 65535
        if not 0 <= first <= last <= 65535:
            raise InvalidParameterValue(f"Invalid TCP/UDP port range ({first}:{last})")
        return first, last
    if protocol.startswith("icmp"):
        return (-1 if first is None else first), (-1 if last is None else last)
    return None, None


def _cidr(text: str, kind: str) -> str:
    """The block with its host bits cut off, as EC2 keeps it."""
    read = ipaddress.IPv4Network if kind == "ipv4" else ipaddress.IPv6Network
    try:
        if "/" in text:
            return str(read(text, strict=False))
    except ValueError:
        pass
    raise InvalidParameterValue(f"CIDR block {text} is malformed")


def _group(call: Call, group: SecurityGroup, account: str, pair: dict[str, Any]) -> str:
    """The id of the group that a pair means. Groups of other accounts are not looked up."""
    if "GroupId" in pair:
        identifier = str(pair["GroupId"])
        arn = named(call, "security-group", identifier)
        if account == group.account and call.find(SecurityGroup, arn) is None:
            raise InvalidGroupNotFound(f"The security group '{identifier}' does not exist")
        return identifier
    name = str(pair.get("GroupName", ""))
    other = group_named(call, name, group.vpc_id)
    if other is None:
        raise InvalidGroupNotFound(f"The security group '{name}' does not exist in VPC '{group.vpc_id}'")
    return other.id
