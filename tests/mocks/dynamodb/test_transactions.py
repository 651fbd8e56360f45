"""TransactGetItems and TransactWriteItems."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mocks.dynamodb.tables import NOT_FOUND, fill, key, make_table, refused

CANCELED = "Transaction cancelled, please refer cancellation reasons for specific reasons "
NONE = {"Code": "None"}
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}


def put(number: int, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": "music", "Item": key("a", number)} | more}


def test_all_kinds_of_writes_at_once(client: Any) -> None:
    make_table(client)
    fill(client, 3)
    exists = {"ConditionExpression": "attribute_exists(pk)"}
    client.transact_write_items(
        TransactItems=[
            put(7),
            {"Delete": {"TableName": "music", "Key": key("a", 0), **exists}},
            {"ConditionCheck": {"TableName": "music", "Key": key("a", 1), **exists}},
            {
                "Update": {
                    "TableName": "music",
                    "Key": key("a", 2),
                    "UpdateExpression": "SET x = :x",
                    "ExpressionAttributeValues": {":x": {"S": "y"}},
                }
            },
        ]
    )
    items = client.scan(TableName="music")["Items"]
    assert items == [key("a", 1), key("a", 2) | {"x": {"S": "y"}}, key("a", 7)]


def test_one_that_fails_cancels_all(client: Any) -> None:
    make_table(client)
    fill(client, 2, x={"S": "x"})
    absent = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    update = {
        "TableName": "music",
        "Key": key("a", 1),
        "UpdateExpression": "SET n = n + :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    with refused(
        CANCELED + "[None, ConditionalCheckFailed, ValidationError]", "TransactionCanceledException"
    ) as response:
        client.transact_write_items(TransactItems=[put(5), put(0, **absent), {"Update": update}])
    assert response["CancellationReasons"] == [
        NONE,
        FAILED | {"Item": key("a", 0) | {"x": {"S": "x"}}},
        {
            "Code": "ValidationError",
            "Message": "The provided expression refers to an attribute that does not exist in the item",
        },
    ]
    assert client.scan(TableName="music")["Count"] == 2
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(TransactItems=[put(0, ConditionExpression="attribute_not_exists(pk)")])
    assert caught.value.response["CancellationReasons"] == [FAILED]
    bad = {"Delete": {"TableName": "music", "Key": {"pk": {"S": "a"}}}}
    with refused(CANCELED + "[None, ValidationError]", "TransactionCanceledException"):
        client.transact_write_items(TransactItems=[put(5), bad])


def test_what_no_transaction_can_be(client: Any) -> None:
    make_table(client)
    with refused("Transaction request cannot include multiple operations on one item"):
        client.transact_write_items(TransactItems=[put(1), {"Delete": {"TableName": "music", "Key": key("a", 1)}}])
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        client.transact_write_items(TransactItems=[{"Put": {"TableName": "none", "Item": key("a", 1)}}])
    with refused("TransactItems can only contain one of Check, Put, Update or Delete"):
        client.transact_write_items(TransactItems=[put(1) | {"Delete": {"TableName": "music", "Key": key("a", 2)}}])
    with refused('Invalid ConditionExpression: Syntax error; token: "=", near: "= ="'):
        client.transact_write_items(TransactItems=[put(1, ConditionExpression="a = =")])
    too_many = [put(number) for number in range(101)]
    with pytest.raises(client.exceptions.ClientError, match="Member must have length less than or equal to 100"):
        client.transact_write_items(TransactItems=too_many)
    assert client.scan(TableName="music")["Count"] == 0


def test_a_token_makes_it_happen_once(client: Any, clock: Any) -> None:
    make_table(client)
    add = {
        "Update": {
            "TableName": "music",
            "Key": key("a", 1),
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }

    def count() -> str:
        found: str = client.get_item(TableName="music", Key=key("a", 1))["Item"]["n"]["N"]
        return found

    for _ in range(2):
        client.transact_write_items(TransactItems=[add], ClientRequestToken="once")
        assert count() == "1"
    with refused(
        "Client request token is being reused with different parameters", "IdempotentParameterMismatchException"
    ):
        client.transact_write_items(TransactItems=[add, put(2)], ClientRequestToken="once")
    client.transact_write_items(TransactItems=[add])
    assert count() == "2"
    clock.advance(601)
    client.transact_write_items(TransactItems=[add], ClientRequestToken="once")
    assert count() == "3"


def test_getting_at_once(client: Any) -> None:
    make_table(client)
    fill(client, 2, x={"S": "y"})
    gets = [
        {"Get": {"TableName": "music", "Key": key("a", 1), "ProjectionExpression": "x"}},
        {"Get": {"TableName": "music", "Key": key("a", 9)}},
        {"Get": {"TableName": "music", "Key": key("a", 0)}},
    ]
    got = client.transact_get_items(TransactItems=gets, ReturnConsumedCapacity="TOTAL")
    assert got["Responses"] == [{"Item": {"x": {"S": "y"}}}, {}, {"Item": key("a", 0) | {"x": {"S": "y"}}}]
    assert got["ConsumedCapacity"] == [{"TableName": "music", "CapacityUnits": 6.0, "ReadCapacityUnits": 6.0}]
    with refused(CANCELED + "[None, ValidationError]", "TransactionCanceledException") as response:
        bad = {"Get": {"TableName": "music", "Key": {"pk": {"S": "a"}}}}
        client.transact_get_items(TransactItems=[gets[0], bad])
    assert response["CancellationReasons"][1]["Message"] == "The provided key element does not match the schema"
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        client.transact_get_items(TransactItems=[{"Get": {"TableName": "none", "Key": key("a", 1)}}])
    with refused("Transaction request cannot include multiple operations on one item"):
        client.transact_get_items(TransactItems=[gets[0], gets[0]])
