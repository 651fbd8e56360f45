"""Virtual private clouds."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

from iamsim.kit import Call

from .failures import InvalidParameterValue
from .resource import Ec2Resource

BooleanValue = dict[str, bool]  # {"Value": True}


@dataclass
class Vpc(Ec2Resource, kind="vpc"):
    """One VPC; `is_default` is the one that every account has in every region."""

    cidr: str = ""
    tenancy: str = "default"
    is_default: bool = False
    dns_support: bool = True
    dns_hostnames: bool = False
    address_metrics: bool = False

    def condition_keys(self) -> dict[str, Any]:
        return {"ec2:VpcID": self.id, "ec2:Tenancy": self.tenancy}


def default_vpc(call: Call) -> Vpc | None:
    """The caller's default VPC in the call's region; None if it has been deleted."""
    return next((vpc for vpc in call.all(Vpc) if vpc.is_default), None)


def checked_cidr(text: str) -> ipaddress.IPv4Network:
    """The block that `text` writes, host bits cut off. Raises InvalidParameterValue."""
    try:
        if "/" in text:
            return ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        pass
    raise InvalidParameterValue(f"Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.")
