"""What an account has in a region before its first call: a default VPC with all that it needs, and public images."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace

from iamsim.kit import Call, Cloud, Resource, before_every_operation

from .ids import settled_id
from .image import save_public_images
from .internet_gateway import InternetGateway
from .region import zones
from .route_table import make_main_table
from .security_group import EVERYWHERE, make_default_group
from .subnet import Subnet
from .vpc import Vpc

CIDR = "172.31.0.0/16"
SUBNET_BITS = 20


@dataclass
class Defaults(Resource, kind="defaults"):
    """The mark that an account has had its defaults in a region: what it deletes of them does not come back."""


def with_defaults(call: Call) -> Call:
    """`call` on a cloud that has the defaults: its own, or, before the first call that is allowed, one with no more."""
    if call.find(Defaults, call.make_arn("defaults")) is not None:
        return call
    first = replace(call, cloud=Cloud(account=call.cloud.account))
    ensure_defaults(first)
    return first


@before_every_operation
def ensure_defaults(call: Call) -> None:
    """Make what is there from the start, once. Its ids depend on account and region alone, but for those of rules."""
    arn = call.make_arn("defaults")
    if call.find(Defaults, arn) is None:
        call.save(Defaults(arn))
        save_public_images(call)
        of = (call.account, call.region)
        vpc_id = settled_id("vpc", *of)
        call.save(Vpc(call.make_arn("vpc", id=vpc_id), cidr=CIDR, is_default=True, dns_hostnames=True))
        make_default_group(call, vpc_id, settled_id("security-group", *of))
        gateway = InternetGateway(
            call.make_arn("internet-gateway", id=settled_id("internet-gateway", *of)), vpc_id=vpc_id
        )
        main_table = make_main_table(call, vpc_id, CIDR, settled_id("route-table", *of))
        main_table.routes[EVERYWHERE] = call.save(gateway).id
        blocks = ipaddress.IPv4Network(CIDR).subnets(new_prefix=SUBNET_BITS)
        for (zone, zone_id), block in zip(zones(call.region).items(), blocks, strict=False):
            call.save(
                Subnet(
                    call.make_arn("subnet", id=settled_id("subnet", *of, zone)),
                    vpc_id=vpc_id,
                    cidr=str(block),
                    zone=zone,
                    zone_id=zone_id,
                    is_default=True,
                    maps_public_ip=True,
                )
            )
