"""Input that the model refuses."""

from __future__ import annotations

from typing import Any

import pytest

from iamsim import ApiError
from iamsim.kit.validation import validate
from iamsim.reference.service_model import service_model


def refusal(operation: str, **params: Any) -> str:
    shape = service_model("iam").operation_model(operation).input_shape
    with pytest.raises(ApiError) as caught:
        validate(shape, params, "ValidationError")
    assert (caught.value.code, caught.value.status) == ("ValidationError", 400)
    return caught.value.message


def test_input_that_fits() -> None:
    shape = service_model("iam").operation_model("CreateUser").input_shape
    validate(shape, {"UserName": "alice", "Tags": [{"Key": "Größe", "Value": ""}]}, "ValidationError")


def test_what_is_wrong_is_said_with_its_place() -> None:
    assert refusal("CreateUser") == (
        "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"
    )
    assert refusal("ListUsers", MaxItems=0) == (
        "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1"
    )
    assert refusal("UpdateAccessKey", AccessKeyId="A" * 20, Status="Gone") == (
        "1 validation error detected: Value 'Gone' at 'status' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Active, Inactive, Expired]"
    )
    assert refusal("CreateUser", UserName="a", Tags=[{"Key": "", "Value": "v"}]).startswith(
        "2 validation errors detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1; Value '' at 'tags.1.member.key' failed"
    )


def test_secrets_are_not_repeated() -> None:
    assert "Value *** at 'password'" in refusal("CreateLoginProfile", Password="x" * 129)
