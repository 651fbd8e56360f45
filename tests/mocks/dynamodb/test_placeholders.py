"""Placeholders of a request, and which parameters go together."""

from __future__ import annotations

from typing import Any

import pytest
from iamsim.mocks.dynamodb.condition import compile_condition
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.parameters import refuse_idle_placeholders, refuse_mixture
from iamsim.mocks.dynamodb.placeholders import Placeholders
from iamsim.mocks.dynamodb.projection import compile_projection
from iamsim.mocks.dynamodb.reserved import RESERVED, is_reserved


def test_placeholders_may_be_used_by_any_expression_of_the_request() -> None:
    given = Placeholders({"#a": "a", "#b": "b"}, {":v": {"S": "x"}})
    condition = compile_condition("#a = :v", given)
    projection = compile_projection("#b", given)
    given.check_all_used(condition, None, projection)
    with pytest.raises(Invalid) as refused:
        given.check_all_used(condition)
    assert refused.value.message == "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"
    with pytest.raises(Invalid) as refused:
        Placeholders(None, {":x": {"S": "x"}, ":y": {"S": "y"}}).check_all_used()
    assert refused.value.message == "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x, :y}"


@pytest.mark.parametrize(
    ("names", "values", "message"),
    [
        ({}, None, "ExpressionAttributeNames must not be empty"),
        (None, {}, "ExpressionAttributeValues must not be empty"),
        ({"a": "b"}, None, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'),
        ({"#a-b": "b"}, None, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"'),
        (None, {"v": {"S": "a"}}, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'),
        (
            None,
            {":v": {}},
            "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly "
            "one of the supported datatypes for key :v",
        ),
    ],
)
def test_bad_placeholders_are_refused(
    names: dict[str, str] | None, values: dict[str, Any] | None, message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Placeholders(names, values)
    assert refused.value.message == message


def test_there_are_573_reserved_words_in_any_case() -> None:
    assert len(RESERVED) == 573
    assert is_reserved("status")
    assert is_reserved("Zone")
    assert not is_reserved("pk")


def test_legacy_parameters_do_not_mix_with_expressions() -> None:
    refuse_mixture({"Expected": None}, {"ConditionExpression": "a = :b"})
    refuse_mixture({"Expected": {}}, {"ConditionExpression": None})
    with pytest.raises(Invalid) as refused:
        refuse_mixture({"AttributeUpdates": {}, "Expected": {}}, {"UpdateExpression": "SET a = b"})
    assert refused.value.message == (
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression}"
    )


def test_placeholders_need_an_expression() -> None:
    refuse_idle_placeholders({"#a": "a"}, None, {"ConditionExpression": "attribute_exists(#a)"})
    with pytest.raises(Invalid) as refused:
        refuse_idle_placeholders({"#a": "a"}, {":b": {}}, {"ConditionExpression": None})
    assert refused.value.message == "ExpressionAttributeNames can only be specified when using expressions"
    refuse_idle_placeholders({"#a": "a"}, None, {"FilterExpression": None}, projection="#a")
    with pytest.raises(Invalid) as refused:
        refuse_idle_placeholders(None, {":b": {}}, {"FilterExpression": None}, projection="a")
    assert refused.value.message == (
        "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null"
    )
    with pytest.raises(Invalid) as refused:
        refuse_idle_placeholders(None, {":b": {}}, {"UpdateExpression": None, "ConditionExpression": None})
    assert refused.value.message == (
        "ExpressionAttributeValues can only be specified when using expressions: "
        "UpdateExpression and ConditionExpression are null"
    )
