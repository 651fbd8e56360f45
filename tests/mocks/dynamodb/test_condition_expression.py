"""Condition and filter expressions: what they say of an item, and what DynamoDB refuses."""

from __future__ import annotations

from typing import Any

import pytest
from iamsim.mocks.dynamodb.condition import Condition, compile_condition, refuse_key_attributes
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.placeholders import Placeholders

ITEM: dict[str, Any] = {
    "id": {"S": "abc"},
    "n": {"N": "10"},
    "flag": {"BOOL": True},
    "tags": {"SS": ["red", "blue"]},
    "l": {"L": [{"S": "x"}, {"M": {"deep": {"N": "3"}}}]},
    "doc": {"M": {"a": {"M": {"b": {"S": "hello"}}}}},
    "bin": {"B": b"\x01\x02\x03"},
    "nul": {"NULL": True},
}
VALUES: dict[str, Any] = {
    ":abc": {"S": "abc"},
    ":a": {"S": "a"},
    ":z": {"S": "z"},
    ":ten": {"N": "1e1"},
    ":nine": {"N": "9"},
    ":three": {"N": "3"},
    ":true": {"BOOL": True},
    ":tags": {"SS": ["blue", "red"]},
    ":red": {"S": "red"},
    ":x": {"S": "x"},
    ":L": {"S": "L"},
    ":bytes": {"B": b"\x01\x02"},
    ":list": {"L": [{"S": "abc"}]},
}
NAMES = {"#d": "doc", "#status": "status"}
GIVEN = Placeholders(NAMES, VALUES)


def compiled(expression: str, kind: str = "ConditionExpression") -> Condition:
    return compile_condition(expression, GIVEN, kind)


@pytest.mark.parametrize(
    "expression",
    [
        "id = :abc",
        "n = :ten",
        "n > :nine and n >= :ten AND n <= :ten",
        "n <> :nine",
        "absent <> :nine",
        "tags = :tags",
        "NOT id = :z",
        "not not id = :abc",
        "id = :z OR id = :abc AND n = :ten",
        "(id = :abc OR id = :z) AND n = :ten",
        "id BETWEEN :a AND :z AND n BETWEEN :nine AND :ten",
        "id IN (:z, :abc)",
        "attribute_exists(doc.a.b)",
        "attribute_exists(#d.a) AND attribute_not_exists(#d.c)",
        "attribute_not_exists(l[2])",
        "attribute_not_exists(id.x)",
        "attribute_type(l, :L)",
        "begins_with(id, :a)",
        "begins_with(bin, :bytes)",
        "contains(id, :a)",
        "contains(tags, :red)",
        "contains(l, :x)",
        "contains(bin, :bytes)",
        "contains(:list, id)",
        "size(id) = :three",
        "(size(id)) = :three",
        "( ( ( size ( id )) < n ) AND ( n > :three ) )",
        "size(l) < size(id)",
        "(contains(id, :a)) AND (NOT contains(id, :z))",
        "l[1].deep = :three",
        "( n ) = :ten",
        "flag=:true",
        ":abc = id",
        "attribute_exists(nul)",
    ],
)
def test_true_conditions(expression: str) -> None:
    assert compiled(expression).matches(ITEM)


@pytest.mark.parametrize(
    "expression",
    [
        "absent = :abc",
        "n = :abc",
        "n < :abc",
        "absent < :ten",
        "n BETWEEN :a AND :z",
        "absent IN (:a, :z)",
        "(id = :z OR id = :abc) AND n = :nine",
        "begins_with(n, :a)",
        "contains(tags, :ten)",
        "contains(n, :ten)",
        "size(n) = :three",
        "size(absent) < :three",
        "attribute_type(absent, :L)",
        "NOT (id = :abc OR n = :nine)",
        "l[0].deep = :three",
        "#status = :abc",
    ],
)
def test_false_conditions(expression: str) -> None:
    assert not compiled(expression).matches(ITEM)


def test_what_a_condition_mentions() -> None:
    condition = compiled("#d.a.b = :abc AND (size(l[0]) > n OR attribute_exists(#status))")
    assert condition.attributes == {"doc", "l", "n", "status"}
    assert condition.placeholders == {"#d", ":abc", "#status"}


def test_a_filter_may_not_mention_keys() -> None:
    condition = compiled("id = :abc AND n = :ten")
    refuse_key_attributes(condition, ("pk", "sk"))
    with pytest.raises(Invalid) as refused:
        refuse_key_attributes(condition, ("n", "x"))
    assert refused.value.message == (
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: n"
    )


OPERAND = "Incorrect operand type for operator or function; "


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "The expression can not be empty;"),
        ("  ", "The expression can not be empty;"),
        ("a x b", 'Syntax error; token: "x", near: "a x b"'),
        ("a-b", 'Syntax error; token: "-", near: "a-b"'),
        ("()", 'Syntax error; token: ")", near: "()"'),
        ("!!", 'Syntax error; token: "!", near: "!!"'),
        ("id = : abc", 'Syntax error; token: ":", near: "= : abc"'),
        ("id =", 'Syntax error; token: "<EOF>", near: "="'),
        ("id", 'Syntax error; token: "<EOF>", near: "id"'),
        ("_id = :a", 'Syntax error; token: "_id", near: "_id ="'),
        ("status = :a", "Attribute name is a reserved keyword; reserved keyword: status"),
        ("doc.Name = :a", "Attribute name is a reserved keyword; reserved keyword: Name"),
        (
            "#nope = :a",
            "An expression attribute name used in the document path is not defined; attribute name: #nope",
        ),
        ("id = :nope", "An expression attribute value used in expression is not defined; attribute value: :nope"),
        ("((id = :a))", "The expression has redundant parentheses;"),
        ("((contains(id, :a)))", "The expression has redundant parentheses;"),
        ("((id)) = :a", "The expression has redundant parentheses;"),
        ("Contains(id, :a)", "Invalid function name; function: Contains"),
        ("size(id)", "The function is not allowed to be used this way in an expression; function: size"),
        (
            "contains(id, :a) = :a",
            "The function is not allowed to be used this way in an expression; function: contains",
        ),
        (
            "if_not_exists(id, :a) = :a",
            "The function is not allowed in a condition expression; function: if_not_exists",
        ),
        (
            "begins_with(id)",
            "Incorrect number of operands for operator or function; "
            "operator or function: begins_with, number of operands: 1",
        ),
        ("begins_with(id, :ten)", OPERAND + "operator or function: begins_with, operand type: N"),
        ("attribute_type(id, :ten)", OPERAND + "operator or function: attribute_type, operand type: N"),
        (
            "attribute_type(id, :abc)",
            "Invalid attribute type name found; type: abc, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
        ),
        ("size(:ten) = :ten", OPERAND + "operator or function: size, operand type: N"),
        ("id < :true", OPERAND + "operator: <, operand type: BOOL"),
        (
            "attribute_exists(:a)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        (
            "contains(doc.a, doc.a)",
            "The first operand must be distinct from the remaining operands for this operator or function; "
            "operator: contains, first operand: [doc, a]",
        ),
        (
            "n BETWEEN :ten AND :nine",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
            "lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:9}",
        ),
        (
            "n BETWEEN :ten AND :z",
            "The BETWEEN operator requires same data type for lower and upper bounds; "
            "lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {S:z}",
        ),
        (
            f"id IN ({', '.join([':a'] * 101)})",
            "The IN operator is provided with too many operands; number of operands: 101",
        ),
        (
            " AND ".join(["id=:a"] * 151),
            "The expression contains too many operators; operator count: 301",
        ),
        ("id = :a" + " " * 4096, "Expression size has exceeded the maximum allowed size;"),
        (".".join(["a"] * 33) + " = :a", "The document path has too many nesting elements; nesting levels: 33"),
    ],
)
def test_refused_conditions(expression: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        compiled(expression, "FilterExpression")
    assert refused.value.message == f"Invalid FilterExpression: {message}"


def test_the_longest_chains_can_be_evaluated() -> None:
    assert not compiled("NOT " * 299 + "id = :abc").matches(ITEM)
    assert not compiled("NOT (" * 299 + "id = :abc" + ")" * 299).matches(ITEM)
    assert compiled("id=:z OR (n=:ten AND (" * 74 + "id=:abc" + "))" * 74).matches(ITEM)
