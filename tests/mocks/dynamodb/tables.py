"""Tables that the tests of DynamoDB share, and what AWS refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

INVALID = "One or more parameter values were invalid: "
NOT_FOUND = "Requested resource not found"


def schema(*keys: str) -> dict[str, Any]:
    """The parameters that say the keys, each as `name:type`: the partition key and perhaps the sort key."""
    pairs = [key.split(":") for key in keys]
    return {
        "KeySchema": key_schema(*(name for name, _ in pairs)),
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in pairs],
    }


def key_schema(*names: str) -> list[dict[str, str]]:
    """A KeySchema of a partition key and perhaps a sort key."""
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]


def index(name: str, *keys: str, projection: str = "ALL", include: Sequence[str] = ()) -> dict[str, Any]:
    """A secondary index with these keys."""
    projected: dict[str, Any] = {"ProjectionType": projection}
    if include:
        projected["NonKeyAttributes"] = list(include)
    return {"IndexName": name, "KeySchema": key_schema(*keys), "Projection": projected}


def make_table(client: Any, *keys: str, name: str = "music", types: Sequence[str] = (), **params: Any) -> str:
    """An on-demand table with these keys, and `types` for those of its indexes; its name."""
    wanted = schema(*(keys or ("pk:S", "sk:N")))
    wanted["AttributeDefinitions"] += schema(*types)["AttributeDefinitions"]
    client.create_table(TableName=name, **({"BillingMode": "PAY_PER_REQUEST"} | wanted | params))
    return name


def fill(client: Any, count: int, name: str = "music", partition: str = "a", **more: Any) -> None:
    """Items `sk` 0 to `count - 1` of one partition."""
    for number in range(count):
        client.put_item(TableName=name, Item=key(partition, number) | more)


def key(partition: str, number: int | str) -> dict[str, Any]:
    """The key of a table that `make_table` made."""
    return {"pk": {"S": partition}, "sk": {"N": str(number)}}


def numbers(reply: dict[str, Any]) -> list[int]:
    """The sort keys of the items in an answer."""
    return [int(item["sk"]["N"]) for item in reply["Items"]]


@contextmanager
def refused(message: str, code: str = "ValidationException") -> Iterator[dict[str, Any]]:
    """The block ends with that error, in full; the whole response."""
    response: dict[str, Any] = {}
    with pytest.raises(ClientError) as caught:
        yield response
    response.update(caught.value.response)
    error = response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
