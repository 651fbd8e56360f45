"""Laws of stored items: what is put is read, pages add up, indexes hold what the table holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import boto3
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim import mock_aws
from tests.mocks.dynamodb.tables import index, make_table

Write = tuple[str, str, int, str | None]

WRITES = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "delete"]),
        st.sampled_from("abc"),
        st.integers(-3, 12),
        st.sampled_from(["x", "y", None]),
    ),
    max_size=25,
)
FEW = settings(max_examples=25, deadline=None)


def written(writes: Sequence[Write]) -> tuple[Any, dict[tuple[str, int], dict[str, Any]]]:
    """A client with a table after these writes, and what should be in it."""
    client = boto3.client("dynamodb", region_name="us-east-1")
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g", "sk")])
    kept: dict[tuple[str, int], dict[str, Any]] = {}
    for verb, partition, number, group in writes:
        item = {"pk": {"S": partition}, "sk": {"N": str(number)}}
        if verb == "delete":
            client.delete_item(TableName="music", Key=item)
            kept.pop((partition, number), None)
        else:
            item |= {"g": {"S": group}} if group else {}
            client.put_item(TableName="music", Item=item)
            kept[partition, number] = item
    return client, kept


def pages(operation: Callable[..., Any], **params: Any) -> list[dict[str, Any]]:
    """All items, page by page."""
    items: list[dict[str, Any]] = []
    start: dict[str, Any] = {}
    while True:
        page = operation(TableName="music", **params, **start)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


@FEW
@given(WRITES)
def test_what_is_put_is_read(writes: list[Write]) -> None:
    with mock_aws():
        client, kept = written(writes)
        for item in kept.values():
            key = {name: item[name] for name in ("pk", "sk")}
            assert client.get_item(TableName="music", Key=key)["Item"] == item
        assert client.describe_table(TableName="music")["Table"]["ItemCount"] == len(kept)


@FEW
@given(WRITES, st.integers(1, 4), st.booleans())
def test_pages_of_a_query_add_up(writes: list[Write], limit: int, forward: bool) -> None:
    with mock_aws():
        client, kept = written(writes)
        for partition in "abc":
            params = {
                "KeyConditionExpression": "pk = :p AND sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {":p": {"S": partition}, ":low": {"N": "-1"}, ":high": {"N": "9"}},
                "ScanIndexForward": forward,
            }
            expected = [kept[k] for k in sorted(kept, reverse=not forward) if k[0] == partition and -1 <= k[1] <= 9]
            assert client.query(TableName="music", **params)["Items"] == expected
            assert pages(client.query, Limit=limit, **params) == expected


@FEW
@given(WRITES, st.integers(1, 4))
def test_pages_of_a_scan_add_up(writes: list[Write], limit: int) -> None:
    with mock_aws():
        client, kept = written(writes)
        for params in ({}, {"IndexName": "by-g"}):
            expected = [item for item in kept.values() if not params or "g" in item]
            whole = client.scan(TableName="music", **params)["Items"]
            assert sorted(map(str, whole)) == sorted(map(str, expected))
            assert pages(client.scan, Limit=limit, **params) == whole
            parts = [pages(client.scan, Limit=limit, Segment=n, TotalSegments=3, **params) for n in range(3)]
            assert sorted(str(item) for part in parts for item in part) == sorted(map(str, expected))


@FEW
@given(WRITES, st.integers(1, 4), st.booleans())
def test_an_index_holds_what_the_table_holds(writes: list[Write], limit: int, forward: bool) -> None:
    with mock_aws():
        client, kept = written(writes)
        for group in "xy":
            params = {
                "IndexName": "by-g",
                "KeyConditionExpression": "g = :g AND sk >= :low",
                "ExpressionAttributeValues": {":g": {"S": group}, ":low": {"N": "0"}},
                "ScanIndexForward": forward,
            }
            whole = client.query(TableName="music", **params)["Items"]
            expected = [item for k, item in kept.items() if item.get("g") == {"S": group} and k[1] >= 0]
            assert sorted(map(str, whole)) == sorted(map(str, expected))
            order = [int(item["sk"]["N"]) for item in whole]
            assert order == sorted(order, reverse=not forward)
            assert pages(client.query, Limit=limit, **params) == whole


NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-999, 999), st.integers(-9, 9)
)
SCALARS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=5), NUMBERS, st.binary(max_size=4), st.booleans(), st.none()
)
SETS = st.one_of(
    st.sets(st.text("xyz", max_size=2), min_size=1),
    st.sets(NUMBERS, min_size=1),
    st.sets(st.binary(max_size=2), min_size=1),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS | SETS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@FEW
@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4))
def test_whatever_python_holds_is_read_as_it_was_put(attributes: dict[str, Any]) -> None:
    with mock_aws():
        table = boto3.resource("dynamodb", region_name="us-east-1").Table("music")
        make_table(table.meta.client, "pk:S")
        item = attributes | {"pk": "a"}
        table.put_item(Item=item)
        assert table.get_item(Key={"pk": "a"})["Item"] == item
        table.update_item(Key={"pk": "a"}, UpdateExpression="SET twin = pk")
        assert table.scan()["Items"] == [item | {"twin": "a"}]


@FEW
@given(WRITES, st.integers(-3, 9))
def test_a_statement_selects_what_a_query_finds(writes: list[Write], low: int) -> None:
    with mock_aws():
        client, _ = written(writes)
        for partition in "abc":
            found = client.query(
                TableName="music",
                KeyConditionExpression="pk = :p AND sk > :low",
                ExpressionAttributeValues={":p": {"S": partition}, ":low": {"N": str(low)}},
            )
            text = f"SELECT * FROM music WHERE sk > {low} AND pk = '{partition}'"
            assert client.execute_statement(Statement=text)["Items"] == found["Items"]
