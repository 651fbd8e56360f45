"""UpdateTable. Source: DynamoDB API Reference, UpdateTable. Observed: the refusals, in reports of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from iamsim.kit import Call, NotMocked, Reply, error

from . import schema
from .description import describe
from .failures import ResourceNotFoundException, operation
from .index import Index
from .invalid import Invalid, invalid_parameter
from .table import Table
from .table_creation import check_stream, stream_label
from .throughput import ON_DEMAND, PROVISIONED, check_throughput, units

LimitExceededException = error("LimitExceededException")

NOTHING_TO_DO = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
    "SSESpecification or ReplicaUpdates is required"
)


@operation
def update_table(
    call: Call,
    table: Table,
    *,
    attribute_definitions: Sequence[dict[str, str]] = (),
    billing_mode: str | None = None,
    provisioned_throughput: dict[str, int] | None = None,
    global_secondary_index_updates: Sequence[dict[str, Any]] | None = None,
    stream_specification: dict[str, Any] | None = None,
    sse_specification: dict[str, Any] | None = None,
    table_class: str | None = None,
    deletion_protection_enabled: bool | None = None,
    warm_throughput: dict[str, int] | None = None,
    on_demand_throughput: dict[str, int] | None = None,
    replica_updates: Sequence[dict[str, Any]] | None = None,
) -> Reply:
    """The table, UPDATING; the next call finds it changed and ACTIVE. Nothing is changed if anything is refused."""
    if replica_updates:
        raise NotMocked("iamsim does not simulate global tables")
    plain = {
        "SSESpecification": sse_specification,
        "TableClass": table_class,
        "DeletionProtectionEnabled": deletion_protection_enabled,
        "WarmThroughput": warm_throughput,
        "OnDemandThroughput": on_demand_throughput,
    }
    given = {name: value for name, value in plain.items() if value is not None}
    others = (billing_mode, provisioned_throughput, global_secondary_index_updates, stream_specification)
    if not given and all(each is None for each in others):
        raise Invalid(NOTHING_TO_DO)
    types = table.attribute_types | schema.attribute_types(attribute_definitions)
    _check_types(table, types)
    now = call.clock.now()
    mode = billing_mode or table.settings["BillingMode"]
    throughput = _throughput(table, mode, provisioned_throughput)
    _check_stream(table, stream_specification)
    made, changed, gone = _index_updates(table, types, global_secondary_index_updates or ())
    kept = [index for name, index in table.indexes.items() if name not in gone]
    schema.check_indexes([*kept, *made])
    schema.check_all_used(schema.attribute_types(attribute_definitions), table.keys, [*table.indexes.values(), *made])
    check_throughput(mode, throughput, made)
    _check_units_of_indexes(mode, kept, changed)

    table.settings |= given
    table.settings["BillingMode"] = mode
    if throughput is None:
        table.settings.pop("ProvisionedThroughput", None)
    else:
        table.settings["ProvisionedThroughput"] = throughput
    if billing_mode == ON_DEMAND:
        table.on_demand_since = table.on_demand_since or now
    if stream_specification is not None:
        table.settings["StreamSpecification"] = stream_specification
        table.stream_label = stream_label(stream_specification, now) or table.stream_label
    for name, settings in changed.items():
        table.indexes[name].settings |= settings
    if mode == ON_DEMAND:
        for index in kept:
            index.settings.pop("ProvisionedThroughput", None)
    deleted = {name: table.indexes[name] for name in gone}
    for index in made:
        table.add_index(index)
    status = dict.fromkeys(changed, "UPDATING") | dict.fromkeys(gone, "DELETING")
    status |= {index.name: "CREATING" for index in made}
    reply = {"TableDescription": describe(table, "UPDATING", index_status=status)}
    for name in deleted:
        del table.indexes[name]
    used = {*table.keys.names, *(name for index in table.indexes.values() for name in index.keys.names)}
    table.attribute_types = {name: kind for name, kind in types.items() if name in used}
    return reply


def _check_types(table: Table, types: Mapping[str, str]) -> None:
    """Raises Invalid for another type of an attribute that is a key."""
    for name, kind in table.attribute_types.items():
        if types[name] != kind:
            raise invalid_parameter(f"Attribute {name} is already defined with type {kind}")


def _throughput(table: Table, mode: str, given: dict[str, int] | None) -> dict[str, int] | None:
    """The table's throughput from now on. Raises Invalid if there is no change, or none can be."""
    old = table.settings.get("ProvisionedThroughput")
    new = given if given is not None or mode == ON_DEMAND else old
    check_throughput(mode, new, ())
    if given is not None and units(given) == units(old):
        read, write = units(old)
        raise Invalid(
            "The provisioned throughput for the table will not change. The requested value equals the current value. "
            f"Current ReadCapacityUnits provisioned for the table: {read}. Requested ReadCapacityUnits: {read}. "
            f"Current WriteCapacityUnits provisioned for the table: {write}. Requested WriteCapacityUnits: {write}. "
            "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
        )
    return new


def _check_stream(table: Table, given: dict[str, Any] | None) -> None:
    check_stream(given)
    if given is None:
        return
    enabled = bool((table.settings.get("StreamSpecification") or {}).get("StreamEnabled"))
    if given["StreamEnabled"] and enabled:
        raise Invalid(f"Table already has an enabled stream: TableName: {table.name}")
    if not given["StreamEnabled"] and not enabled:
        raise Invalid(f"Table has no stream to disable: TableName: {table.name}")


def _index_updates(
    table: Table, types: Mapping[str, str], updates: Sequence[Mapping[str, Any]]
) -> tuple[list[Index], dict[str, dict[str, Any]], list[str]]:
    """The indexes to make, the new settings of others by name, and the names of those to delete."""
    made: list[Index] = []
    changed: dict[str, dict[str, Any]] = {}
    gone: list[str] = []
    for update in updates:
        if len(update) != 1:
            raise invalid_parameter(
                "Exactly one of Create, Update and Delete must be in each GlobalSecondaryIndexUpdate"
            )
        ((verb, given),) = update.items()
        name = given["IndexName"]
        existing = table.indexes.get(name)
        if verb == "Create":
            if existing is not None:
                raise Invalid("Attempting to create an index which already exists")
            made.append(schema.global_index(given, table.keys, types))
        elif existing is None or not existing.is_global:
            raise ResourceNotFoundException("Requested resource not found")
        elif verb == "Delete":
            gone.append(name)
        else:
            changed[name] = {member: value for member, value in given.items() if member != "IndexName"}
    if len(made) + len(gone) > 1:
        raise LimitExceededException(
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
        )
    return made, changed, gone


def _check_units_of_indexes(mode: str, kept: Sequence[Index], changed: Mapping[str, Mapping[str, Any]]) -> None:
    for index in kept:
        settings = changed.get(index.name, {})
        if mode == ON_DEMAND and "ProvisionedThroughput" in settings:
            raise invalid_parameter(
                f"Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {index.name} when "
                "BillingMode is PAY_PER_REQUEST"
            )
        if mode == PROVISIONED and index.is_global and "ProvisionedThroughput" not in index.settings | dict(settings):
            raise invalid_parameter(
                f"Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {index.name}"
            )
