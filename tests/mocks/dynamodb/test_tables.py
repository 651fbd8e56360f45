"""Making, describing, listing and deleting tables."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from tests.mocks.dynamodb.conftest import NOW
from tests.mocks.dynamodb.tables import INVALID, NOT_FOUND, fill, index, key_schema, make_table, refused, schema

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/music"
UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 3}


def test_a_table_is_creating_then_active(client: Any) -> None:
    made = client.create_table(
        TableName="music",
        ProvisionedThroughput=UNITS,
        **schema("pk:S", "sk:N"),
        TableClass="STANDARD",
        DeletionProtectionEnabled=False,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "alias/mine"},
    )["TableDescription"]
    assert made["TableStatus"] == "CREATING"
    client.get_waiter("table_exists").wait(TableName="music")
    table = client.describe_table(TableName="music")["Table"]
    assert table.pop("CreationDateTime").timestamp() == NOW
    table_id = table.pop("TableId")
    assert len(table_id) == 36
    assert table == {
        "TableName": "music",
        "TableArn": ARN,
        "TableStatus": "ACTIVE",
        "KeySchema": key_schema("pk", "sk"),
        "AttributeDefinitions": schema("pk:S", "sk:N")["AttributeDefinitions"],
        "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, **UNITS},
        "TableSizeBytes": 0,
        "ItemCount": 0,
        "DeletionProtectionEnabled": False,
        "TableClassSummary": {"TableClass": "STANDARD"},
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        "LatestStreamLabel": "2023-11-14T22:13:20.000",
        "LatestStreamArn": f"{ARN}/stream/2023-11-14T22:13:20.000",
        "SSEDescription": {
            "Status": "ENABLED",
            "SSEType": "KMS",
            "KMSMasterKeyArn": "arn:aws:kms:us-east-1:123456789012:alias/mine",
        },
    }


def test_item_count_and_size_are_those_of_the_moment(client: Any) -> None:
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g", projection="KEYS_ONLY")])
    fill(client, 3)
    client.put_item(TableName="music", Item={"pk": {"S": "b"}, "sk": {"N": "1"}, "g": {"S": "x"}, "more": {"S": "yz"}})
    table = client.describe_table(TableName=ARN)["Table"]
    assert table["ItemCount"] == 4
    assert table["TableSizeBytes"] == 3 * 7 - 1 + 7 + 2 + 6  # a zero is a byte shorter
    (by_g,) = table["GlobalSecondaryIndexes"]
    assert (by_g["ItemCount"], by_g["IndexSizeBytes"]) == (1, 9)
    assert by_g["IndexArn"] == f"{ARN}/index/by-g"
    assert by_g["IndexStatus"] == "ACTIVE"
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_names_are_taken_once_in_an_account_and_region(client: Any) -> None:
    make_table(client)
    with refused("Table already exists: music", "ResourceInUseException"):
        make_table(client)
    make_table(boto3.client("dynamodb", region_name="eu-west-1"))


@pytest.mark.parametrize("name", ["ab", "x" * 256])
def test_names_have_a_length(client: Any, name: str) -> None:
    with refused("TableName must be at least 3 characters long and at most 255 characters long"):
        make_table(client, name=name)


def test_names_have_a_pattern(client: Any) -> None:
    with refused(
        "1 validation error detected: Value 'a b c' at 'tableName' failed to satisfy constraint: Member must satisfy "
        "regular expression pattern: [a-zA-Z0-9_.-]+"
    ):
        make_table(client, name="a b c")


def test_deleting(client: Any) -> None:
    make_table(client)
    deleted = client.delete_table(TableName="music")["TableDescription"]
    assert deleted["TableStatus"] == "DELETING"
    assert "KeySchema" not in deleted
    client.get_waiter("table_not_exists").wait(TableName="music")
    for operation in (client.describe_table, client.delete_table):
        with refused(f"{NOT_FOUND}: Table: music not found", "ResourceNotFoundException"):
            operation(TableName="music")
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        client.scan(TableName="music")


def test_deletion_protection(client: Any) -> None:
    make_table(client, DeletionProtectionEnabled=True)
    with refused(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
    ):
        client.delete_table(TableName="music")
    client.update_table(TableName="music", DeletionProtectionEnabled=False)
    client.delete_table(TableName="music")


def test_lists_are_in_pages(client: Any) -> None:
    names = [f"table-{letter}" for letter in "edcba"]
    for name in names:
        make_table(client, name=name)
    first = client.list_tables(Limit=2)
    assert (first["TableNames"], first["LastEvaluatedTableName"]) == (["table-a", "table-b"], "table-b")
    pages = client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2})
    assert [name for page in pages for name in page["TableNames"]] == sorted(names)
    assert "LastEvaluatedTableName" not in client.list_tables(Limit=5)


def test_tags(client: Any) -> None:
    make_table(client, Tags=[{"Key": "team", "Value": "x"}])
    client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "stage", "Value": "dev"}, {"Key": "team", "Value": "y"}])
    client.untag_resource(ResourceArn=ARN, TagKeys=["stage"])
    assert client.list_tags_of_resource(ResourceArn=ARN)["Tags"] == [{"Key": "team", "Value": "y"}]


def test_limits_and_endpoints(client: Any) -> None:
    assert client.describe_limits()["TableMaxReadCapacityUnits"] == 40000
    assert client.describe_endpoints()["Endpoints"][0]["Address"] == "dynamodb.us-east-1.amazonaws.com"


GSI, LSI = "GlobalSecondaryIndexes", "LocalSecondaryIndexes"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {**schema("pk:S"), "KeySchema": key_schema("pk", "sk")},
            "Invalid KeySchema: Some index key attribute have no definition",
        ),
        (
            {**schema("pk:S", "sk:S"), "KeySchema": key_schema("pk")},
            INVALID
            + "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            + "AttributeDefinitions",
        ),
        (
            {**schema("other:S"), "KeySchema": key_schema("pk")},
            INVALID
            + "Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], "
            + "AttributeDefinitions: [other]",
        ),
        (
            {**schema("pk:S"), "KeySchema": [{"AttributeName": "pk", "KeyType": "RANGE"}]},
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            {**schema("pk:S", "sk:S"), "KeySchema": [{"AttributeName": n, "KeyType": "HASH"} for n in ("pk", "sk")]},
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
        ),
        (
            {**schema("pk:S"), "KeySchema": key_schema("pk", "pk")},
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ),
        (
            {**schema("pk:S", "x:S"), "KeySchema": key_schema("pk"), GSI: [index("one", "pk")]},
            INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: [pk, x], keys used: [pk]",
        ),
        (
            {**schema("pk:S"), GSI: [index("one", "g")]},
            INVALID
            + "Some index key attributes are not defined in AttributeDefinitions. Keys: [g], "
            + "AttributeDefinitions: [pk]",
        ),
        (
            {**schema("pk:S"), GSI: [index("one", "pk"), index("one", "pk")]},
            INVALID + "Duplicate index name: one",
        ),
        (
            {**schema("pk:S"), LSI: [index("one", "pk", "pk")]},
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ),
        (
            {**schema("pk:S", "sk:S"), LSI: [index("one", "pk")]},
            INVALID + "Index KeySchema does not have a range key for index: one",
        ),
        (
            {**schema("pk:S", "sk:S"), LSI: [index("one", "sk", "pk")]},
            INVALID
            + "Index KeySchema does not have the same leading hash key as table KeySchema for index: one. "
            + "index hash key: sk, table hash key: pk",
        ),
        ({**schema("pk:S"), GSI: []}, INVALID + "List of GlobalSecondaryIndexes is empty"),
        (
            {**schema("pk:S"), GSI: [index("one", "pk", projection="INCLUDE")]},
            INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        ),
        (
            {**schema("pk:S"), GSI: [index("one", "pk", include=["x"])]},
            INVALID + "ProjectionType is ALL, but NonKeyAttributes is specified",
        ),
        (
            {**schema("pk:S"), GSI: [index(f"index-{n}", "pk") for n in range(21)]},
            INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of 20",
        ),
        (
            {**schema("pk:S"), "ProvisionedThroughput": UNITS},
            INVALID
            + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        ),
        (
            {**schema("pk:S"), GSI: [index("one", "pk") | {"ProvisionedThroughput": UNITS}]},
            INVALID
            + "ProvisionedThroughput should not be specified for index: one when BillingMode is PAY_PER_REQUEST",
        ),
        (
            {**schema("pk:S"), "BillingMode": "PROVISIONED"},
            INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
        ),
        (
            {**schema("pk:S"), "BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS, GSI: [index("one", "pk")]},
            INVALID + "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: one",
        ),
        (
            {**schema("pk:S"), "BillingMode": "FREE"},
            "1 validation error detected: Value 'FREE' at 'billingMode' failed to satisfy constraint: Member must "
            "satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
        ),
    ],
)
def test_what_no_table_can_be(client: Any, params: dict[str, Any], message: str) -> None:
    with refused(message):
        client.create_table(**({"TableName": "music", "BillingMode": "PAY_PER_REQUEST"} | params))
    assert client.list_tables()["TableNames"] == []


def test_point_in_time_recovery(client: Any, clock: Any) -> None:
    make_table(client)
    described = client.describe_continuous_backups(TableName="music")["ContinuousBackupsDescription"]
    assert described == {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
    }
    client.update_continuous_backups(
        TableName="music", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    clock.advance(3600)
    described = client.describe_continuous_backups(TableName="music")["ContinuousBackupsDescription"]
    recovery = described["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert recovery["EarliestRestorableDateTime"].timestamp() == NOW
    assert recovery["LatestRestorableDateTime"].timestamp() == NOW + 3300
    with refused("Table not found: nothing", "TableNotFoundException"):
        client.describe_continuous_backups(TableName="nothing")
