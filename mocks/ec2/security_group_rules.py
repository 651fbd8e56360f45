"""Letting traffic in and out: authorize, revoke and describe the rules of security groups."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .describing import describe
from .failures import InvalidParameterCombination, InvalidParameterValue, MissingParameter
from .filters import Described, Filters
from .permissions import Permission, described_permissions, traffic_in
from .security_group import SecurityGroup, SecurityGroupRule, chosen_group
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import default_vpc

InvalidPermissionDuplicate = error("InvalidPermission.Duplicate", status=400)
InvalidPermissionNotFound = error("InvalidPermission.NotFound", status=400)
InvalidSecurityGroupRuleIdNotFound = error("InvalidSecurityGroupRuleId.NotFound", status=400)

FILTERS = {"group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId"}
PEER_MEMBERS = {"ipv4": "CidrIpv4", "ipv6": "CidrIpv6", "prefix-list": "PrefixListId"}


@operation
def authorize_security_group_ingress(
    call: Call,
    *,
    group_id: str | None = None,
    group_name: str | None = None,
    ip_permissions: list[Permission] | None = None,
    ip_protocol: str | None = None,
    from_port: int | None = None,
    to_port: int | None = None,
    cidr_ip: str | None = None,
    source_security_group_name: str | None = None,
    source_security_group_owner_id: str | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """The new rules. Raises InvalidPermission.Duplicate for one that the group has already."""
    source = (source_security_group_name, source_security_group_owner_id)
    permissions = ip_permissions or _single(ip_protocol, from_port, to_port, cidr_ip, *source)
    return _authorize(call, _group(call, group_id, group_name), permissions, tag_specifications, is_egress=False)


@operation
def authorize_security_group_egress(
    call: Call,
    *,
    group_id: str,
    ip_permissions: list[Permission] | None = None,
    tag_specifications: TagSpecifications | None = None,
) -> Reply:
    """The new rules. Raises InvalidPermission.Duplicate for one that the group has already."""
    return _authorize(call, _group(call, group_id, None), ip_permissions or [], tag_specifications, is_egress=True)


@operation
def revoke_security_group_ingress(
    call: Call,
    *,
    group_id: str | None = None,
    group_name: str | None = None,
    ip_permissions: list[Permission] | None = None,
    security_group_rule_ids: list[str] | None = None,
    ip_protocol: str | None = None,
    from_port: int | None = None,
    to_port: int | None = None,
    cidr_ip: str | None = None,
    source_security_group_name: str | None = None,
    source_security_group_owner_id: str | None = None,
) -> Reply:
    """Takes rules away that match, or that have those ids; descriptions are not compared."""
    if ip_permissions is None and ip_protocol is not None:
        source = (source_security_group_name, source_security_group_owner_id)
        ip_permissions = _single(ip_protocol, from_port, to_port, cidr_ip, *source)
    group = _group(call, group_id, group_name)
    return _revoke(call, group, ip_permissions, security_group_rule_ids, is_egress=False)


@operation
def revoke_security_group_egress(
    call: Call,
    *,
    group_id: str,
    ip_permissions: list[Permission] | None = None,
    security_group_rule_ids: list[str] | None = None,
) -> Reply:
    """Takes rules away that match, or that have those ids; descriptions are not compared."""
    return _revoke(call, _group(call, group_id, None), ip_permissions, security_group_rule_ids, is_egress=True)


@operation
def describe_security_group_rules(
    call: Call, *, security_group_rule_ids: list[str] | None = None, filters: Filters | None = None
) -> Reply:
    return describe(call, SecurityGroupRule, security_group_rule_ids, filters, FILTERS, described_rule)


def described_rule(rule: SecurityGroupRule) -> Described:
    traffic = rule.traffic
    described: Described = {
        "SecurityGroupRuleId": rule.id,
        "SecurityGroupRuleArn": str(rule.arn),
        "GroupId": rule.group_id,
        "GroupOwnerId": rule.account,
        "IsEgress": rule.is_egress,
        "IpProtocol": traffic.protocol,
        "FromPort": -1 if traffic.from_port is None else traffic.from_port,
        "ToPort": -1 if traffic.to_port is None else traffic.to_port,
        "Tags": rule.tag_set(),
    }
    if traffic.peer_kind == "group":
        described["ReferencedGroupInfo"] = {"GroupId": traffic.peer, "UserId": traffic.peer_account}
    else:
        described[PEER_MEMBERS[traffic.peer_kind]] = traffic.peer
    if rule.description is not None:
        described["Description"] = rule.description
    return described


def _group(call: Call, group_id: str | None, name: str | None) -> SecurityGroup:
    vpc = default_vpc(call)
    return chosen_group(call, group_id, name, vpc.id if vpc else None)


def _authorize(
    call: Call,
    group: SecurityGroup,
    permissions: list[Permission],
    specifications: TagSpecifications | None,
    *,
    is_egress: bool,
) -> Reply:
    if not permissions:
        raise MissingParameter("The request must contain the parameter ipPermissions")
    tags = tags_at_creation(specifications, "security-group-rule")["security-group-rule"]
    wanted = list(traffic_in(call, group, permissions))
    existing = {rule.traffic for rule in group.rules if rule.is_egress == is_egress}
    for traffic, _ in wanted:
        if traffic in existing:
            raise InvalidPermissionDuplicate(f'the specified rule "{traffic}" already exists')
    if len({traffic for traffic, _ in wanted}) < len(wanted):
        raise InvalidParameterValue("The same permission must not appear multiple times")
    rules = [
        group.add(call, traffic, is_egress=is_egress, description=description, tags=tags)
        for traffic, description in wanted
    ]
    return {"Return": True, "SecurityGroupRules": [described_rule(rule) for rule in rules]}


def _revoke(
    call: Call,
    group: SecurityGroup,
    permissions: list[Permission] | None,
    rule_ids: list[str] | None,
    *,
    is_egress: bool,
) -> Reply:
    """In a VPC that is not the default one a rule that is not there is an error; else it is told in the reply."""
    if permissions and rule_ids:
        raise InvalidParameterCombination("You may not specify both ipPermissions and securityGroupRuleIds")
    if not permissions and not rule_ids:
        raise MissingParameter("Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")
    existing = [rule for rule in group.rules if rule.is_egress == is_egress]
    unknown: list[Permission] = []
    if rule_ids:
        gone = [rule for rule in existing if rule.id in rule_ids]
        absent = set(rule_ids) - {rule.id for rule in gone}
        if absent:
            raise InvalidSecurityGroupRuleIdNotFound(f"The security group rule ID '{min(absent)}' does not exist")
    else:
        wanted = [traffic for traffic, _ in traffic_in(call, group, permissions or [])]
        gone = [rule for rule in existing if rule.traffic in wanted]
        present = {rule.traffic for rule in gone}
        stray = [SecurityGroupRule(group.arn, traffic=traffic) for traffic in wanted if traffic not in present]
        vpc = default_vpc(call)
        if stray and (vpc is None or vpc.id != group.vpc_id):
            raise InvalidPermissionNotFound("The specified rule does not exist in this security group.")
        unknown = described_permissions(stray)
    for rule in gone:
        group.remove(call, rule)
    reply: dict[str, Any] = {"Return": True, "RevokedSecurityGroupRules": [_revoked(rule) for rule in gone]}
    return reply | ({"UnknownIpPermissions": unknown} if unknown else {})


def _revoked(rule: SecurityGroupRule) -> Described:
    described = described_rule(rule)
    group = described.pop("ReferencedGroupInfo", None)
    for member in ("GroupOwnerId", "SecurityGroupRuleArn", "Tags"):
        described.pop(member)
    return described | ({"ReferencedGroupId": group["GroupId"]} if group else {})


def _single(
    protocol: str | None,
    from_port: int | None,
    to_port: int | None,
    cidr: str | None,
    source_group: str | None,
    source_account: str | None,
) -> list[Permission]:
    """The one permission that a call writes without `IpPermissions`."""
    if source_group is not None:  # all traffic from that group, unless the call narrows it
        pair = {"GroupName": source_group} | ({"UserId": source_account} if source_account else {})
        return [{"IpProtocol": protocol or "-1", "FromPort": from_port, "ToPort": to_port, "UserIdGroupPairs": [pair]}]
    if protocol is None:
        return []
    ranges = [{"CidrIp": cidr}] if cidr is not None else []
    return [{"IpProtocol": protocol, "FromPort": from_port, "ToPort": to_port, "IpRanges": ranges}]
