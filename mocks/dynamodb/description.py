"""A table as DescribeTable and the operations that change it show it. Item counts and sizes are those of the moment."""

from __future__ import annotations

from typing import Any

from . import throughput
from .index import Index
from .schema import key_schema
from .table import Table

ACTIVE = "ACTIVE"
Description = dict[str, Any]


def describe(table: Table, status: str = ACTIVE, *, index_status: dict[str, str] | None = None) -> Description:
    """The TableDescription. `index_status` is said of indexes that are not ACTIVE yet, by name."""
    settings = table.settings
    shown: Description = {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in table.attribute_types.items()
        ],
        "TableName": table.name,
        "KeySchema": key_schema(table.keys),
        "TableStatus": status,
        "CreationDateTime": table.created_at,
        "ProvisionedThroughput": throughput.described(settings.get("ProvisionedThroughput")),
        "TableSizeBytes": table.items.size_bytes,
        "ItemCount": table.items.count,
        "TableArn": str(table.arn),
        "TableId": table.id,
        "DeletionProtectionEnabled": bool(settings.get("DeletionProtectionEnabled", False)),
    }
    if table.on_demand_since is not None:
        shown["BillingModeSummary"] = {
            "BillingMode": settings["BillingMode"],
            "LastUpdateToPayPerRequestDateTime": table.on_demand_since,
        }
    said = index_status or {}
    for member, indexes in (
        ("LocalSecondaryIndexes", table.local_indexes),
        ("GlobalSecondaryIndexes", table.global_indexes),
    ):
        if indexes:
            shown[member] = [_index(table, index, said.get(index.name, ACTIVE)) for index in indexes]
    stream = settings.get("StreamSpecification")
    if stream and stream["StreamEnabled"]:
        shown["StreamSpecification"] = stream
    if table.stream_label is not None:
        shown["LatestStreamLabel"] = table.stream_label
        shown["LatestStreamArn"] = f"{table.arn}/stream/{table.stream_label}"
    encryption = settings.get("SSESpecification")
    if encryption and encryption.get("Enabled"):
        shown["SSEDescription"] = _encryption(table, encryption)
    if "TableClass" in settings:
        shown["TableClassSummary"] = {"TableClass": settings["TableClass"]}
    if "OnDemandThroughput" in settings:
        shown["OnDemandThroughput"] = settings["OnDemandThroughput"]
    if "WarmThroughput" in settings:
        shown["WarmThroughput"] = settings["WarmThroughput"] | {"Status": ACTIVE}
    return shown


def describe_deleted(table: Table) -> Description:
    """What DeleteTable answers with."""
    whole = describe(table, "DELETING")
    members = (
        "TableName", "TableStatus", "ProvisionedThroughput", "TableSizeBytes", "ItemCount", "TableArn", "TableId",
        "BillingModeSummary", "DeletionProtectionEnabled",
    )  # fmt: skip
    return {member: whole[member] for member in members if member in whole}


def _index(table: Table, index: Index, status: str) -> Description:
    shown: Description = {
        "IndexName": index.name,
        "KeySchema": key_schema(index.keys),
        "Projection": index.projection,
        "IndexSizeBytes": index.items.size_bytes,
        "ItemCount": index.items.count,
        "IndexArn": f"{table.arn}/index/{index.name}",
    }
    if index.is_global:
        shown["IndexStatus"] = status
        shown["ProvisionedThroughput"] = throughput.described(index.settings.get("ProvisionedThroughput"))
        for member in ("OnDemandThroughput", "WarmThroughput"):
            if member in index.settings:
                shown[member] = index.settings[member]
        if status == "CREATING":
            shown["Backfilling"] = False
    return shown


def _encryption(table: Table, given: dict[str, Any]) -> Description:
    """The SSEDescription. The key's ARN is shown if the caller gave it; that of AWS's own key is not known here."""
    shown = {"Status": "ENABLED", "SSEType": given.get("SSEType", "KMS")}
    key = given.get("KMSMasterKeyId")
    if key is not None:
        kind = key if key.startswith("alias/") else f"key/{key}"
        arn = table.arn._replace(service="kms", resource=kind)
        shown["KMSMasterKeyArn"] = key if key.startswith("arn:") else str(arn)
    return shown
