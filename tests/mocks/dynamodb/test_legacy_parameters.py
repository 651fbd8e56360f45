"""Expected, QueryFilter, ScanFilter, ConditionalOperator and AttributeUpdates."""

from __future__ import annotations

from typing import Any

import pytest
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.legacy_condition import expected, legacy_filter, refuse_idle_conditional_operator
from iamsim.mocks.dynamodb.legacy_update import legacy_update

ITEM: dict[str, Any] = {
    "s": {"S": "hello"},
    "n": {"N": "5"},
    "tags": {"SS": ["a", "b"]},
    "l": {"L": [{"S": "x"}]},
}
BAD = "One or more parameter values were invalid: "


def condition(operator: str, *values: dict[str, Any]) -> dict[str, Any]:
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


@pytest.mark.parametrize(
    ("name", "operator", "values", "holds"),
    [
        ("n", "EQ", [{"N": "5.0"}], True),
        ("tags", "EQ", [{"SS": ["b", "a"]}], True),
        ("n", "NE", [{"N": "5"}], False),
        ("n", "NE", [{"S": "5"}], True),
        ("n", "LT", [{"N": "6"}], True),
        ("n", "GE", [{"N": "6"}], False),
        ("nothing", "LE", [{"N": "6"}], False),
        ("s", "NOT_NULL", [], True),
        ("s", "NULL", [], False),
        ("nothing", "NULL", [], True),
        ("s", "CONTAINS", [{"S": "ell"}], True),
        ("tags", "CONTAINS", [{"S": "a"}], True),
        ("l", "CONTAINS", [{"S": "x"}], True),
        ("tags", "NOT_CONTAINS", [{"S": "c"}], True),
        ("nothing", "NOT_CONTAINS", [{"S": "c"}], False),
        ("s", "BEGINS_WITH", [{"S": "he"}], True),
        ("n", "IN", [{"N": "4"}, {"N": "5"}], True),
        ("n", "BETWEEN", [{"N": "1"}, {"N": "5"}], True),
    ],
)
def test_comparison_operators(name: str, operator: str, values: list[dict[str, Any]], holds: bool) -> None:
    filtered = legacy_filter({name: condition(operator, *values)})
    assert filtered.matches(ITEM) is holds
    assert filtered.attributes == {name}
    assert expected({name: condition(operator, *values)}).matches(ITEM) is holds


def test_conditions_are_joined_by_the_conditional_operator() -> None:
    conditions = {"n": condition("EQ", {"N": "5"}), "s": condition("EQ", {"S": "no"})}
    assert not legacy_filter(conditions).matches(ITEM)
    assert not legacy_filter(conditions, "AND").matches(ITEM)
    assert legacy_filter(conditions, "OR").matches(ITEM)
    with pytest.raises(Invalid, match="can only be used when Filter or Expected has two or more elements"):
        legacy_filter({"n": condition("NULL")}, "OR")
    with pytest.raises(Invalid, match="cannot be used without Filter or Expected"):
        refuse_idle_conditional_operator("AND")


def test_expected_values() -> None:
    assert expected({"n": {"Value": {"N": "5"}}}).matches(ITEM)
    assert expected({"n": {"Value": {"N": "5"}, "Exists": True}}).matches(ITEM)
    assert expected({"nothing": {"Exists": False}}).matches(ITEM)
    assert not expected({"n": {"Exists": False}}).matches(ITEM)
    assert expected({"n": {"Value": {"N": "4"}, "ComparisonOperator": "GT"}}).matches(ITEM)
    assert expected({}).matches(ITEM)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, BAD + "Value must be provided when Exists is null for Attribute: a"),
        ({"Exists": True}, BAD + "Value must be provided when Exists is true for Attribute: a"),
        ({"Exists": False, "Value": {"S": "x"}}, BAD + "Value cannot be used when Exists is false for Attribute: a"),
        (
            {"AttributeValueList": [{"S": "x"}]},
            BAD + "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
        ),
        (
            {"Exists": True, **condition("EQ", {"S": "x"})},
            BAD + "Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            {"Value": {"S": "x"}, **condition("EQ", {"S": "x"})},
            BAD + "Value and AttributeValueList cannot be used together for Attribute: a",
        ),
        (condition("EQ"), BAD + "Invalid number of argument(s) for the EQ ComparisonOperator"),
        (condition("IN"), BAD + "Invalid number of argument(s) for the IN ComparisonOperator"),
        (condition("NULL", {"S": "x"}), BAD + "Invalid number of argument(s) for the NULL ComparisonOperator"),
        (
            condition("BEGINS_WITH", {"N": "1"}),
            BAD + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type",
        ),
        (condition("LT", {"SS": ["x"]}), BAD + "ComparisonOperator LT is not valid for SS AttributeValue type"),
        (
            condition("IN", {"S": "x"}, {"N": "1"}),
            BAD + "AttributeValues inside AttributeValueList must be of same type",
        ),
        (
            condition("BETWEEN", {"N": "2"}, {"N": "1"}),
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
        ),
    ],
)
def test_refused_conditions(given: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        expected({"a": given})
    assert refused.value.message == message


def test_attribute_updates() -> None:
    updated = legacy_update(
        {
            "s": {"Value": {"S": "new"}, "Action": "PUT"},
            "fresh": {"Value": {"S": "put"}},
            "n": {"Action": "ADD", "Value": {"N": "2"}},
            "tags": {"Action": "DELETE", "Value": {"SS": ["a"]}},
            "l": {"Action": "ADD", "Value": {"L": [{"S": "y"}]}},
            "gone": {"Action": "DELETE"},
        },
        ("pk",),
    ).apply({**ITEM, "gone": {"S": "x"}})
    assert updated.item == {
        "s": {"S": "new"},
        "fresh": {"S": "put"},
        "n": {"N": "7"},
        "tags": {"SS": ["b"]},
        "l": {"L": [{"S": "x"}, {"S": "y"}]},
    }
    assert updated.updated_old["gone"] == {"S": "x"}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("a", {"Action": "PUT"}, BAD + "Only DELETE action is allowed when no attribute value is specified"),
        (
            "a",
            {"Action": "DELETE", "Value": {"S": "x"}},
            BAD + "DELETE action with value is not supported for the type S",
        ),
        ("a", {"Action": "ADD", "Value": {"S": "x"}}, BAD + "ADD action is not supported for the type S"),
        ("pk", {"Value": {"S": "x"}}, BAD + "Cannot update attribute pk. This attribute is part of the key"),
        ("s", {"Action": "ADD", "Value": {"N": "1"}}, "Type mismatch for attribute to update"),
        ("s", {"Action": "DELETE", "Value": {"SS": ["x"]}}, "Type mismatch for attribute to update"),
    ],
)
def test_refused_attribute_updates(name: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        legacy_update({name: given}, ("pk",)).apply(ITEM)
    assert refused.value.message == message
