"""Security groups and their rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call, StrMap

from .failures import InvalidGroupNotFound, MissingParameter
from .ids import new_id
from .resource import Ec2Resource

DEFAULT = "default"
EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Traffic:
    """What a rule lets through: one protocol, one range of ports, one peer."""

    protocol: str  # `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all
    from_port: int | None
    to_port: int | None
    peer_kind: str  # `ipv4`, `ipv6`, `prefix-list` or `group`
    peer: str
    peer_account: str | None = None  # of a group

    def __str__(self) -> str:
        ports = f", from port: {self.from_port}, to port: {self.to_port}" if self.from_port is not None else ""
        return f"peer: {self.peer}, {'ALL' if self.protocol == '-1' else self.protocol.upper()}{ports}, ALLOW"


@dataclass
class SecurityGroupRule(Ec2Resource, kind="security-group-rule"):
    """One rule of one group."""

    group_id: str = ""
    is_egress: bool = False
    traffic: Traffic = field(kw_only=True)
    description: str | None = None


@dataclass
class SecurityGroup(Ec2Resource, kind="security-group"):
    """One group of one VPC."""

    name: str = ""
    description: str = ""
    vpc_id: str = ""
    rules: list[SecurityGroupRule] = field(default_factory=list)

    @property
    def is_default(self) -> bool:
        return self.name == DEFAULT

    def condition_keys(self) -> dict[str, Any]:
        return {
            "ec2:SecurityGroupID": self.id,
            "ec2:Vpc": str(self.arn._replace(resource=f"vpc/{self.vpc_id}")),
        }

    def add(
        self,
        call: Call,
        traffic: Traffic,
        *,
        is_egress: bool,
        description: str | None = None,
        tags: StrMap | None = None,
    ) -> SecurityGroupRule:
        """A new rule of this group."""
        rule = SecurityGroupRule(
            self.arn._replace(resource=f"security-group-rule/{new_id(call, 'security-group-rule')}"),
            dict(tags or {}),
            group_id=self.id,
            is_egress=is_egress,
            traffic=traffic,
            description=description,
        )
        self.rules.append(call.save(rule))
        return rule

    def remove(self, call: Call, rule: SecurityGroupRule) -> None:
        """Take `rule` away."""
        self.rules.remove(rule)
        call.delete(rule)

    def delete(self, call: Call) -> None:
        """Take the group away, with its rules."""
        for rule in list(self.rules):
            self.remove(call, rule)
        call.delete(self)


def make_default_group(call: Call, vpc_id: str, group_id: str) -> SecurityGroup:
    """The group that every VPC has: its members reach each other, and everything is let out."""
    group = call.save(
        SecurityGroup(
            call.make_arn("security-group", id=group_id),
            name=DEFAULT,
            description="default VPC security group",
            vpc_id=vpc_id,
        )
    )
    group.add(call, Traffic("-1", None, None, "group", group.id, group.account), is_egress=False)
    group.add(call, Traffic("-1", None, None, "ipv4", EVERYWHERE), is_egress=True)
    return group


def group_named(call: Call, name: str, vpc_id: str) -> SecurityGroup | None:
    """The group of that name in that VPC."""
    return next((each for each in call.all(SecurityGroup) if each.vpc_id == vpc_id and each.name == name), None)


def chosen_group(call: Call, group_id: str | None, name: str | None, default_vpc: str | None) -> SecurityGroup:
    """The group that a call means by its id, or by its name in the default VPC. Raises InvalidGroup.NotFound."""
    if group_id is not None:
        return call.get(SecurityGroup, id=group_id)
    if name is None:
        raise MissingParameter("The request must contain the parameter groupName or groupId")
    found = group_named(call, name, default_vpc) if default_vpc else None
    if found is None:
        raise InvalidGroupNotFound(f"The security group '{name}' does not exist in default VPC '{default_vpc}'")
    return found
