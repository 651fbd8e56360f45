"""ReturnConsumedCapacity and ReturnItemCollectionMetrics."""

from __future__ import annotations

from typing import Any

from tests.mocks.dynamodb.tables import fill, index, key, make_table

KB = 1024


def sized(number: int, size: int, **more: Any) -> dict[str, Any]:
    """An item of that size; its key takes 2 + 1 + 2 + 2 bytes."""
    return key("a", number) | {"x": {"S": "x" * (size - 8)}} | more


def units(reply: dict[str, Any]) -> float:
    found: float = reply["ConsumedCapacity"]["CapacityUnits"]
    return found


def test_reads(client: Any) -> None:
    make_table(client)
    client.put_item(TableName="music", Item=sized(1, 4 * KB))
    client.put_item(TableName="music", Item=sized(2, 4 * KB + 1))

    def get(number: int, **params: Any) -> float:
        return units(client.get_item(TableName="music", Key=key("a", number), ReturnConsumedCapacity="TOTAL", **params))

    assert [get(1), get(2), get(3)] == [0.5, 1.0, 0.5]
    assert [get(1, ConsistentRead=True), get(2, ConsistentRead=True)] == [1.0, 2.0]
    assert units(client.scan(TableName="music", ReturnConsumedCapacity="TOTAL")) == 1.5
    assert units(client.scan(TableName="music", ReturnConsumedCapacity="TOTAL", ConsistentRead=True)) == 3.0
    assert "ConsumedCapacity" not in client.get_item(TableName="music", Key=key("a", 1), ReturnConsumedCapacity="NONE")


def test_writes(client: Any) -> None:
    make_table(client)

    def put(size: int) -> float:
        return units(client.put_item(TableName="music", Item=sized(1, size), ReturnConsumedCapacity="TOTAL"))

    assert [put(KB), put(KB + 1), put(100), put(100)] == [1.0, 2.0, 2.0, 1.0]
    put(3 * KB)
    for expected in (3.0, 1.0):
        deleted = client.delete_item(TableName="music", Key=key("a", 1), ReturnConsumedCapacity="INDEXES")
        assert deleted["ConsumedCapacity"] == {
            "TableName": "music",
            "CapacityUnits": expected,
            "Table": {"CapacityUnits": expected},
        }


def test_indexes_cost_what_they_write(client: Any) -> None:
    make_table(
        client,
        types=["g:S", "l:S"],
        GlobalSecondaryIndexes=[index("by-g", "g", projection="KEYS_ONLY")],
        LocalSecondaryIndexes=[index("by-l", "pk", "l")],
    )

    def put(**more: Any) -> dict[str, Any]:
        item = sized(1, 2 * KB, **more)
        reply = client.put_item(TableName="music", Item=item, ReturnConsumedCapacity="INDEXES")
        consumed: dict[str, Any] = reply["ConsumedCapacity"]
        return {
            name: consumed.get(member, {}).get(name, {}).get("CapacityUnits", 0)
            for member, name in (("GlobalSecondaryIndexes", "by-g"), ("LocalSecondaryIndexes", "by-l"))
        } | {"total": consumed["CapacityUnits"]}

    assert put() == {"by-g": 0, "by-l": 0, "total": 2}
    assert put(g={"S": "1"}) == {"by-g": 1, "by-l": 0, "total": 4}  # and 3 bytes more
    assert put(g={"S": "1"}, y={"S": "y"}) == {"by-g": 0, "by-l": 0, "total": 3}
    assert put(g={"S": "2"}) == {"by-g": 2, "by-l": 0, "total": 5}
    assert put(l={"S": "1"}) == {"by-g": 1, "by-l": 3, "total": 7}


def test_a_local_index_reads_the_table_too(client: Any) -> None:
    make_table(client, types=["l:S"], LocalSecondaryIndexes=[index("by-l", "pk", "l", projection="KEYS_ONLY")])
    fill(client, 3, l={"S": "1"})
    params = {
        "TableName": "music",
        "IndexName": "by-l",
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "a"}},
        "ReturnConsumedCapacity": "INDEXES",
    }
    assert client.query(**params)["ConsumedCapacity"]["CapacityUnits"] == 0.5
    assert client.query(**params, Select="ALL_ATTRIBUTES")["ConsumedCapacity"] == {
        "TableName": "music",
        "CapacityUnits": 2.0,
        "Table": {"CapacityUnits": 1.5},
        "LocalSecondaryIndexes": {"by-l": {"CapacityUnits": 0.5}},
    }


def test_transactions_cost_double(client: Any) -> None:
    make_table(client)
    reply = client.transact_write_items(
        TransactItems=[{"Put": {"TableName": "music", "Item": sized(1, KB)}}],
        ReturnConsumedCapacity="TOTAL",
        ClientRequestToken="t",
    )
    assert reply["ConsumedCapacity"] == [{"TableName": "music", "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}]


def test_item_collections_of_tables_with_local_indexes(client: Any) -> None:
    make_table(client, types=["l:S"], LocalSecondaryIndexes=[index("by-l", "pk", "l")])
    make_table(client, name="plain")
    metrics = {"ItemCollectionKey": {"pk": {"S": "a"}}, "SizeEstimateRangeGB": [0.0, 1.0]}
    params = {"Item": key("a", 1), "ReturnItemCollectionMetrics": "SIZE"}
    assert client.put_item(TableName="music", **params)["ItemCollectionMetrics"] == metrics
    assert "ItemCollectionMetrics" not in client.put_item(TableName="plain", **params)
    reply = client.batch_write_item(
        RequestItems={"music": [{"PutRequest": {"Item": key("a", 1)}}]}, ReturnItemCollectionMetrics="SIZE"
    )
    assert reply["ItemCollectionMetrics"] == {"music": [metrics]}
