"""Scan: everything, in pages and in segments."""

from __future__ import annotations

from typing import Any

from tests.mocks.dynamodb.tables import fill, index, key, make_table, numbers, refused

STARTING_KEY = "The provided starting key is invalid: "


def all_pages(client: Any, **params: Any) -> list[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(TableName="music", **params)
    return [item for page in pages for item in page["Items"]]


def test_partitions_in_order_of_their_first_item(client: Any) -> None:
    make_table(client)
    for partition, number in (("b", 2), ("a", 1), ("b", 1), ("a", 0)):
        client.put_item(TableName="music", Item=key(partition, number))
    assert all_pages(client) == [key("b", 1), key("b", 2), key("a", 0), key("a", 1)]
    for size in (1, 2, 3, 4, 5):
        assert all_pages(client, PaginationConfig={"PageSize": size}) == all_pages(client)


def test_items_may_go_while_they_are_scanned(client: Any) -> None:
    make_table(client)
    for partition in "abcdef":
        fill(client, 2, partition=partition)
    seen: list[dict[str, Any]] = []
    start: dict[str, Any] = {}
    while True:
        page = client.scan(TableName="music", Limit=3, **start)
        for item in page["Items"]:
            client.delete_item(TableName="music", Key=item)
            seen.append(item)
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert len(seen) == 12
    assert client.scan(TableName="music")["Count"] == 0


def test_segments_divide_the_table(client: Any) -> None:
    make_table(client)
    for number in range(40):
        client.put_item(TableName="music", Item=key(f"partition-{number}", 1))
    segments = [all_pages(client, Segment=n, TotalSegments=4, PaginationConfig={"PageSize": 3}) for n in range(4)]
    names = [item["pk"]["S"] for segment in segments for item in segment]
    assert len(names) == len(set(names)) == 40
    assert all(segments)
    assert all_pages(client, Segment=2, TotalSegments=4) == segments[2]
    wrong = segments[1][0]
    with refused(
        STARTING_KEY + "Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 4 "
        "Segment: 2"
    ):
        client.scan(TableName="music", Segment=2, TotalSegments=4, ExclusiveStartKey=wrong)


def test_what_no_scan_can_be(client: Any) -> None:
    make_table(client)
    with refused(STARTING_KEY + "The provided key element does not match the schema"):
        client.scan(TableName="music", ExclusiveStartKey={"pk": {"S": "a"}})
    with refused(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"
    ):
        client.scan(TableName="music", TotalSegments=2)
    with refused(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
    ):
        client.scan(TableName="music", Segment=2)
    with refused(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 4 is not less "
        "than TotalSegments: 4"
    ):
        client.scan(TableName="music", Segment=4, TotalSegments=4)


def test_filters_and_indexes(client: Any) -> None:
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g", projection="KEYS_ONLY")])
    fill(client, 3, g={"S": "x"}, n={"N": "1"})
    fill(client, 3, partition="b")
    found = client.scan(
        TableName="music",
        FilterExpression="attribute_exists(g) AND sk > :n",
        ExpressionAttributeValues={":n": {"N": "0"}},
    )
    assert (numbers(found), found["Count"], found["ScannedCount"]) == ([1, 2], 2, 6)
    first = client.scan(TableName="music", IndexName="by-g", Limit=2)
    assert first["LastEvaluatedKey"] == key("a", 1) | {"g": {"S": "x"}}
    rest = client.scan(TableName="music", IndexName="by-g", ExclusiveStartKey=first["LastEvaluatedKey"])
    assert rest["Items"] == [key("a", 2) | {"g": {"S": "x"}}]
    assert client.scan(TableName="music", Select="COUNT")["Count"] == 6
    filters = {
        "g": {"ComparisonOperator": "NOT_NULL"},
        "sk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"N": "2"}]},
    }
    assert client.scan(TableName="music", ScanFilter=filters, ConditionalOperator="OR")["Count"] == 4
