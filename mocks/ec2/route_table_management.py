"""Making, describing and deleting route tables; routes to internet gateways; which subnet uses which table."""

from __future__ import annotations

from iamsim.kit import Call, NotMocked, Reply, error, operation

from .describing import describe
from .failures import DependencyViolation, InvalidParameterValue, MissingParameter
from .filters import Described, Filters
from .ids import new_id
from .internet_gateway import InternetGateway
from .route_table import LOCAL, RouteTable
from .subnet import Subnet
from .tag_specifications import TagSpecifications, tags_at_creation
from .vpc import Vpc, checked_cidr

InvalidAssociationIDNotFound = error("InvalidAssociationID.NotFound", status=400)
InvalidRouteNotFound = error("InvalidRoute.NotFound", status=400)
ResourceAlreadyAssociated = error("Resource.AlreadyAssociated", status=400)
RouteAlreadyExists = error("RouteAlreadyExists", status=400)

FILTERS = {
    "association.main": "Associations.Main",
    "association.route-table-association-id": "Associations.RouteTableAssociationId",
    "association.route-table-id": "Associations.RouteTableId",
    "association.subnet-id": "Associations.SubnetId",
    "owner-id": "OwnerId",
    "route-table-id": "RouteTableId",
    "route.destination-cidr-block": "Routes.DestinationCidrBlock",
    "route.gateway-id": "Routes.GatewayId",
    "route.origin": "Routes.Origin",
    "route.state": "Routes.State",
    "vpc-id": "VpcId",
}


@operation
def create_route_table(call: Call, vpc: Vpc, *, tag_specifications: TagSpecifications | None = None) -> Reply:
    tags = tags_at_creation(tag_specifications, "route-table")["route-table"]
    arn = call.make_arn("route-table", id=new_id(call, "route-table"))
    return {"RouteTable": _described(call, call.save(RouteTable(arn, tags, vpc_id=vpc.id, cidr=vpc.cidr)))}


@operation
def describe_route_tables(
    call: Call, *, route_table_ids: list[str] | None = None, filters: Filters | None = None
) -> Reply:
    return describe(call, RouteTable, route_table_ids, filters, FILTERS, lambda each: _described(call, each))


@operation
def delete_route_table(call: Call, table: RouteTable) -> None:
    """Raises DependencyViolation for a main table, and while a subnet uses it."""
    if table.main_association or table.subnets:
        raise DependencyViolation(f"The routeTable '{table.id}' has dependencies and cannot be deleted.")
    call.delete(table)


@operation
def create_route(
    call: Call, table: RouteTable, *, destination_cidr_block: str | None = None, gateway_id: str | None = None
) -> Reply:
    """A route to an internet gateway of the table's VPC. Raises RouteAlreadyExists, NotMocked for other targets."""
    if gateway_id is None or not gateway_id.startswith("igw-"):
        raise NotMocked("iamsim has routes to internet gateways only")
    if destination_cidr_block is None:
        raise MissingParameter("The request must contain the parameter destinationCidrBlock")
    destination = str(checked_cidr(destination_cidr_block))
    gateway = call.get(InternetGateway, id=gateway_id)
    if destination in table.routes or destination == table.cidr:
        raise RouteAlreadyExists(f"The route identified by {destination} already exists.")
    if gateway.vpc_id != table.vpc_id:
        raise InvalidParameterValue(
            f"route table {table.id} and network gateway {gateway.id} belong to different networks"
        )
    table.routes[destination] = gateway.id
    return {"Return": True}


@operation
def delete_route(call: Call, table: RouteTable, *, destination_cidr_block: str | None = None) -> None:
    """Raises InvalidRoute.NotFound, or InvalidParameterValue for the local route."""
    if destination_cidr_block is None:
        raise MissingParameter("The request must contain the parameter destinationCidrBlock")
    destination = str(checked_cidr(destination_cidr_block))
    if destination == table.cidr:
        raise InvalidParameterValue(f"cannot remove local route {destination} in route table {table.id}")
    if table.routes.pop(destination, None) is None:
        raise InvalidRouteNotFound(f"no route with destination-cidr-block {destination} in route table {table.id}")


@operation
def associate_route_table(call: Call, table: RouteTable, subnet: Subnet) -> Reply:
    """The id of the association. Raises Resource.AlreadyAssociated for a subnet that has a table of its own."""
    if subnet.vpc_id != table.vpc_id:
        raise InvalidParameterValue(f"Route table {table.id} and subnet {subnet.id} belong to different networks")
    for other in call.all(RouteTable):
        if subnet.id in other.subnets.values():
            raise ResourceAlreadyAssociated(
                f"the specified association for route table {table.id} conflicts with an existing association"
            )
    association = f"rtbassoc-{call.clock.new_token(17)}"
    table.subnets[association] = subnet.id
    return {"AssociationId": association, "AssociationState": {"State": "associated"}}


@operation
def disassociate_route_table(call: Call, *, association_id: str) -> None:
    """Raises InvalidAssociationID.NotFound."""
    table = table_of(call, association_id)
    if table is None:
        raise InvalidAssociationIDNotFound(f"The association ID '{association_id}' does not exist")
    if table.main_association == association_id:
        raise InvalidParameterValue(f"cannot disassociate the main route table association {association_id}")
    del table.subnets[association_id]


def table_of(call: Call, association_id: str) -> RouteTable | None:
    """The route table of that association."""
    tables = call.all(RouteTable)
    return next((each for each in tables if association_id in (each.main_association, *each.subnets)), None)


def _described(call: Call, table: RouteTable) -> Described:
    routes = [
        {
            "DestinationCidrBlock": table.cidr,
            "GatewayId": LOCAL,
            "Origin": "CreateRouteTable",
            "State": "active",
        }
    ]
    for destination, gateway_id in table.routes.items():
        gateway = call.find(InternetGateway, id=gateway_id)
        is_attached = gateway is not None and gateway.vpc_id == table.vpc_id
        state = "active" if is_attached else "blackhole"
        routes.append(
            {"DestinationCidrBlock": destination, "GatewayId": gateway_id, "Origin": "CreateRoute", "State": state}
        )
    associations: list[Described] = [
        {"RouteTableAssociationId": association, "SubnetId": subnet, "Main": False}
        for association, subnet in table.subnets.items()
    ]
    if table.main_association:
        associations.insert(0, {"RouteTableAssociationId": table.main_association, "Main": True})
    shared: Described = {"RouteTableId": table.id, "AssociationState": {"State": "associated"}}
    return {
        "RouteTableId": table.id,
        "VpcId": table.vpc_id,
        "OwnerId": table.account,
        "Routes": routes,
        "Associations": [each | shared for each in associations],
        "PropagatingVgws": [],
        "Tags": table.tag_set(),
    }
