"""Internet gateways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .describing import describe
from .failures import DependencyViolation, InvalidParameterValue
from .filters import Described, Filters
from .ids import new_id
from .network_interface import NetworkInterface
from .resource import Ec2Resource
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import Vpc

GatewayNotAttached = error("Gateway.NotAttached", status=400)
ResourceAlreadyAssociated = error("Resource.AlreadyAssociated", status=400)

FILTERS = {
    "attachment.state": "Attachments.State",
    "attachment.vpc-id": "Attachments.VpcId",
    "internet-gateway-id": "InternetGatewayId",
    "owner-id": "OwnerId",
}


@dataclass
class InternetGateway(Ec2Resource, kind="internet-gateway"):
    """One gateway; one VPC at most has it."""

    vpc_id: str | None = None

    def condition_keys(self) -> dict[str, Any]:
        return {"ec2:InternetGatewayID": self.id}


def gateway_of(call: Call, vpc_id: str) -> InternetGateway | None:
    """The gateway that is attached to that VPC."""
    return next((each for each in call.all(InternetGateway) if each.vpc_id == vpc_id), None)


@operation
def create_internet_gateway(call: Call, *, tag_specifications: TagSpecifications | None = None) -> Reply:
    arn = call.make_arn("internet-gateway", id=new_id(call, "internet-gateway"))
    tags = tags_at_creation(tag_specifications, "internet-gateway")["internet-gateway"]
    return {"InternetGateway": described(call.save(InternetGateway(arn, tags)))}


@operation
def describe_internet_gateways(
    call: Call, *, internet_gateway_ids: list[str] | None = None, filters: Filters | None = None
) -> Reply:
    return describe(call, InternetGateway, internet_gateway_ids, filters, FILTERS, described)


@operation
def attach_internet_gateway(call: Call, gateway: InternetGateway, vpc: Vpc) -> None:
    """Raises Resource.AlreadyAssociated, or InvalidParameterValue for a VPC that has another one."""
    if gateway.vpc_id is not None:
        raise ResourceAlreadyAssociated(f"resource {gateway.id} is already attached to network {gateway.vpc_id}")
    if gateway_of(call, vpc.id) is not None:
        raise InvalidParameterValue(f"Network {vpc.id} already has an internet gateway attached")
    gateway.vpc_id = vpc.id


@operation
def detach_internet_gateway(call: Call, gateway: InternetGateway, vpc: Vpc) -> None:
    """Raises Gateway.NotAttached, or DependencyViolation while an interface in the VPC has a public address."""
    if gateway.vpc_id != vpc.id:
        raise GatewayNotAttached(f"resource {gateway.id} is not attached to network {vpc.id}")
    if any(each.public_ip for each in call.all(NetworkInterface) if each.subnet.vpc_id == vpc.id):
        raise DependencyViolation(
            f"Network {vpc.id} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway."
        )
    gateway.vpc_id = None


@operation
def delete_internet_gateway(call: Call, gateway: InternetGateway) -> None:
    """Raises DependencyViolation while a VPC has it."""
    if gateway.vpc_id is not None:
        raise DependencyViolation(f"The internetGateway '{gateway.id}' has dependencies and cannot be deleted.")
    call.delete(gateway)


def described(gateway: InternetGateway) -> Described:
    attachments = [{"State": "available", "VpcId": gateway.vpc_id}] if gateway.vpc_id else []
    return {
        "InternetGatewayId": gateway.id,
        "OwnerId": gateway.account,
        "Attachments": attachments,
        "Tags": gateway.tag_set(),
    }
