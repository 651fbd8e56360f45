"""CreateTable, DescribeTable, ListTables and DeleteTable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from iamsim.kit import Call, Reply, tags_in

from . import schema
from .description import describe, describe_deleted
from .failures import ResourceInUseException, ValidationException, operation
from .index import Index
from .invalid import Invalid, invalid_parameter
from .keys import Keys
from .resource_policy import attach
from .table import Table
from .throughput import ON_DEMAND, PROVISIONED, check_throughput

NAME = re.compile(r"[a-zA-Z0-9_.-]+")
MIN_NAME, MAX_NAME = 3, 255
PAGE_SIZE = 100

Given = Sequence[dict[str, Any]]


@operation
def create_table(
    call: Call,
    *,
    attribute_definitions: Sequence[dict[str, str]] = (),
    key_schema: Sequence[dict[str, str]] = (),
    local_secondary_indexes: Given | None = None,
    global_secondary_indexes: Given | None = None,
    billing_mode: str = PROVISIONED,
    provisioned_throughput: dict[str, int] | None = None,
    stream_specification: dict[str, Any] | None = None,
    sse_specification: dict[str, Any] | None = None,
    tags: list[dict[str, str]] | None = None,
    table_class: str | None = None,
    deletion_protection_enabled: bool | None = None,
    warm_throughput: dict[str, int] | None = None,
    on_demand_throughput: dict[str, int] | None = None,
    resource_policy: str | None = None,
) -> Reply:
    """The new table, CREATING; the next call finds it ACTIVE. Raises ResourceInUseException if there is one."""
    name = call.arn.resource.removeprefix("table/")
    _check_name(name)
    if not key_schema or not attribute_definitions:
        raise Invalid("One or more parameter values were invalid: KeySchema and AttributeDefinitions must be specified")
    types = schema.attribute_types(attribute_definitions)
    has_indexes = bool(local_secondary_indexes or global_secondary_indexes)
    keys = schema.table_keys(key_schema, types, has_indexes=has_indexes)
    indexes = _indexes(local_secondary_indexes, global_secondary_indexes, keys, types)
    schema.check_indexes(indexes)
    schema.check_all_used(types, keys, indexes)
    check_throughput(billing_mode, provisioned_throughput, indexes)
    check_stream(stream_specification)
    if call.find(Table) is not None:
        raise ResourceInUseException(f"Table already exists: {name}")
    now = call.clock.now()
    settings = {
        "BillingMode": billing_mode,
        "ProvisionedThroughput": provisioned_throughput,
        "StreamSpecification": stream_specification,
        "SSESpecification": sse_specification,
        "TableClass": table_class,
        "DeletionProtectionEnabled": deletion_protection_enabled,
        "WarmThroughput": warm_throughput,
        "OnDemandThroughput": on_demand_throughput,
    }
    table = Table(
        call.arn,
        tags_in(tags),
        keys=keys,
        id=call.clock.new_id(),
        created_at=now,
        attribute_types=types,
        indexes={index.name: index for index in indexes},
        settings={name: value for name, value in settings.items() if value is not None},
        on_demand_since=now if billing_mode == ON_DEMAND else None,
        stream_label=stream_label(stream_specification, now),
    )
    if resource_policy is not None:
        attach(call, table, resource_policy)
    call.save(table)
    return {"TableDescription": describe(table, "CREATING", index_status={index.name: "CREATING" for index in indexes})}


@operation
def describe_table(call: Call, table: Table) -> Reply:
    table.sweep(call.clock.now())
    return {"Table": describe(table)}


@operation
def delete_table(call: Call, table: Table) -> Reply:
    """Raises ValidationException while deletion protection is on."""
    if table.settings.get("DeletionProtectionEnabled"):
        raise ValidationException(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first."
        )
    call.delete(table)
    return {"TableDescription": describe_deleted(table)}


@operation
def list_tables(call: Call, *, exclusive_start_table_name: str = "", limit: int = PAGE_SIZE) -> Reply:
    names = sorted(table.name for table in call.all(Table) if table.name > exclusive_start_table_name)
    more = {"LastEvaluatedTableName": names[limit - 1]} if len(names) > limit else {}
    return {"TableNames": names[:limit]} | more


def check_stream(specification: dict[str, Any] | None) -> None:
    """Raises Invalid for a stream without a view type, or a view type without a stream."""
    if specification is None:
        return
    if specification["StreamEnabled"] and "StreamViewType" not in specification:
        raise invalid_parameter("StreamViewType must be specified when StreamEnabled is true")
    if not specification["StreamEnabled"] and "StreamViewType" in specification:
        raise invalid_parameter("StreamViewType cannot be specified when StreamEnabled is false")


def stream_label(specification: dict[str, Any] | None, now: float) -> str | None:
    """The label of a stream that is made now; None if none is."""
    if specification is None or not specification["StreamEnabled"]:
        return None
    return datetime.fromtimestamp(now, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def _indexes(local: Given | None, everywhere: Given | None, keys: Keys, types: dict[str, str]) -> list[Index]:
    for member, given in (("LocalSecondaryIndexes", local), ("GlobalSecondaryIndexes", everywhere)):
        if given is not None and not given:
            raise invalid_parameter(f"List of {member} is empty")
    return [
        *(schema.local_index(each, keys, types) for each in local or ()),
        *(schema.global_index(each, keys, types) for each in everywhere or ()),
    ]


def _check_name(name: str) -> None:
    if not MIN_NAME <= len(name) <= MAX_NAME:
        raise Invalid(f"TableName must be at least {MIN_NAME} characters long and at most {MAX_NAME} characters long")
    if not NAME.fullmatch(name):
        raise Invalid(
            f"1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {NAME.pattern}"
        )
