"""The order service under its real policies."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from iamsim import decisions, mock_aws
from iamsim.testing import (
    Actor,
    WouldBeDenied,
    allowed_actions,
    anonymous,
    as_role,
    as_root,
    as_service,
    assert_allowed,
    assert_denied,
    assert_matrix,
    deny,
    expect_allowed,
    expect_denied,
    fail,
    from_network,
    organization,
    throttle,
    user,
)

import orders

ORDER = {"id": "1", "item": "ink"}
KEY = "2026/1.json"
POLICIES = Path(__file__).parents[1] / "policies"


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
    assert_denied("order-service", "s3:Delete*", ["arn:aws:s3:::orders", f"arn:aws:s3:::orders/{KEY}"])
    assert allowed_actions("auditor", f"arn:aws:s3:::orders/{KEY}", candidates="s3:*Object") == ["s3:GetObject"]


def test_of_documents_alone() -> None:
    assert_allowed(
        "ann", "s3:PutObject", f"arn:aws:s3:::orders/{KEY}", identity_policies=POLICIES / "order-service.json"
    )
    assert_denied(
        "ann",
        "s3:PutObject",
        f"arn:aws:s3:::orders/{KEY}",
        identity_policies=POLICIES / "order-service.json",
        scps={"Sid": "ReadOnly", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
        by="scp",
        explicit=False,
    )


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
    with service, throttle("sqs:SendMessage", times=1) as fault:
        orders.place(ORDER)
    assert fault.count == 1


def test_an_outage_is_not(service: Actor) -> None:
    with service, fail("s3:PutObject", status=503), pytest.raises(ClientError, match="ServiceUnavailable"):
        orders.place(ORDER)
    with service, fail("sqs:*", code="QueueDoesNotExist"), pytest.raises(orders.SQS.exceptions.QueueDoesNotExist):
        orders.place(ORDER)


def test_a_session_with_less(service: Actor) -> None:
    less = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    with as_role("order-service", session_name="report", tags={"team": "red"}, policy=less) as report:
        assert report.arn.endswith("assumed-role/order-service/report")
        with expect_denied("s3:PutObject", by="session"):
            orders.place(ORDER)


def test_the_root_user_may(service: Actor) -> None:
    with service:
        key = orders.place(ORDER)
    with as_root(), expect_allowed("s3:DeleteObject"):
        orders.forget(key)


def test_shipping_takes_orders_of_one_topic_only(service: Actor) -> None:
    topic, queue = "arn:aws:sns:us-east-1:123456789012:placed", "arn:aws:sqs:us-east-1:123456789012:shipping"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = orders.SQS.get_queue_url(QueueName="shipping")["QueueUrl"]
    orders.SQS.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    with as_service("sns.amazonaws.com", source_arn=topic), expect_allowed("sqs:SendMessage"):
        orders.SQS.send_message(QueueUrl=url, MessageBody=KEY)
    with as_service("sns.amazonaws.com", source_arn=f"{topic}-2"), expect_denied("sqs:SendMessage", by="resource"):
        orders.SQS.send_message(QueueUrl=url, MessageBody=KEY)


def test_only_from_the_office() -> None:
    inside = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    with mock_aws():
        clerk = user("clerk", {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": inside})
        with clerk, from_network("203.0.113.9"), expect_allowed():
            orders.S3.list_buckets()
        with clerk, from_network("198.51.100.7"), expect_denied():
            orders.S3.list_buckets()


def test_the_organization_has_the_last_word() -> None:
    with mock_aws():
        admin = user("admin", "arn:aws:iam::aws:policy/AdministratorAccess")
        organization(scps={"Sid": "NoQueues", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"})
        with admin, expect_denied("sqs:*", by="scp", statement="NoQueues"):
            orders.SQS.list_queues()


@pytest.mark.iamsim(soft=True)
def test_what_a_new_release_would_need(service: Actor) -> None:
    with service, pytest.warns(WouldBeDenied, match="would be denied s3:DeleteObject"):
        orders.forget(orders.place(ORDER))


@pytest.mark.iamsim(account="222222222222", region="eu-west-1", enforce=1)
def test_in_another_account_all_but_the_first_call_is_checked() -> None:
    boto3.client("sqs").create_queue(QueueName="theirs")
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        boto3.client("sqs").list_queues()


def test_on_its_own(iamsim: object) -> None:
    with anonymous(), pytest.raises(ClientError):
        orders.S3.list_buckets()
