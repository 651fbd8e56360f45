"""Route tables, their routes and the subnets that use them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call, StrMap

from .resource import Ec2Resource

LOCAL = "local"


@dataclass
class RouteTable(Ec2Resource, kind="route-table"):
    """One route table. The main one of a VPC serves every subnet that no other table is associated with."""

    vpc_id: str = ""
    cidr: str = ""  # of the VPC: where the local route goes
    routes: StrMap = field(default_factory=dict)  # destination -> internet gateway
    main_association: str | None = None
    subnets: StrMap = field(default_factory=dict)  # association id -> subnet id

    def condition_keys(self) -> dict[str, Any]:
        return {"ec2:RouteTableID": self.id, "ec2:Vpc": str(self.arn._replace(resource=f"vpc/{self.vpc_id}"))}


def make_main_table(call: Call, vpc_id: str, cidr: str, table_id: str) -> RouteTable:
    """The route table that every VPC has."""
    arn = call.make_arn("route-table", id=table_id)
    association = f"rtbassoc-{table_id.removeprefix('rtb-')}"
    return call.save(RouteTable(arn, vpc_id=vpc_id, cidr=cidr, main_association=association))
