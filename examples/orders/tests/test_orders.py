"""The order service under its real policies."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from iamsim import decisions
from iamsim.testing import (
    Actor,
    WouldBeDenied,
    allowed_actions,
    anonymous,
    assert_allowed,
    assert_denied,
    assert_matrix,
    deny,
    expect_allowed,
    expect_denied,
    fail,
)

import orders

ORDER = {"id": "1", "item": "ink"}
KEY = "2026/1.json"


def test_the_service_takes_an_order(service: Actor) -> None:
    with service, expect_allowed():
        assert orders.read(orders.place(ORDER)) == ORDER
    assert [each.action for each in decisions()] == [
        "s3:PutObject",
        "sqs:GetQueueUrl",
        "sqs:SendMessage",
        "s3:GetObject",
    ]


def test_the_service_cannot_delete(service: Actor) -> None:
    with service:
        key = orders.place(ORDER)
        with expect_denied("s3:DeleteObject", by="boundary", statement="DenyDeletes"):
            orders.forget(key)


def test_an_auditor_reads_and_does_not_write(service: Actor, auditor: Actor) -> None:
    with service:
        orders.place(ORDER)
    with auditor:
        assert orders.read(KEY) == ORDER
        with expect_denied("s3:PutObject", by="identity"):
            orders.place(ORDER)
    assert decisions().filter(principal="auditor", denied=True).filter(action="s3:*")


def test_strangers_read_nothing(service: Actor) -> None:
    with service:
        orders.place(ORDER)
    with anonymous(), expect_denied("s3:GetObject"), pytest.raises(orders.OrderFailed):
        orders.read(KEY)


def test_without_a_call(service: Actor, auditor: Actor) -> None:
    assert_allowed("order-service", "s3:PutObject", f"arn:aws:s3:::orders/{KEY}")
    assert_denied("order-service", "s3:DeleteObject", f"arn:aws:s3:::orders/{KEY}", by="boundary", explicit=True)
    found = allowed_actions("auditor", f"arn:aws:s3:::orders/{KEY}", candidates=["s3:GetObject", "s3:PutObject"])
    assert found == ["s3:GetObject"]


def test_who_may_do_what(service: Actor, auditor: Actor) -> None:
    assert_matrix("""
                                                      order-service   auditor   anonymous
        s3:GetObject     arn:aws:s3:::orders/2026/1   allow           allow     deny
        s3:PutObject     arn:aws:s3:::orders/2026/1   allow           deny      deny
        s3:DeleteObject  arn:aws:s3:::orders/2026/1   deny            deny      deny
    """)


def test_an_order_that_cannot_be_read_is_reported(service: Actor) -> None:
    with service:
        key = orders.place(ORDER)
        with deny("s3:GetObject", times=1), pytest.raises(orders.OrderFailed):
            orders.read(key)
        assert orders.read(key) == ORDER


def test_throttling_is_survived_once(service: Actor) -> None:
    with service, fail("sqs:SendMessage", code="RequestThrottled", status=400, times=1) as fault:
        orders.place(ORDER)
    assert fault.count == 1


@pytest.mark.iamsim(soft=True)
def test_what_a_new_release_would_need(service: Actor) -> None:
    with service, pytest.warns(WouldBeDenied, match="would be denied s3:DeleteObject"):
        orders.forget(orders.place(ORDER))


def test_on_its_own(iamsim: object) -> None:
    with anonymous(), pytest.raises(ClientError):
        orders.S3.list_buckets()
