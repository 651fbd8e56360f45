"""UpdateTable: throughput, billing, indexes, streams."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.mocks.dynamodb.tables import INVALID, NOT_FOUND, fill, index, make_table, refused, schema

UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 3}


def test_billing_and_throughput(client: Any) -> None:
    make_table(client)
    reply = client.update_table(TableName="music", BillingMode="PROVISIONED", ProvisionedThroughput=UNITS)
    assert reply["TableDescription"]["TableStatus"] == "UPDATING"
    table = client.describe_table(TableName="music")["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert table["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    with refused(
        "The provisioned throughput for the table will not change. The requested value equals the current value. "
        "Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. "
        "Current WriteCapacityUnits provisioned for the table: 3. Requested WriteCapacityUnits: 3. "
        "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    ):
        client.update_table(TableName="music", ProvisionedThroughput=UNITS)
    client.update_table(TableName="music", BillingMode="PAY_PER_REQUEST")
    table = client.describe_table(TableName="music")["Table"]
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    with refused(
        INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
    ):
        client.update_table(TableName="music", BillingMode="PROVISIONED")


def test_an_update_changes_something(client: Any) -> None:
    make_table(client)
    with refused(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
        "SSESpecification or ReplicaUpdates is required"
    ):
        client.update_table(TableName="music")
    with refused(f"{NOT_FOUND}: Table: none not found", "ResourceNotFoundException"):
        client.update_table(TableName="none", BillingMode="PAY_PER_REQUEST")


def test_a_new_index_takes_in_what_is_there(client: Any) -> None:
    make_table(client)
    fill(client, 3, g={"S": "x"})
    client.put_item(
        TableName="music", Item={"pk": {"S": "b"}, "sk": {"N": "1"}, "g": {"N": "7"}}
    )  # no key of the index
    reply = client.update_table(
        TableName="music",
        AttributeDefinitions=schema("g:S")["AttributeDefinitions"],
        GlobalSecondaryIndexUpdates=[{"Create": index("by-g", "g")}],
    )["TableDescription"]
    assert reply["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING"
    table = client.describe_table(TableName="music")["Table"]
    assert table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    assert {each["AttributeName"] for each in table["AttributeDefinitions"]} == {"pk", "sk", "g"}
    found = client.query(
        TableName="music",
        IndexName="by-g",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "x"}},
    )
    assert found["Count"] == 3
    assert client.scan(TableName="music", IndexName="by-g")["Count"] == 3
    update = {"Delete": {"IndexName": "by-g"}}
    client.update_table(TableName="music", GlobalSecondaryIndexUpdates=[update])
    table = client.describe_table(TableName="music")["Table"]
    assert "GlobalSecondaryIndexes" not in table
    assert {each["AttributeName"] for each in table["AttributeDefinitions"]} == {"pk", "sk"}
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        client.update_table(TableName="music", GlobalSecondaryIndexUpdates=[update])


def test_one_index_at_a_time(client: Any) -> None:
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g")])
    with refused("Attempting to create an index which already exists"):
        client.update_table(
            TableName="music",
            AttributeDefinitions=schema("g:S")["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[{"Create": index("by-g", "g")}],
        )
    impatient = boto3.client("dynamodb", region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}))
    with refused(
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        "LimitExceededException",
    ):
        impatient.update_table(
            TableName="music",
            AttributeDefinitions=schema("g:S")["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[{"Create": index("one", "g")}, {"Create": index("two", "g")}],
        )


def test_throughput_of_an_index(client: Any) -> None:
    make_table(
        client,
        types=["g:S"],
        BillingMode="PROVISIONED",
        ProvisionedThroughput=UNITS,
        GlobalSecondaryIndexes=[index("by-g", "g") | {"ProvisionedThroughput": UNITS}],
    )
    more = {"ReadCapacityUnits": 50, "WriteCapacityUnits": 30}
    update = {"Update": {"IndexName": "by-g", "ProvisionedThroughput": more}}
    client.update_table(TableName="music", GlobalSecondaryIndexUpdates=[update])
    (by_g,) = client.describe_table(TableName="music")["Table"]["GlobalSecondaryIndexes"]
    assert by_g["ProvisionedThroughput"]["ReadCapacityUnits"] == 50
    client.update_table(TableName="music", BillingMode="PAY_PER_REQUEST")
    with refused(
        INVALID
        + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: by-g when BillingMode is "
        + "PAY_PER_REQUEST"
    ):
        client.update_table(TableName="music", GlobalSecondaryIndexUpdates=[update])


def test_streams_and_other_settings(client: Any) -> None:
    make_table(client)
    on = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    reply = client.update_table(TableName="music", StreamSpecification=on)["TableDescription"]
    assert reply["LatestStreamArn"].endswith("/stream/2023-11-14T22:13:20.000")
    with refused("Table already has an enabled stream: TableName: music"):
        client.update_table(TableName="music", StreamSpecification=on)
    client.update_table(TableName="music", StreamSpecification={"StreamEnabled": False})
    table = client.describe_table(TableName="music")["Table"]
    assert "StreamSpecification" not in table
    assert table["LatestStreamLabel"] == "2023-11-14T22:13:20.000"
    client.update_table(TableName="music", TableClass="STANDARD_INFREQUENT_ACCESS", DeletionProtectionEnabled=True)
    table = client.describe_table(TableName="music")["Table"]
    assert table["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
    assert table["DeletionProtectionEnabled"] is True


def test_replicas_are_not_mocked(client: Any) -> None:
    make_table(client)
    with pytest.raises(ClientError, match="iamsim does not simulate global tables"):
        client.update_table(TableName="music", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
