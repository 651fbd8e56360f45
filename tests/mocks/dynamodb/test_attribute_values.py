"""Attribute values: what is valid, equal, in order, and how large."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.size import check_item_size, item_bytes, value_bytes
from iamsim.mocks.dynamodb.values import equal, levels_in, normalise, normalise_item, position

DEPTH = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
)
BAD = "One or more parameter values were invalid: "


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "deep"}
    for level in range(levels):
        value = {"L": [value]} if level % 2 else {"M": {"a": value}}
    return value


def test_numbers_are_made_canonical_everywhere() -> None:
    item: dict[str, Any] = {
        "a": {"N": "1.0"},
        "b": {"L": [{"M": {"c": {"NS": ["1e1", "2"]}}}]},
        "d": {"SS": ["y", "x"]},
    }
    assert normalise_item(item) == {
        "a": {"N": "1"},
        "b": {"L": [{"M": {"c": {"NS": ["10", "2"]}}}]},
        "d": {"SS": ["y", "x"]},
    }
    assert item["a"] == {"N": "1.0"}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        (
            {"S": "a", "N": "1"},
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
            "datatypes",
        ),
        ({"NULL": False}, BAD + "Null attribute value types must have the value of true"),
        ({"SS": []}, BAD + "An string set  may not be empty"),
        ({"NS": []}, BAD + "An number set  may not be empty"),
        ({"BS": []}, BAD + "Binary sets should not be empty"),
        ({"SS": ["a", "a"]}, BAD + "Input collection [a, a] contains duplicates."),
        ({"NS": ["1", "1.0"]}, "Input collection contains duplicates"),
        ({"BS": [b"\x01", b"\x01"]}, BAD + "Input collection [AQ==, AQ==]of type BS contains duplicates."),
        ({"L": [{"N": "x"}]}, "The parameter cannot be converted to a numeric value: x"),
        (nested(32), DEPTH),
    ],
)
def test_a_bad_value_is_refused(value: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalise(value)
    assert refused.value.message == message


def test_empty_strings_and_binaries_are_values() -> None:
    assert normalise({"S": ""}) == {"S": ""}
    assert normalise({"SS": [""]}) == {"SS": [""]}


def test_nesting_may_be_31_deep() -> None:
    assert levels_in(normalise(nested(31))) == 31


def test_equality_ignores_the_order_of_sets_at_any_depth() -> None:
    assert equal({"L": [{"SS": ["a", "b"]}]}, {"L": [{"SS": ["b", "a"]}]})
    assert equal({"M": {"x": {"NS": ["1", "2"]}}}, {"M": {"x": {"NS": ["2", "1"]}}})
    assert not equal({"L": [{"S": "a"}, {"S": "b"}]}, {"L": [{"S": "b"}, {"S": "a"}]})
    assert not equal({"S": "1"}, {"N": "1"})
    assert not equal({"M": {"x": {"S": "a"}}}, {"M": {"y": {"S": "a"}}})


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"B": b"abc"}, 3),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"N": "1"}, 2),
        ({"N": "-123"}, 4),
        ({"N": "1200"}, 2),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}]}, 6),
        ({"M": {"k": {"S": "ab"}}}, 7),
        ({"SS": ["a", "bc"]}, 3),
    ],
)
def test_sizes_follow_the_published_rules(value: dict[str, Any], size: int) -> None:
    assert value_bytes(value) == size
    assert item_bytes({"name": value}) == 4 + size


def test_an_item_may_have_400_kb() -> None:
    check_item_size({"a": {"S": "x" * (400 * 1024 - 1)}})
    with pytest.raises(Invalid, match=r"^Item size has exceeded the maximum allowed size$"):
        check_item_size({"a": {"S": "x" * (400 * 1024)}})
    with pytest.raises(Invalid, match=r"^Item size to update has exceeded the maximum allowed size$"):
        check_item_size({"a": {"S": "x" * (400 * 1024)}}, updating=True)


@settings(derandomize=True, max_examples=50)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**9), max_value=10**9)))
def test_the_order_of_numbers_is_that_of_decimals(numbers: list[Decimal]) -> None:
    values = [normalise({"N": str(n)}) for n in numbers]
    assert [Decimal(v["N"]) for v in sorted(values, key=position)] == sorted(numbers)  # type: ignore[arg-type]


@settings(derandomize=True, max_examples=50)
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_the_order_of_strings_is_that_of_their_utf8_bytes(texts: list[str]) -> None:
    values = sorted(({"S": text} for text in texts), key=position)  # type: ignore[arg-type]
    assert [v["S"] for v in values] == sorted(texts, key=str.encode)
