"""Time to live: items go two days after they expired, by the simulator's clock."""

from __future__ import annotations

from typing import Any

from tests.mocks.dynamodb.conftest import NOW
from tests.mocks.dynamodb.tables import fill, index, key, make_table, numbers, refused

DAY = 24 * 3600


def turn(client: Any, enabled: bool, attribute: str = "ttl") -> dict[str, Any]:
    reply: dict[str, Any] = client.update_time_to_live(
        TableName="music", TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute}
    )
    return reply


def expires(after_s: float) -> dict[str, Any]:
    return {"ttl": {"N": str(NOW + after_s)}}


def there(client: Any) -> list[int]:
    return numbers(client.scan(TableName="music"))


def test_turning_it_on_and_off(client: Any) -> None:
    make_table(client)
    assert client.describe_time_to_live(TableName="music")["TimeToLiveDescription"] == {"TimeToLiveStatus": "DISABLED"}
    with refused("TimeToLive is already disabled"):
        turn(client, False)
    assert turn(client, True)["TimeToLiveSpecification"] == {"Enabled": True, "AttributeName": "ttl"}
    assert client.describe_time_to_live(TableName="music")["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "ttl",
    }
    with refused("TimeToLive is already enabled"):
        turn(client, True)
    with refused("TimeToLive is active on a different AttributeName: current AttributeName is ttl"):
        turn(client, True, "other")
    turn(client, False)


def test_expired_items_go_within_days(client: Any, clock: Any) -> None:
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g")])
    more = {"g": {"S": "x"}}
    client.put_item(TableName="music", Item=key("a", 1) | more | expires(DAY))
    turn(client, True)
    client.put_item(TableName="music", Item=key("a", 2) | more | expires(10 * DAY))
    client.put_item(TableName="music", Item=key("a", 3) | more)
    client.put_item(TableName="music", Item=key("a", 4) | more | {"ttl": {"S": "1"}})
    client.put_item(TableName="music", Item=key("a", 5) | more | expires(-6 * 365 * DAY))  # too old to be deleted
    clock.advance(2 * DAY)
    assert there(client) == [1, 2, 3, 4, 5]  # 1 expired a day ago, and is still there
    clock.advance(DAY)
    assert there(client) == [2, 3, 4, 5]
    assert client.scan(TableName="music", IndexName="by-g")["Count"] == 4
    assert client.describe_table(TableName="music")["Table"]["ItemCount"] == 4
    assert "Item" not in client.get_item(TableName="music", Key=key("a", 1))


def test_an_item_that_is_written_again_lives_on(client: Any, clock: Any) -> None:
    make_table(client)
    turn(client, True)
    for number in (1, 2, 3):
        client.put_item(TableName="music", Item=key("a", number) | expires(0))
    clock.advance(DAY)
    client.put_item(TableName="music", Item=key("a", 1) | expires(9 * DAY))
    client.update_item(
        TableName="music", Key=key("a", 2), UpdateExpression="REMOVE #t", ExpressionAttributeNames={"#t": "ttl"}
    )
    clock.advance(DAY)
    assert there(client) == [1, 2]
    clock.advance(9 * DAY)
    assert there(client) == [2]


def test_without_it_nothing_goes(client: Any, clock: Any) -> None:
    make_table(client)
    fill(client, 1, **expires(0))
    turn(client, True)
    turn(client, False)
    clock.advance(30 * DAY)
    assert there(client) == [0]
