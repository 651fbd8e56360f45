"""Key attributes: presence, type, emptiness, size."""

from __future__ import annotations

from typing import Any

import pytest
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.keys import Keys

KEYS = Keys.of(("pk", "S"), ("sk", "N"))
BAD = "One or more parameter values were invalid: "
EMPTY = "One or more parameter values are not valid. "


def test_keys_of_an_item() -> None:
    item = {"pk": {"S": "a"}, "sk": {"N": "2"}, "x": {"S": "y"}}
    KEYS.check_item(item)
    KEYS.check_key(KEYS.key_of(item))
    assert KEYS.key_of(item) == {"pk": {"S": "a"}, "sk": {"N": "2"}}
    assert KEYS.identity(item) == ("a", "2")
    assert KEYS.hash_identity(item) == ("a",)
    assert KEYS.range_position(item) < KEYS.range_position({"sk": {"N": "10"}})
    assert KEYS.names == ("pk", "sk")


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"pk": {"S": "a"}}, BAD + "Missing the key sk in the item"),
        ({"pk": {"N": "1"}, "sk": {"N": "1"}}, BAD + "Type mismatch for key pk expected: S actual: N"),
        (
            {"pk": {"S": ""}, "sk": {"N": "1"}},
            EMPTY + "The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
        ),
        (
            {"pk": {"S": "x" * 2049}, "sk": {"N": "1"}},
            BAD + "Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
    ],
)
def test_an_item_without_a_good_key_is_refused(item: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        KEYS.check_item(item)
    assert refused.value.message == message


@pytest.mark.parametrize(
    "key",
    [
        {"pk": {"S": "a"}},
        {"pk": {"S": "a"}, "sk": {"S": "1"}},
        {"pk": {"S": "a"}, "sk": {"N": "1"}, "x": {"S": "a"}},
    ],
)
def test_a_key_must_match_the_schema(key: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        KEYS.check_key(key)
    assert refused.value.message == "The provided key element does not match the schema"


def test_a_sort_key_may_have_1024_bytes() -> None:
    keys = Keys.of(("pk", "S"), ("sk", "S"))
    keys.check_item({"pk": {"S": "a"}, "sk": {"S": "x" * 1024}})
    with pytest.raises(Invalid) as refused:
        keys.check_item({"pk": {"S": "a"}, "sk": {"S": "x" * 1025}})
    assert refused.value.message == BAD + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"


def test_index_keys_may_be_missing_but_not_wrong() -> None:
    keys = Keys.of(("date", "S"))
    keys.check_index({}, "by-date")
    with pytest.raises(Invalid) as refused:
        keys.check_index({"date": {"N": "1"}}, "by-date")
    assert refused.value.message == BAD + "Type mismatch for Index Key date Expected: S Actual: N IndexName: by-date"
    with pytest.raises(Invalid) as refused:
        keys.check_index({"date": {"S": ""}}, "by-date")
    assert refused.value.message == (
        EMPTY + "A value specified for a secondary index key is not supported. The AttributeValue for a key attribute "
        "cannot contain an empty string value. IndexName: by-date, IndexKey: date"
    )
