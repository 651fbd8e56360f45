"""BatchGetItem and BatchWriteItem."""

from __future__ import annotations

from typing import Any

from tests.mocks.dynamodb.tables import INVALID, NOT_FOUND, fill, key, make_table, refused

DUPLICATES = "Provided list of item keys contains duplicates"


def put(number: int) -> dict[str, Any]:
    return {"PutRequest": {"Item": key("a", number)}}


def test_the_batch_writer_of_boto3(client: Any, resource: Any) -> None:
    make_table(client)
    table = resource.Table("music")
    with table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as batch:
        for number in range(60):
            batch.put_item(Item={"pk": "a", "sk": number % 40, "n": number})
    assert table.scan()["Count"] == 40
    assert table.get_item(Key={"pk": "a", "sk": 3})["Item"]["n"] == 43
    with table.batch_writer() as batch:
        for number in range(40):
            batch.delete_item(Key={"pk": "a", "sk": number})
    assert table.scan()["Count"] == 0


def test_getting_from_several_tables(client: Any) -> None:
    make_table(client)
    make_table(client, name="films")
    fill(client, 3, x={"S": "x"})
    fill(client, 1, name="films")
    arn = client.describe_table(TableName="films")["Table"]["TableArn"]
    got = client.batch_get_item(
        RequestItems={
            "music": {"Keys": [key("a", 2), key("a", 0), key("b", 0)], "ProjectionExpression": "x"},
            arn: {"Keys": [key("a", 0)], "ConsistentRead": True},
        },
        ReturnConsumedCapacity="TOTAL",
    )
    assert got["Responses"] == {"music": [{"x": {"S": "x"}}] * 2, arn: [key("a", 0)]}
    assert got["UnprocessedKeys"] == {}
    assert got["ConsumedCapacity"] == [
        {"TableName": "music", "CapacityUnits": 1.5},
        {"TableName": arn, "CapacityUnits": 1.0},
    ]


def test_an_answer_is_no_more_than_16_megabytes(client: Any) -> None:
    make_table(client)
    fill(client, 50, data={"S": "x" * 400_000})
    wanted = {"music": {"Keys": [key("a", number) for number in range(50)]}}
    found = []
    while wanted:
        got = client.batch_get_item(RequestItems=wanted)
        found.append(len(got["Responses"]["music"]))
        wanted = got["UnprocessedKeys"]
    assert found == [41, 9]


def test_what_no_batch_of_gets_can_be(client: Any) -> None:
    make_table(client)
    with refused("Too many items requested for the BatchGetItem call"):
        halves = {name: {"Keys": [key("a", n) for n in range(51)]} for name in ("music", "films")}
        client.batch_get_item(RequestItems=halves)
    with refused(DUPLICATES):
        client.batch_get_item(RequestItems={"music": {"Keys": [key("a", 1), key("a", "1.0")]}})
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        client.batch_get_item(RequestItems={"films": {"Keys": [key("a", 1)]}})
    with refused("The provided key element does not match the schema"):
        client.batch_get_item(RequestItems={"music": {"Keys": [{"pk": {"S": "a"}}]}})


def test_writing_to_several_tables(client: Any) -> None:
    make_table(client)
    make_table(client, name="films")
    fill(client, 2)
    reply = client.batch_write_item(
        RequestItems={"music": [put(5), {"DeleteRequest": {"Key": key("a", 0)}}], "films": [put(1)]}
    )
    assert reply["UnprocessedItems"] == {}
    assert client.scan(TableName="music")["Items"] == [key("a", 1), key("a", 5)]
    assert client.scan(TableName="films")["Count"] == 1


def test_what_no_batch_of_writes_can_be(client: Any) -> None:
    make_table(client)
    make_table(client, name="films")
    with refused(DUPLICATES):
        client.batch_write_item(RequestItems={"music": [put(1), {"DeleteRequest": {"Key": key("a", 1)}}]})
    with refused("Too many items requested for the BatchWriteItem call"):
        client.batch_write_item(RequestItems={name: [put(n) for n in range(13)] for name in ("music", "films")})
    with refused(
        "1 validation error detected: Value at 'requestItems.music.member' failed to satisfy constraint: Map value "
        "must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater "
        "than or equal to 1]"
    ):
        client.batch_write_item(RequestItems={"music": [put(n) for n in range(26)]})
    with refused(INVALID + "Missing the key sk in the item"):  # nothing is written then
        client.batch_write_item(RequestItems={"music": [put(1), {"PutRequest": {"Item": {"pk": {"S": "a"}}}}]})
    with refused(NOT_FOUND, "ResourceNotFoundException"):
        client.batch_write_item(RequestItems={"music": [put(1)], "none": [put(1)]})
    assert client.scan(TableName="music")["Count"] == 0
