"""Update expressions: what they do to an item, and what DynamoDB refuses."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.placeholders import Placeholders
from iamsim.mocks.dynamodb.update import compile_update

ITEM: dict[str, Any] = {
    "pk": {"S": "key"},
    "n": {"N": "10"},
    "m": {"N": "3"},
    "s": {"S": "text"},
    "l": {"L": [{"S": "0"}, {"S": "1"}, {"S": "2"}]},
    "doc": {"M": {"x": {"N": "1"}, "box": {"M": {}}, "arr": {"L": [{"M": {"k": {"S": "v"}}}]}}},
    "tags": {"SS": ["a", "b"]},
    "nums": {"NS": ["1", "2"]},
}
GIVEN = Placeholders(
    {"#status": "status"},
    {
        ":one": {"N": "1"},
        ":big": {"N": "1e100"},
        ":s": {"S": "new"},
        ":l": {"L": [{"S": "x"}]},
        ":ss": {"SS": ["b", "c"]},
        ":all": {"SS": ["a", "b"]},
        ":ns": {"NS": ["2.0", "3"]},
        ":m": {"M": {}},
        ":bool": {"BOOL": True},
    },
)


def after(expression: str) -> dict[str, Any]:
    """What the update changed, as top-level attributes; None for one that is gone."""
    before = deepcopy(ITEM)
    item = compile_update(expression, GIVEN, ("pk",)).apply(before).item
    assert before == ITEM
    assert item["pk"] == ITEM["pk"]
    return {name: item.get(name) for name in item.keys() | ITEM.keys() if item.get(name) != ITEM.get(name)}


@pytest.mark.parametrize(
    ("expression", "changed"),
    [
        ("SET #status = :s", {"status": {"S": "new"}}),
        ("set n = n + :one, m = n - m", {"n": {"N": "11"}, "m": {"N": "7"}}),
        ("SET n = m, m = n", {"n": {"N": "3"}, "m": {"N": "10"}}),
        ("SET n = if_not_exists(n, :one)", {}),
        ("SET c = if_not_exists(c, :one) + :one", {"c": {"N": "2"}}),
        ("SET l = list_append(l, :l)", {"l": {"L": [{"S": "0"}, {"S": "1"}, {"S": "2"}, {"S": "x"}]}}),
        ("SET k = list_append(:l, if_not_exists(k, :l))", {"k": {"L": [{"S": "x"}, {"S": "x"}]}}),
        ("SET l[1] = :s", {"l": {"L": [{"S": "0"}, {"S": "new"}, {"S": "2"}]}}),
        (
            "SET l[9] = :s, l[7] = :one",
            {"l": {"L": [{"S": "0"}, {"S": "1"}, {"S": "2"}, {"N": "1"}, {"S": "new"}]}},
        ),
        ("SET l[2] = :s REMOVE l[0], l[1]", {"l": {"L": [{"S": "new"}]}}),
        ("REMOVE l[9]", {}),
        ("REMOVE s, nothing", {"s": None}),
        ("REMOVE l", {"l": None}),
        (
            "SET doc.box.y = :s, doc.arr[0].k = :one REMOVE doc.x",
            {
                "doc": {
                    "M": {
                        "box": {"M": {"y": {"S": "new"}}},
                        "arr": {"L": [{"M": {"k": {"N": "1"}}}]},
                    }
                }
            },
        ),
        ("REMOVE doc.nothing", {}),
        ("ADD n :one, c :one", {"n": {"N": "11"}, "c": {"N": "1"}}),
        ("ADD tags :ss, nums :ns", {"tags": {"SS": ["a", "b", "c"]}, "nums": {"NS": ["1", "2", "3"]}}),
        ("ADD extra :ss", {"extra": {"SS": ["b", "c"]}}),
        ("ADD doc.x :one", {"doc": {"M": {**ITEM["doc"]["M"], "x": {"N": "2"}}}}),
        ("DELETE tags :ss, nums :ns", {"tags": {"SS": ["a"]}, "nums": {"NS": ["1"]}}),
        ("DELETE tags :all", {"tags": None}),
        ("DELETE nothing :all", {}),
    ],
)
def test_updates(expression: str, changed: dict[str, Any]) -> None:
    assert after(expression) == changed


def test_updated_old_and_new_hold_the_touched_parts() -> None:
    update = compile_update("SET doc.x = :s, l[8] = :s, c = :one REMOVE s, l[0] DELETE tags :ss", GIVEN)
    updated = update.apply(ITEM)
    assert updated.updated_old == {
        "doc": {"M": {"x": {"N": "1"}}},
        "l": {"L": [{"S": "0"}]},
        "s": {"S": "text"},
        "tags": {"SS": ["a", "b"]},
    }
    assert updated.updated_new == {
        "doc": {"M": {"x": {"S": "new"}}},
        "l": {"L": [{"S": "new"}]},
        "c": {"N": "1"},
        "tags": {"SS": ["a"]},
    }
    assert update.paths[0] == ("doc", "x")
    assert update.attributes == {"doc", "l", "c", "s", "tags"}
    assert update.placeholders == {":s", ":one", ":ss"}


PATH = "The document path provided in the update expression is invalid for update"
TYPE = "An operand in the update expression has an incorrect data type"
NO_ATTRIBUTE = "The provided expression refers to an attribute that does not exist in the item"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("SET a.b = :s", PATH),
        ("SET s.b = :s", PATH),
        ("SET s[0] = :s", PATH),
        ("SET doc[0] = :s", PATH),
        ("SET l.a = :s", PATH),
        ("SET l[9].a = :s", PATH),
        ("REMOVE a.b", PATH),
        ("ADD a.b :one", PATH),
        ("SET n = nothing", NO_ATTRIBUTE),
        ("SET n = nothing + :one", NO_ATTRIBUTE),
        ("SET n = s + :one", TYPE),
        ("SET l = list_append(s, :l)", TYPE),
        ("ADD s :one", TYPE),
        ("ADD tags :one", TYPE),
        ("ADD nums :ss", TYPE),
        ("DELETE nums :ss", TYPE),
        ("SET n = n + :big", "Attempting to store more than 38 significant digits in a Number"),
    ],
)
def test_updates_that_do_not_fit_the_item(expression: str, message: str) -> None:
    update = compile_update(expression, GIVEN)
    with pytest.raises(Invalid) as refused:
        update.apply(ITEM)
    assert refused.value.message == message


CLASH = "with each other; must remove or rewrite one of these paths; "
OPERAND = "Incorrect operand type for operator or function; "


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "The expression can not be empty;"),
        ("INVALID SYNTAX HERE", 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'),
        ("ADD hits : incr", 'Syntax error; token: ":", near: "hits : incr"'),
        ("SET a = :s,", 'Syntax error; token: "<EOF>", near: ","'),
        ("SET a = n + m + n", 'Syntax error; token: "+", near: "m + n"'),
        ("SET status = :s", "Attribute name is a reserved keyword; reserved keyword: status"),
        ("SET a = :s SET b = :s", 'The "SET" section can only be used once in an update expression;'),
        (
            "SET a = :nope",
            "An expression attribute value used in expression is not defined; attribute value: :nope",
        ),
        ("SET a = :s, a.b = :s", f"Two document paths overlap {CLASH}path one: [a], path two: [a, b]"),
        ("SET a = :s REMOVE a", f"Two document paths overlap {CLASH}path one: [a], path two: [a]"),
        ("SET a.b = :s, a[1] = :s", f"Two document paths conflict {CLASH}path one: [a, b], path two: [a, [1]]"),
        ("SET a = n + :s", OPERAND + "operator or function: +, operand type: S"),
        ("SET a = list_append(l, :m)", OPERAND + "operator or function: list_append, operand type: M"),
        ("ADD a :s", OPERAND + "operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"),
        ("ADD a :l", OPERAND + "operator: ADD, operand type: LIST, typeSet: ALLOWED_FOR_ADD_OPERAND"),
        ("DELETE a :one", OPERAND + "operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"),
        ("SET a = size(l)", "The function is not allowed in an update expression; function: size"),
        ("SET a = LIST_APPEND(l, l)", "Invalid function name; function: LIST_APPEND"),
        (
            "SET a = list_append(l)",
            "Incorrect number of operands for operator or function; "
            "operator or function: list_append, number of operands: 1",
        ),
        (
            "SET a = if_not_exists(:s, :s)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
    ],
)
def test_refused_updates(expression: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_update(expression, GIVEN)
    assert refused.value.message == f"Invalid UpdateExpression: {message}"


@pytest.mark.parametrize("expression", ["SET pk = :s", "REMOVE pk", "SET pk.a = :s", "ADD n :one SET pk = :s"])
def test_the_key_cannot_be_updated(expression: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_update(expression, GIVEN, ("pk",))
    assert refused.value.message == (
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
    )


def test_the_longest_terms_can_be_computed() -> None:
    expression = "SET l=" + "list_append(" * 240 + "l" + ",:l)" * 240
    assert len(compile_update(expression, GIVEN).apply(ITEM).item["l"]["L"]) == 243


def test_an_update_may_not_nest_too_deep() -> None:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(31):
        value = {"L": [value]}
    given = Placeholders(None, {":v": value})
    compile_update("SET a = :v", given).apply({})
    with pytest.raises(Invalid, match="Nesting Levels have exceeded supported limits"):
        compile_update("SET doc.a = :v", given).apply(ITEM)
