"""PutItem, GetItem, UpdateItem, DeleteItem."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.types import TypeSerializer

from tests.mocks.dynamodb.tables import INVALID, NOT_FOUND, index, key, make_table, refused

CONDITION_FAILED = "The conditional request failed"


def test_a_put_then_a_get_returns_the_item(client: Any) -> None:
    make_table(client)
    item = key("a", 1) | {
        "s": {"S": "é"},
        "n": {"N": "1.5"},
        "b": {"B": b"\x00\xff"},
        "bool": {"BOOL": False},
        "null": {"NULL": True},
        "l": {"L": [{"S": ""}, {"M": {}}]},
        "m": {"M": {"x": {"NS": ["1", "2"]}}},
        "ss": {"SS": ["x", "y"]},
        "bs": {"BS": [b"x"]},
    }
    assert "Attributes" not in client.put_item(TableName="music", Item=item)
    assert client.get_item(TableName="music", Key=key("a", "1.0"))["Item"] == item
    assert "Item" not in client.get_item(TableName="music", Key=key("a", 2))


def test_the_resource_of_boto3(client: Any, resource: Any) -> None:
    make_table(client)
    table = resource.Table("music")
    table.put_item(Item={"pk": "a", "sk": 1, "tags": {"x", "y"}, "price": Decimal("1.10")})
    item = table.get_item(Key={"pk": "a", "sk": 1})["Item"]
    assert item == {"pk": "a", "sk": 1, "tags": {"x", "y"}, "price": Decimal("1.1")}
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        resource.Table("music").delete_item(Key={"pk": "a", "sk": 1}, ConditionExpression=Attr("price").gt(2))
    assert table.item_count == 1
    assert TypeSerializer().serialize(item["price"]) == {"N": "1.1"}


def test_what_was_there_before(client: Any) -> None:
    make_table(client)
    item = key("a", 1) | {"x": {"S": "old"}}
    assert "Attributes" not in client.put_item(TableName="music", Item=item, ReturnValues="ALL_OLD")
    assert client.put_item(TableName="music", Item=key("a", 1), ReturnValues="ALL_OLD")["Attributes"] == item
    assert client.delete_item(TableName="music", Key=key("a", 1), ReturnValues="ALL_OLD")["Attributes"] == key("a", 1)
    assert "Attributes" not in client.delete_item(TableName="music", Key=key("a", 1), ReturnValues="ALL_OLD")
    for operation, what in ((client.put_item, {"Item": item}), (client.delete_item, {"Key": key("a", 1)})):
        with refused("ReturnValues can only be ALL_OLD or NONE"):
            operation(TableName="music", ReturnValues="ALL_NEW", **what)


@pytest.mark.parametrize(
    ("wanted", "first", "second"),
    [
        ("NONE", None, None),
        ("ALL_OLD", None, {"pk": "a", "sk": 1, "n": 1, "m": {"x": 1, "y": 1}}),
        ("UPDATED_OLD", None, {"n": 1, "m": {"x": 1}}),
        (
            "ALL_NEW",
            {"pk": "a", "sk": 1, "n": 1, "m": {"x": 1, "y": 1}},
            {"pk": "a", "sk": 1, "n": 2, "m": {"x": 2, "y": 1}},
        ),
        ("UPDATED_NEW", {"n": 1, "m": {"x": 1, "y": 1}}, {"n": 2, "m": {"x": 2}}),
    ],
)
def test_what_an_update_returns(client: Any, resource: Any, wanted: str, first: Any, second: Any) -> None:
    make_table(client)
    table = resource.Table("music")
    made = table.update_item(
        Key={"pk": "a", "sk": 1},
        UpdateExpression="SET n = :one, m = :m",
        ExpressionAttributeValues={":one": 1, ":m": {"x": 1, "y": 1}},
        ReturnValues=wanted,
    )
    changed = table.update_item(
        Key={"pk": "a", "sk": 1},
        UpdateExpression="ADD n :one SET m.x = m.x + :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues=wanted,
    )
    assert (made.get("Attributes"), changed.get("Attributes")) == (first, second)


def test_an_update_without_an_expression_makes_the_item(client: Any) -> None:
    make_table(client)
    client.update_item(TableName="music", Key=key("a", 1))
    assert client.get_item(TableName="music", Key=key("a", 1))["Item"] == key("a", 1)
    client.update_item(
        TableName="music", Key=key("a", 1), AttributeUpdates={"n": {"Action": "ADD", "Value": {"N": "2"}}}
    )
    assert client.get_item(TableName="music", Key=key("a", 1))["Item"] == key("a", 1) | {"n": {"N": "2"}}


def test_a_condition_that_fails_changes_nothing(client: Any) -> None:
    make_table(client)
    item = key("a", 1) | {"v": {"N": "1"}}
    client.put_item(TableName="music", Item=item, ConditionExpression="attribute_not_exists(pk)")
    calls = [
        (client.put_item, {"Item": key("a", 1), "ConditionExpression": "attribute_not_exists(pk)"}),
        (client.put_item, {"Item": key("a", 1), "Expected": {"pk": {"Exists": False}}}),
        (client.delete_item, {"Key": key("a", 1), "ConditionExpression": "v > v2"}),
        (
            client.update_item,
            {
                "Key": key("a", 1),
                "UpdateExpression": "SET v = :v",
                "ConditionExpression": "v = :v",
                "ExpressionAttributeValues": {":v": {"N": "2"}},
            },
        ),
    ]
    for operation, params in calls:
        with refused(CONDITION_FAILED, "ConditionalCheckFailedException") as response:
            operation(TableName="music", **params)
        assert "Item" not in response
        with refused(CONDITION_FAILED, "ConditionalCheckFailedException") as response:
            operation(TableName="music", ReturnValuesOnConditionCheckFailure="ALL_OLD", **params)
        assert response["Item"] == item
    assert client.get_item(TableName="music", Key=key("a", 1))["Item"] == item
    with refused(CONDITION_FAILED, "ConditionalCheckFailedException") as response:
        client.delete_item(
            TableName="music",
            Key=key("b", 1),
            ConditionExpression="attribute_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert "Item" not in response


def test_a_projection_gives_parts(client: Any) -> None:
    make_table(client)
    client.put_item(TableName="music", Item=key("a", 1) | {"m": {"M": {"x": {"S": "1"}, "y": {"S": "2"}}}})
    got = client.get_item(
        TableName="music",
        Key=key("a", 1),
        ProjectionExpression="sk, #m.y",
        ExpressionAttributeNames={"#m": "m"},
        ConsistentRead=True,
    )
    assert got["Item"] == {"sk": {"N": "1"}, "m": {"M": {"y": {"S": "2"}}}}
    got = client.get_item(TableName="music", Key=key("a", 1), AttributesToGet=["pk", "none"])
    assert got["Item"] == {"pk": {"S": "a"}}


def test_an_arn_names_the_table(client: Any) -> None:
    make_table(client)
    arn = client.describe_table(TableName="music")["Table"]["TableArn"]
    client.put_item(TableName=arn, Item=key("a", 1))
    assert client.get_item(TableName="music", Key=key("a", 1))["Item"] == key("a", 1)
    elsewhere = boto3.client("dynamodb", region_name="eu-west-1")
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        elsewhere.get_item(TableName="music", Key=key("a", 1))
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        client.get_item(TableName=arn.replace("123456789012", "111122223333"), Key=key("a", 1))


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"pk": {"S": "a"}}, INVALID + "Missing the key sk in the item"),
        (
            {"pk": {"S": "a"}, "sk": {"S": "1"}},
            INVALID + "Type mismatch for key sk expected: N actual: S",
        ),
        (
            {"pk": {"S": ""}, "sk": {"N": "1"}},
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string value. Key: pk",
        ),
        (
            key("a", 1) | {"g": {"N": "1"}},
            INVALID + "Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g",
        ),
        (key("a", 1) | {"x": {"SS": []}}, INVALID + "An string set  may not be empty"),
        (key("a", 1) | {"x": {"S": "y" * 410_000}}, "Item size has exceeded the maximum allowed size"),
        (key("a", "x"), "The parameter cannot be converted to a numeric value: x"),
    ],
)
def test_what_no_item_can_be(client: Any, item: dict[str, Any], message: str) -> None:
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g")])
    with refused(message):
        client.put_item(TableName="music", Item=item)
    assert client.scan(TableName="music")["Count"] == 0


def test_what_no_key_can_be(client: Any) -> None:
    make_table(client)
    for bad in ({"pk": {"S": "a"}}, key("a", 1) | {"x": {"S": "y"}}, {"pk": {"S": "a"}, "sk": {"S": "1"}}):
        with refused("The provided key element does not match the schema"):
            client.get_item(TableName="music", Key=bad)
        with refused("The provided key element does not match the schema"):
            client.delete_item(TableName="music", Key=bad)


def test_expressions_that_do_not_go_together(client: Any) -> None:
    make_table(client)
    with refused(
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
        "{Expected} Expression parameters: {ConditionExpression}"
    ):
        client.put_item(
            TableName="music", Item=key("a", 1), ConditionExpression="a = b", Expected={"x": {"Exists": False}}
        )
    with refused("ExpressionAttributeNames can only be specified when using expressions"):
        client.put_item(TableName="music", Item=key("a", 1), ExpressionAttributeNames={"#x": "x"})
    with refused("ExpressionAttributeNames can only be specified when using expressions"):
        client.get_item(TableName="music", Key=key("a", 1), ExpressionAttributeNames={"#x": "x"})
    with refused("Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}"):
        client.update_item(
            TableName="music",
            Key=key("a", 1),
            UpdateExpression="REMOVE y",
            ExpressionAttributeValues={":x": {"S": "y"}},
        )
    with refused(INVALID + "Cannot update attribute sk. This attribute is part of the key"):
        client.update_item(TableName="music", Key=key("a", 1), UpdateExpression="REMOVE sk")


def test_input_that_the_model_refuses(client: Any) -> None:
    make_table(client)
    with refused(
        "1 validation error detected: Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member "
        "must satisfy enum value set: [INDEXES, TOTAL, NONE]"
    ):
        client.get_item(TableName="music", Key=key("a", 1), ReturnConsumedCapacity="SOME")


ACTED_ON = {
    "GetItem": "TableName Key AttributesToGet ConsistentRead ReturnConsumedCapacity ProjectionExpression "
    "ExpressionAttributeNames",
    "PutItem": "TableName Item Expected ReturnValues ReturnConsumedCapacity ReturnItemCollectionMetrics "
    "ConditionalOperator ConditionExpression ExpressionAttributeNames ExpressionAttributeValues "
    "ReturnValuesOnConditionCheckFailure",
    "UpdateItem": "TableName Key AttributeUpdates Expected ConditionalOperator ReturnValues ReturnConsumedCapacity "
    "ReturnItemCollectionMetrics UpdateExpression ConditionExpression ExpressionAttributeNames "
    "ExpressionAttributeValues ReturnValuesOnConditionCheckFailure",
    "DeleteItem": "TableName Key Expected ConditionalOperator ReturnValues ReturnConsumedCapacity "
    "ReturnItemCollectionMetrics ConditionExpression ExpressionAttributeNames ExpressionAttributeValues "
    "ReturnValuesOnConditionCheckFailure",
    "Query": "TableName IndexName Select AttributesToGet Limit ConsistentRead KeyConditions QueryFilter "
    "ConditionalOperator ScanIndexForward ExclusiveStartKey ReturnConsumedCapacity ProjectionExpression "
    "FilterExpression KeyConditionExpression ExpressionAttributeNames ExpressionAttributeValues",
    "Scan": "TableName IndexName AttributesToGet Limit Select ScanFilter ConditionalOperator ExclusiveStartKey "
    "ReturnConsumedCapacity TotalSegments Segment ProjectionExpression FilterExpression ExpressionAttributeNames "
    "ExpressionAttributeValues ConsistentRead",
    "BatchGetItem": "RequestItems ReturnConsumedCapacity",
    "BatchWriteItem": "RequestItems ReturnConsumedCapacity ReturnItemCollectionMetrics",
    "ExecuteStatement": "Statement Parameters ConsistentRead NextToken ReturnConsumedCapacity Limit "
    "ReturnValuesOnConditionCheckFailure",
    "BatchExecuteStatement": "Statements ReturnConsumedCapacity",
    "ExecuteTransaction": "TransactStatements ClientRequestToken ReturnConsumedCapacity",
    "TransactGetItems": "TransactItems ReturnConsumedCapacity",
    "TransactWriteItems": "TransactItems ReturnConsumedCapacity ReturnItemCollectionMetrics ClientRequestToken",
}


@pytest.mark.parametrize("operation", ACTED_ON)
def test_no_parameter_is_ignored(client: Any, operation: str) -> None:
    """These operations read their whole input, so a parameter that AWS adds would not warn by itself."""
    assert set(client.meta.service_model.operation_model(operation).input_shape.members) <= set(
        ACTED_ON[operation].split()
    )
