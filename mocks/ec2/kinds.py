"""The classes of EC2's resources by the names of their kinds."""

from __future__ import annotations

from .image import Image
from .instance import Instance
from .internet_gateway import InternetGateway
from .key_pair import KeyPair
from .network_interface import NetworkInterface
from .resource import Ec2Resource
from .route_table import RouteTable
from .security_group import SecurityGroup, SecurityGroupRule
from .subnet import Subnet
from .volume import Volume
from .vpc import Vpc

ALL: tuple[type[Ec2Resource], ...] = (
    Instance,
    Image,
    InternetGateway,
    KeyPair,
    NetworkInterface,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    Volume,
    Vpc,
)


def by_name() -> dict[str, type[Ec2Resource]]:
    """Kind to class, as in `instance` to Instance."""
    return {cls.kind: cls for cls in ALL}
