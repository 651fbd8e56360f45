"""Key conditions of a Query, as an expression and as the legacy KeyConditions."""

from __future__ import annotations

from typing import Any

import pytest
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.key_condition import compile_key_condition, key_conditions
from iamsim.mocks.dynamodb.keys import Keys
from iamsim.mocks.dynamodb.placeholders import Placeholders

KEYS = Keys.of(("pk", "S"), ("sk", "S"))
HASH_ONLY = Keys.of(("pk", "S"))
GIVEN = Placeholders(
    {"#p": "pk", "#s": "sk"},
    {":p": {"S": "ann"}, ":a": {"S": "2024-01"}, ":b": {"S": "2024-06"}, ":n": {"N": "1"}, ":e": {"S": ""}},
)
SORTED = ["2023-12", "2024-01", "2024-03", "2024-06", "2025-01"]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("pk = :p", SORTED),
        ("(#p = :p)", SORTED),
        (":p = pk", SORTED),
        ("pk = :p AND sk = :a", ["2024-01"]),
        ("(pk = :p) and (#s > :a)", ["2024-03", "2024-06", "2025-01"]),
        ("sk < :b AND pk = :p", ["2023-12", "2024-01", "2024-03"]),
        ("pk = :p AND :b <= sk", ["2024-06", "2025-01"]),
        ("pk = :p AND sk BETWEEN :a AND :b", ["2024-01", "2024-03", "2024-06"]),
        ("pk = :p AND begins_with(sk, :a)", ["2024-01"]),
    ],
)
def test_what_a_query_finds(expression: str, found: list[str]) -> None:
    wanted = compile_key_condition(expression, GIVEN, KEYS)
    assert wanted.hash_value == {"S": "ann"}
    assert wanted.hash_identity == ("ann",)
    items: list[dict[str, Any]] = [{"pk": {"S": "ann"}, "sk": {"S": text}} for text in SORTED]
    assert [item["sk"]["S"] for item in items if wanted.matches(item)] == found
    assert [item["sk"]["S"] for item in items if wanted.in_range(item)] == found
    assert not wanted.matches({"pk": {"S": "bob"}, "sk": {"S": "2024-01"}})


def test_what_a_key_condition_mentions() -> None:
    wanted = compile_key_condition("#p = :p AND sk = :a", GIVEN, KEYS)
    assert wanted.attributes == {"pk", "sk"}
    assert wanted.placeholders == {"#p", ":p", ":a"}


INVALID = "Invalid KeyConditionExpression: "
CONDITION = "Invalid condition in KeyConditionExpression: "


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", INVALID + "The expression can not be empty;"),
        ("pk = :p AND", INVALID + 'Syntax error; token: "<EOF>", near: "AND"'),
        (
            "pk = :nope",
            INVALID + "An expression attribute value used in expression is not defined; attribute value: :nope",
        ),
        ("pk = :p AND beginsWith(sk, :a)", INVALID + "Invalid function name; function: beginsWith"),
        (
            "pk = :p AND begins_with(sk, :n)",
            INVALID + "Incorrect operand type for operator or function; "
            "operator or function: begins_with, operand type: N",
        ),
        ("pk = :p OR sk = :a", "Invalid operator used in KeyConditionExpression: OR"),
        ("NOT pk = :p", "Invalid operator used in KeyConditionExpression: NOT"),
        ("pk IN (:p)", "Invalid operator used in KeyConditionExpression: IN"),
        ("pk = :p AND sk <> :a", "Invalid operator used in KeyConditionExpression: <>"),
        ("pk = :p AND attribute_exists(sk)", "Invalid operator used in KeyConditionExpression: attribute_exists"),
        ("pk = :p AND size(sk) > :n", "KeyConditionExpressions cannot contain nested operations"),
        ("pk = :p AND sk.a = :a", "KeyConditionExpressions cannot have conditions on nested attributes"),
        ("pk = sk", CONDITION + "Multiple attribute names used in one condition"),
        (":p = :p", CONDITION + "No key attribute specified"),
        (
            "pk = :p AND begins_with(:a, sk)",
            CONDITION + "begins_with operator must have the key attribute as its first operand",
        ),
        ("sk = :a", "Query condition missed key schema element: pk"),
        ("pk = :p AND extra = :a", "Query condition missed key schema element: sk"),
        ("pk > :p", "Query key condition not supported"),
        ("begins_with(pk, :p)", "Query key condition not supported"),
        ("pk = :p AND sk = :a AND extra = :b", "Query key condition not supported"),
        ("pk = :p AND sk > :a AND sk < :b", "KeyConditionExpressions must only contain one condition per key"),
        ("pk = :n", "One or more parameter values were invalid: Condition parameter type does not match schema type"),
        (
            "pk = :p AND sk > :e",
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string value. Key: sk",
        ),
    ],
)
def test_refused_key_conditions(expression: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_key_condition(expression, GIVEN, KEYS)
    assert refused.value.message == message


def test_a_table_without_sort_key() -> None:
    assert compile_key_condition("pk = :p", GIVEN, HASH_ONLY).range == ()
    with pytest.raises(Invalid, match=r"^Query key condition not supported$"):
        compile_key_condition("pk = :p AND sk = :a", GIVEN, HASH_ONLY)


def test_several_key_attributes_are_given_from_the_left() -> None:
    keys = Keys(("a", "b"), ("c", "d"), dict.fromkeys("abcd", "S"))
    wanted = compile_key_condition("b = :p AND a = :a AND c = :b AND d > :p", GIVEN, keys)
    assert wanted.hash_identity == ("2024-01", "ann")
    assert [term.name for term in wanted.range] == ["c", "d"]
    for expression, message in [
        ("a = :a", "Query condition missed key schema element: b"),
        ("a = :a AND b = :p AND d = :p", "Query condition missed key schema element: c"),
        ("a = :a AND b = :p AND c > :p AND d = :p", "Query key condition not supported"),
    ]:
        with pytest.raises(Invalid) as refused:
            compile_key_condition(expression, GIVEN, keys)
        assert refused.value.message == message


def legacy(operator: str, *values: dict[str, Any]) -> dict[str, Any]:
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


def test_legacy_key_conditions() -> None:
    equals = legacy("EQ", {"S": "ann"})
    wanted = key_conditions({"pk": equals, "sk": legacy("BETWEEN", {"S": "2024-01"}, {"S": "2024-06"})}, KEYS)
    assert wanted.hash_value == {"S": "ann"}
    assert [text for text in SORTED if wanted.in_range({"sk": {"S": text}})] == SORTED[1:4]
    assert key_conditions({"pk": equals}, HASH_ONLY).attributes == {"pk"}


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({}, "Conditions can be of length 1 or 2 only"),
        (dict.fromkeys("abc", legacy("EQ", {"S": "a"})), "Conditions can be of length 1 or 2 only"),
        ({"pk": legacy("NE", {"S": "a"})}, "Attempted conditional constraint is not an indexable operation"),
        ({"pk": legacy("GT", {"S": "a"})}, "Query key condition not supported"),
        ({"sk": legacy("EQ", {"S": "a"})}, "Query condition missed key schema element: pk"),
        (
            {"pk": legacy("EQ")},
            "One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator",
        ),
    ],
)
def test_refused_legacy_key_conditions(conditions: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        key_conditions(conditions, KEYS)
    assert refused.value.message == message
