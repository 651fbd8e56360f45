"""Query: ranges, order, pages, indexes, filters, Select."""

from __future__ import annotations

from typing import Any

import pytest
from boto3.dynamodb.conditions import Attr, Key

from tests.mocks.dynamodb.tables import INVALID, fill, index, key, make_table, numbers, refused

A = {":p": {"S": "a"}}
IN_A = {"TableName": "music", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": A}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Key("sk").eq(3), [3]),
        (Key("sk").lt(2), [0, 1]),
        (Key("sk").lte(2), [0, 1, 2]),
        (Key("sk").gt(9), [10, 11]),
        (Key("sk").gte(10), [10, 11]),
        (Key("sk").between(9, 10), [9, 10]),
        (Key("sk").eq(99), []),
        (Key("sk").lt(0), []),
    ],
)
def test_ranges_of_numbers(client: Any, resource: Any, condition: Any, expected: list[int]) -> None:
    make_table(client)
    fill(client, 12)
    fill(client, 12, partition="b")
    table = resource.Table("music")
    found = table.query(KeyConditionExpression=Key("pk").eq("a") & condition)
    assert [item["sk"] for item in found["Items"]] == expected
    backward = table.query(KeyConditionExpression=Key("pk").eq("a") & condition, ScanIndexForward=False)
    assert [item["sk"] for item in backward["Items"]] == expected[::-1]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Key("sk").begins_with("ab"), ["ab", "abc", "abé"]),
        (Key("sk").begins_with("z"), []),
        (Key("sk").between("ab", "b"), ["ab", "abc", "abé", "b"]),
        (Key("sk").gt("abc"), ["abé", "b"]),
    ],
)
def test_ranges_of_strings(client: Any, resource: Any, condition: Any, expected: list[str]) -> None:
    make_table(client, "pk:S", "sk:S")
    for text in ("b", "abé", "a", "abc", "ab"):
        client.put_item(TableName="music", Item={"pk": {"S": "a"}, "sk": {"S": text}})
    found = resource.Table("music").query(KeyConditionExpression=Key("pk").eq("a") & condition)
    assert [item["sk"] for item in found["Items"]] == expected


def test_a_limit_is_on_what_is_read(client: Any) -> None:
    make_table(client)
    fill(client, 5)
    first = client.query(Limit=2, **IN_A)
    assert (numbers(first), first["LastEvaluatedKey"]) == ([0, 1], key("a", 1))
    second = client.query(Limit=3, ExclusiveStartKey=first["LastEvaluatedKey"], **IN_A)
    assert (numbers(second), second["LastEvaluatedKey"]) == ([2, 3, 4], key("a", 4))  # DynamoDB does not look further
    third = client.query(Limit=3, ExclusiveStartKey=second["LastEvaluatedKey"], **IN_A)
    assert (numbers(third), third["Count"], "LastEvaluatedKey" in third) == ([], 0, False)
    filtered = client.query(
        TableName="music",
        KeyConditionExpression="pk = :p",
        FilterExpression="attribute_exists(x)",
        ExpressionAttributeValues=A,
        Limit=2,
    )
    assert (filtered["Count"], filtered["ScannedCount"], filtered["LastEvaluatedKey"]) == (0, 2, key("a", 1))
    back = client.query(Limit=2, ScanIndexForward=False, ExclusiveStartKey=key("a", 3), **IN_A)
    assert numbers(back) == [2, 1]
    client.delete_item(TableName="music", Key=key("a", 1))
    assert numbers(client.query(ExclusiveStartKey=key("a", 1), **IN_A)) == [2, 3, 4]


def test_a_page_is_no_more_than_a_megabyte(client: Any) -> None:
    make_table(client)
    fill(client, 4, data={"S": "x" * 300_000})
    first = client.query(**IN_A)
    assert (numbers(first), first["LastEvaluatedKey"]) == ([0, 1, 2, 3], key("a", 3))
    fill(client, 5, data={"S": "x" * 390_000})
    pages = list(client.get_paginator("query").paginate(**IN_A))
    assert [numbers(page) for page in pages] == [[0, 1, 2], [3, 4]]


def test_a_global_index_is_sparse_and_projected(client: Any) -> None:
    make_table(
        client,
        types=["g:S", "h:N"],
        GlobalSecondaryIndexes=[
            index("keys", "g", "h", projection="KEYS_ONLY"),
            index("some", "g", projection="INCLUDE", include=["x"]),
            index("all", "g"),
        ],
    )
    more = {"x": {"S": "x"}, "y": {"S": "y"}}
    client.put_item(TableName="music", Item=key("a", 1) | {"g": {"S": "g"}, "h": {"N": "2"}} | more)
    client.put_item(TableName="music", Item=key("b", 1) | {"g": {"S": "g"}, "h": {"N": "1"}} | more)
    client.put_item(TableName="music", Item=key("c", 1) | {"g": {"S": "g"}} | more)
    client.put_item(TableName="music", Item=key("d", 1) | more)

    def query(name: str, **params: Any) -> dict[str, Any]:
        found: dict[str, Any] = client.query(
            TableName="music",
            IndexName=name,
            KeyConditionExpression="g = :g",
            ExpressionAttributeValues={":g": {"S": "g"}},
            **params,
        )
        return found

    assert [item["pk"]["S"] for item in query("keys")["Items"]] == ["b", "a"]
    assert query("keys")["Items"][0].keys() == {"pk", "sk", "g", "h"}
    assert [item.keys() for item in query("some")["Items"]] == [{"pk", "sk", "g", "x"}] * 3
    assert query("all")["Items"][0].keys() == {"pk", "sk", "g", "h", "x", "y"}
    first = query("keys", Limit=1)
    assert first["LastEvaluatedKey"] == key("b", 1) | {"g": {"S": "g"}, "h": {"N": "1"}}
    rest = query("keys", ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [item["pk"]["S"] for item in rest["Items"]] == ["a"]
    pages = [query("all", Limit=1)]
    while "LastEvaluatedKey" in pages[-1]:
        pages.append(query("all", Limit=1, ExclusiveStartKey=pages[-1]["LastEvaluatedKey"]))
    assert [item["pk"]["S"] for page in pages for item in page["Items"]] == ["a", "b", "c"]
    with refused("Consistent reads are not supported on global secondary indexes"):
        query("all", ConsistentRead=True)
    with refused("The table does not have the specified index: none"):
        query("none")
    with refused(
        INVALID
        + "Select type ALL_ATTRIBUTES is not supported for global secondary index keys because its projection type is "
        + "not ALL"
    ):
        query("keys", Select="ALL_ATTRIBUTES")
    with refused(INVALID + "Global secondary index keys does not project [x, y]"):
        query("keys", ProjectionExpression="y, x, pk")


def test_an_index_follows_the_table(client: Any) -> None:
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g")])

    def found(value: str) -> list[int]:
        return numbers(
            client.query(
                TableName="music",
                IndexName="by-g",
                KeyConditionExpression="g = :g",
                ExpressionAttributeValues={":g": {"S": value}},
            )
        )

    fill(client, 2, g={"S": "x"})
    assert found("x") == [0, 1]
    update = {"UpdateExpression": "SET g = :g", "ExpressionAttributeValues": {":g": {"S": "y"}}}
    client.update_item(TableName="music", Key=key("a", 0), **update)
    assert (found("x"), found("y")) == ([1], [0])
    client.update_item(TableName="music", Key=key("a", 0), UpdateExpression="REMOVE g")
    assert found("y") == []
    client.delete_item(TableName="music", Key=key("a", 1))
    assert found("x") == []


def test_a_local_index_fetches_what_it_does_not_project(client: Any) -> None:
    make_table(client, types=["at:S"], LocalSecondaryIndexes=[index("by-at", "pk", "at", projection="KEYS_ONLY")])
    for number, at in ((1, "c"), (2, "a"), (3, "b")):
        client.put_item(TableName="music", Item=key("a", number) | {"at": {"S": at}, "x": {"N": str(number)}})
    client.put_item(TableName="music", Item=key("a", 4))
    params = {**IN_A, "IndexName": "by-at"}
    found = client.query(**params, ConsistentRead=True)
    assert numbers(found) == [2, 3, 1]
    assert found["Items"][0].keys() == {"pk", "sk", "at"}
    assert client.query(**params, Select="ALL_ATTRIBUTES")["Items"][0].keys() == {"pk", "sk", "at", "x"}
    assert client.query(**params, ProjectionExpression="x")["Items"] == [{"x": {"N": n}} for n in "231"]
    values = {**A, ":x": {"N": "1"}}
    found = client.query(**params | {"ExpressionAttributeValues": values}, FilterExpression="x > :x")
    assert (numbers(found), found["ScannedCount"]) == ([2, 3], 3)


def test_keys_of_several_attributes(client: Any) -> None:
    """A global index may have up to four attributes of each key type."""
    kinds = (("t", "HASH"), ("u", "HASH"), ("v", "RANGE"), ("w", "RANGE"))
    wide = {
        "IndexName": "wide",
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in kinds],
        "Projection": {"ProjectionType": "ALL"},
    }
    definitions = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "t", "u", "v", "w")]
    make_table(client, "pk:S", AttributeDefinitions=definitions, GlobalSecondaryIndexes=[wide])
    for name, v, w in (("1", "b", "a"), ("2", "a", "b"), ("3", "a", "a"), ("4", "a", "c")):
        item = {"pk": name, "t": "t", "u": "u", "v": v, "w": w}
        client.put_item(TableName="music", Item={each: {"S": value} for each, value in item.items()})
    found = client.query(
        TableName="music",
        IndexName="wide",
        KeyConditionExpression="t = :t AND u = :u AND v = :v AND w > :w",
        ExpressionAttributeValues={":t": {"S": "t"}, ":u": {"S": "u"}, ":v": {"S": "a"}, ":w": {"S": "a"}},
    )
    assert [item["pk"]["S"] for item in found["Items"]] == ["2", "4"]


def test_select(client: Any) -> None:
    make_table(client)
    fill(client, 2)
    counted = client.query(Select="COUNT", **IN_A)
    assert (counted["Count"], "Items" in counted) == (2, False)
    for params, message in (
        (
            {"Select": "ALL_PROJECTED_ATTRIBUTES"},
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
        ),
        (
            {"Select": "SPECIFIC_ATTRIBUTES"},
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
        ),
        (
            {"Select": "COUNT", "ProjectionExpression": "pk"},
            "Cannot specify the ProjectionExpression when choosing to get COUNT",
        ),
    ):
        with refused(message):
            client.query(**params, **IN_A)


def test_the_resource_of_boto3_filters(client: Any, resource: Any) -> None:
    make_table(client)
    table = resource.Table("music")
    for number in range(4):
        table.put_item(Item={"pk": "a", "sk": number, "tags": [f"t{number}"], "even": number % 2 == 0})
    found = table.query(
        KeyConditionExpression=Key("pk").eq("a"),
        FilterExpression=Attr("even").eq(True) & Attr("tags").contains("t2"),
        ProjectionExpression="sk",
    )
    assert (found["Items"], found["Count"], found["ScannedCount"]) == ([{"sk": 2}], 1, 4)


def test_the_legacy_parameters(client: Any) -> None:
    make_table(client)
    fill(client, 5)
    conditions = {
        "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]},
        "sk": {"ComparisonOperator": "GE", "AttributeValueList": [{"N": "3"}]},
    }
    found = client.query(TableName="music", KeyConditions=conditions, AttributesToGet=["sk"])
    assert found["Items"] == [{"sk": {"N": "3"}}, {"sk": {"N": "4"}}]
    filters = {"x": {"ComparisonOperator": "NULL"}}
    assert client.query(TableName="music", KeyConditions=conditions, QueryFilter=filters)["Count"] == 2


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
        (
            {"KeyConditionExpression": "sk = :p", "ExpressionAttributeValues": {":p": {"N": "1"}}},
            "Query condition missed key schema element: pk",
        ),
        (
            {"KeyConditionExpression": "pk = :p", "FilterExpression": "sk > :p", "ExpressionAttributeValues": A},
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
        ),
        (
            {
                "KeyConditionExpression": "pk = :p",
                "ExpressionAttributeValues": A,
                "ExclusiveStartKey": {"pk": {"S": "a"}},
            },
            "The provided starting key is invalid",
        ),
        (
            {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": A, "ExclusiveStartKey": key("b", 1)},
            "The provided starting key is outside query boundaries based on provided conditions",
        ),
        (
            {
                "KeyConditionExpression": "pk = :p AND sk > :n",
                "ExpressionAttributeValues": {**A, ":n": {"N": "3"}},
                "ExclusiveStartKey": key("a", 1),
            },
            "The provided starting key does not match the range key predicate",
        ),
    ],
)
def test_what_no_query_can_be(client: Any, params: dict[str, Any], message: str) -> None:
    make_table(client)
    with refused(message):
        client.query(TableName="music", **params)
