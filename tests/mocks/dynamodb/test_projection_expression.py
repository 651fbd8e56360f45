"""Projection expressions and AttributesToGet."""

from __future__ import annotations

from typing import Any

import pytest
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.placeholders import Placeholders
from iamsim.mocks.dynamodb.projection import attributes_to_get, compile_projection

ITEM: dict[str, Any] = {
    "id": {"S": "a"},
    "doc": {"M": {"x": {"S": "1"}, "y": {"M": {"z": {"S": "2"}}}}},
    "l": {"L": [{"S": "0"}, {"S": "1"}, {"M": {"k": {"S": "2"}, "j": {"S": "3"}}}]},
}
NONE = Placeholders()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("id", {"id": {"S": "a"}}),
        ("id, nothing", {"id": {"S": "a"}}),
        ("doc.x", {"doc": {"M": {"x": {"S": "1"}}}}),
        ("doc.y.z , id", {"id": {"S": "a"}, "doc": {"M": {"y": {"M": {"z": {"S": "2"}}}}}}),
        ("doc.nothing", {}),
        ("id.x, l.x, doc[0]", {}),
        ("l[1], l[0]", {"l": {"L": [{"S": "0"}, {"S": "1"}]}}),
        ("l[2].k, l[9], l[1]", {"l": {"L": [{"S": "1"}, {"M": {"k": {"S": "2"}}}]}}),
    ],
)
def test_projections(expression: str, expected: dict[str, Any]) -> None:
    assert compile_projection(expression, NONE).project(ITEM) == expected


def test_what_a_projection_mentions() -> None:
    projection = compile_projection("#d.x, id", Placeholders({"#d": "doc"}))
    assert projection.attributes == {"doc", "id"}
    assert projection.placeholders == {"#d"}
    assert projection.project(ITEM) == {"id": {"S": "a"}, "doc": {"M": {"x": {"S": "1"}}}}


CLASH = "with each other; must remove or rewrite one of these paths; "


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a, a", f"Two document paths overlap {CLASH}path one: [a], path two: [a]"),
        ("a, a.b", f"Two document paths overlap {CLASH}path one: [a], path two: [a, b]"),
        ("b, a.b[0], a", f"Two document paths overlap {CLASH}path one: [a, b, [0]], path two: [a]"),
        ("a.b, a[0]", f"Two document paths conflict {CLASH}path one: [a, b], path two: [a, [0]]"),
        ("a,", 'Syntax error; token: "<EOF>", near: ","'),
        ("a, size", "Attribute name is a reserved keyword; reserved keyword: size"),
        ("", "The expression can not be empty;"),
    ],
)
def test_refused_projections(expression: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_projection(expression, NONE)
    assert refused.value.message == f"Invalid ProjectionExpression: {message}"


def test_attributes_to_get() -> None:
    assert attributes_to_get(["id", "status"]).project(ITEM) == {"id": {"S": "a"}}
    assert attributes_to_get(["id", "doc.x"]).attributes == {"id", "doc.x"}
    with pytest.raises(Invalid) as refused:
        attributes_to_get(["id", "id"])
    assert refused.value.message == "One or more parameter values were invalid: Duplicate value in attribute name: id"
