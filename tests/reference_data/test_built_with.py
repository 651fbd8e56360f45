"""Which operations botocore had when the data were collected."""

from __future__ import annotations

import pytest

from iamsim.reference.built_with import botocore_version, is_newer, operations_then, row, services_then
from iamsim.reference.service_authorization import origin, service


def test_it_is_of_the_same_botocore_as_the_rest() -> None:
    assert botocore_version() in {each["version"] for each in origin()["packages"] if each["package"] == "botocore"}


def test_it_has_the_services_and_operations_of_that_botocore() -> None:
    assert len(services_then()) > 440
    assert sum(len(operations_then(name)) for name in services_then()) > 20_000
    assert {"SendMessage", "SendMessageBatch"} <= operations_then("sqs")  # the second has no action of its name


@pytest.mark.parametrize(("name", "operation"), [("sqs", "FreezeQueue"), ("novel", "CreateThing")])
def test_what_comes_later_is_newer(name: str, operation: str) -> None:
    assert is_newer(name, operation)


def test_a_row_has_one_bit_for_each_action() -> None:
    known = service("sqs")
    assert known is not None
    prefix, bits, others = row("sqs", ["SendMessageBatch", known.action_names[0], known.action_names[2]])
    assert (prefix, bits, others) == ("sqs", "5", ["SendMessageBatch"])
