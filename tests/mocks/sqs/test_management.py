"""Queues: names, attributes, listing, deletion."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from iamsim.clock import Clock

from .conftest import NOW, Refused, counts

NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
ARN = "arn:aws:sqs:us-east-1:123456789012"


def test_a_queue_has_a_url_that_names_account_and_region(sqs: Any, url: str) -> None:
    assert url == "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
    assert sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
    assert sqs.get_queue_url(QueueName="orders", QueueOwnerAWSAccountId="123456789012")["QueueUrl"] == url


def test_a_queue_may_be_named_by_its_bare_name(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl="orders", MessageBody="x")
    assert counts(sqs, url) == (1, 0, 0)


def test_what_does_not_exist(sqs: Any, url: str, refused: Refused) -> None:
    assert refused(sqs.get_queue_url, QueueName="nothing") == NO_QUEUE
    assert refused(sqs.get_queue_url, QueueName="orders", QueueOwnerAWSAccountId="210987654321") == NO_QUEUE
    assert refused(sqs.send_message, QueueUrl=url + "x", MessageBody="x") == NO_QUEUE
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.delete_queue(QueueUrl=url + "x")
    address = "https://sqs.us-east-1.amazonaws.com/"
    code, message = refused(sqs.send_message, QueueUrl=address, MessageBody="x")
    assert (code, message) == ("InvalidAddress", f"The address {address} is not valid for this endpoint.")


def test_regions_are_apart(sqs: Any, url: str, refused: Refused) -> None:
    elsewhere = boto3.client("sqs", region_name="eu-west-1")
    assert "QueueUrls" not in elsewhere.list_queues()
    assert refused(elsewhere.get_queue_url, QueueName="orders") == NO_QUEUE


@pytest.mark.parametrize("name", ["", "a b", "x" * 81, "ü", "orders.fifo", "a.b"])
def test_names_that_a_standard_queue_cannot_have(sqs: Any, refused: Refused, name: str) -> None:
    assert refused(sqs.create_queue, QueueName=name) == (
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    )


@pytest.mark.parametrize("name", ["orders", ".fifo", "x" * 76 + ".fifo", "a b.fifo"])
def test_names_that_a_fifo_queue_cannot_have(sqs: Any, refused: Refused, name: str) -> None:
    assert refused(sqs.create_queue, QueueName=name, Attributes={"FifoQueue": "true"}) == (
        "InvalidParameterValue",
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with "
        ".fifo suffix and be 1 to 80 in length",
    )


def test_the_longest_names(sqs: Any) -> None:
    assert sqs.create_queue(QueueName="x" * 80)
    assert sqs.create_queue(QueueName="x" * 75 + ".fifo", Attributes={"FifoQueue": "true"})


def test_to_create_a_queue_again_gives_the_one_that_is_there(sqs: Any, refused: Refused) -> None:
    attributes = {"VisibilityTimeout": "45", "DelaySeconds": "0"}
    url = sqs.create_queue(QueueName="orders", Attributes=attributes)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    for same in ({}, attributes, {"VisibilityTimeout": "45"}, {"MaximumMessageSize": "1048576"}):
        assert sqs.create_queue(QueueName="orders", Attributes=same)["QueueUrl"] == url
    assert counts(sqs, url) == (1, 0, 0)
    assert refused(sqs.create_queue, QueueName="orders", Attributes={"VisibilityTimeout": "46"}) == (
        "QueueAlreadyExists",
        "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
    )
    with pytest.raises(sqs.exceptions.QueueNameExists):
        sqs.create_queue(QueueName="orders", Attributes={"KmsMasterKeyId": "alias/aws/sqs"})


def test_a_deleted_queue_is_gone_with_its_messages(sqs: Any, url: str, refused: Refused) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.delete_queue(QueueUrl=url)
    assert refused(sqs.receive_message, QueueUrl=url) == NO_QUEUE
    sqs.create_queue(QueueName="orders")
    assert counts(sqs, url) == (0, 0, 0)


def test_purge(sqs: Any, url: str, fifo: str) -> None:
    for each, more in ((url, {}), (fifo, {"MessageGroupId": "g"})):
        for index in range(3):
            unique = {"MessageDeduplicationId": str(index)} if more else {}
            sqs.send_message(QueueUrl=each, MessageBody=str(index), **more, **unique)
        handle = sqs.receive_message(QueueUrl=each)["Messages"][0]["ReceiptHandle"]
        sqs.purge_queue(QueueUrl=each)
        assert counts(sqs, each) == (0, 0, 0)
        sqs.delete_message(QueueUrl=each, ReceiptHandle=handle)  # gone already


class TestListing:
    def test_no_queue(self, sqs: Any) -> None:
        assert "QueueUrls" not in sqs.list_queues()

    def test_a_prefix(self, sqs: Any) -> None:
        urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("a-1", "a-2", "A-3", "b-a")]
        assert sqs.list_queues(QueueNamePrefix="a-")["QueueUrls"] == urls[:2]
        assert len(sqs.list_queues()["QueueUrls"]) == 4
        assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix="c")

    def test_pages_add_up(self, sqs: Any) -> None:
        urls = [sqs.create_queue(QueueName=f"q-{index}")["QueueUrl"] for index in range(7)]
        first = sqs.list_queues(QueueNamePrefix="q-", MaxResults=3)
        assert (first["QueueUrls"], "NextToken" in first) == (urls[:3], True)
        pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix="q-", PaginationConfig={"PageSize": 3})
        assert [page["QueueUrls"] for page in pages] == [urls[:3], urls[3:6], urls[6:]]

    def test_without_max_results_there_is_no_token(self, sqs: Any, aws: Any) -> None:
        for index in range(1001):
            sqs.create_queue(QueueName=f"q-{index:04}")
        answer = sqs.list_queues()
        assert (len(answer["QueueUrls"]), "NextToken" in answer) == (1000, False)
        assert "NextToken" in sqs.list_queues(MaxResults=1000)

    @pytest.mark.parametrize("size", [0, 1001])
    def test_a_page_has_from_1_to_1000(self, sqs: Any, refused: Refused, size: int) -> None:
        assert refused(sqs.list_queues, MaxResults=size) == (
            "InvalidParameterValue",
            f"Value {size} for parameter MaxResults is invalid. Reason: Must be between 1 and 1000, if provided.",
        )


class TestAttributes:
    def test_of_a_new_standard_queue(self, sqs: Any, url: str) -> None:
        assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] == {
            "QueueArn": f"{ARN}:orders",
            "ApproximateNumberOfMessages": "0",
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
            "CreatedTimestamp": str(int(NOW)),
            "LastModifiedTimestamp": str(int(NOW)),
            "VisibilityTimeout": "30",
            "MaximumMessageSize": "1048576",
            "MessageRetentionPeriod": "345600",
            "DelaySeconds": "0",
            "ReceiveMessageWaitTimeSeconds": "0",
            "SqsManagedSseEnabled": "true",
        }

    def test_of_a_new_fifo_queue(self, sqs: Any, fifo: str) -> None:
        attributes = sqs.get_queue_attributes(QueueUrl=fifo, AttributeNames=["All"])["Attributes"]
        own = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
        assert [attributes[name] for name in own] == ["true", "false", "queue", "perQueue"]

    def test_only_those_asked_for(self, sqs: Any, url: str, refused: Refused) -> None:
        def get(*names: str) -> Any:
            return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names)).get("Attributes")

        assert get("DelaySeconds", "QueueArn") == {"DelaySeconds": "0", "QueueArn": f"{ARN}:orders"}
        assert get() is None
        assert get("Policy") is None  # it has none
        assert refused(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["DelaySecond"]) == (
            "InvalidAttributeName",
            "Unknown Attribute DelaySecond.",
        )

    def test_setting_changes_the_time_of_modification(self, sqs: Any, url: str, clock: Clock) -> None:
        clock.advance(60)
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60", "KmsMasterKeyId": "alias/k"})
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert attributes["CreatedTimestamp"] == str(int(NOW))
        assert attributes["LastModifiedTimestamp"] == str(int(NOW) + 60)
        assert attributes["VisibilityTimeout"] == "60"
        assert attributes["KmsDataKeyReusePeriodSeconds"] == "300"
        assert attributes["SqsManagedSseEnabled"] == "false"

    def test_an_empty_value_takes_an_attribute_away(self, sqs: Any, url: str) -> None:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": ""})
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert "KmsMasterKeyId" not in attributes
        assert attributes["SqsManagedSseEnabled"] == "true"

    def test_one_kind_of_encryption_at_a_time(self, sqs: Any, url: str, refused: Refused) -> None:
        both = {"KmsMasterKeyId": "alias/k", "SqsManagedSseEnabled": "true"}
        assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes=both) == (
            "InvalidAttributeValue",
            "You can use one type of server-side encryption at one time. You can either enable KMS encryption or SQS "
            "managed encryption.",
        )
        for attribute, sse in (({"KmsMasterKeyId": "k"}, "false"), ({"SqsManagedSseEnabled": "true"}, "true")):
            sqs.set_queue_attributes(QueueUrl=url, Attributes=attribute)
            shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["SqsManagedSseEnabled", "KmsMasterKeyId"])
            assert shown["Attributes"]["SqsManagedSseEnabled"] == sse
            assert ("KmsMasterKeyId" in shown["Attributes"]) == (sse == "false")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DelaySeconds", "-1"),
            ("DelaySeconds", "901"),
            ("DelaySeconds", "x"),
            ("DelaySeconds", "²"),
            ("DelaySeconds", ""),
            ("KmsDataKeyReusePeriodSeconds", "59"),
            ("MaximumMessageSize", "1023"),
            ("MaximumMessageSize", "1048577"),
            ("MessageRetentionPeriod", "59"),
            ("MessageRetentionPeriod", "1209601"),
            ("ReceiveMessageWaitTimeSeconds", "21"),
            ("VisibilityTimeout", "43201"),
            ("SqsManagedSseEnabled", "yes"),
            ("Policy", "{"),
            ("Policy", '{"Statement": [{"Effect": "Maybe"}]}'),
            ("RedriveAllowPolicy", "[]"),
            ("RedriveAllowPolicy", '{"redrivePermission": "some"}'),
            ("RedriveAllowPolicy", '{"redrivePermission": "byQueue"}'),
            ("RedriveAllowPolicy", '{"redrivePermission": "denyAll", "sourceQueueArns": ["x"]}'),
        ],
    )
    def test_values_that_are_refused(self, sqs: Any, url: str, refused: Refused, name: str, value: str) -> None:
        expected = ("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
        assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={name: value}) == expected
        assert refused(sqs.create_queue, QueueName="new", Attributes={name: value}) == expected
        assert len(sqs.list_queues()["QueueUrls"]) == 1

    @pytest.mark.parametrize(
        "name", ["All", "QueueArn", "Nonsense", "FifoQueue", "ContentBasedDeduplication", "CreatedTimestamp"]
    )
    def test_names_that_a_standard_queue_does_not_know(self, sqs: Any, url: str, refused: Refused, name: str) -> None:
        expected = ("InvalidAttributeName", f"Unknown Attribute {name}.")
        assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={name: "false"}) == expected
        assert refused(sqs.create_queue, QueueName="new", Attributes={name: "false"}) == expected

    def test_a_refusal_changes_nothing(self, sqs: Any, url: str, refused: Refused) -> None:
        refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={"VisibilityTimeout": "1", "DelaySeconds": "x"})
        shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
        assert shown["Attributes"] == {"VisibilityTimeout": "30"}

    def test_a_queue_stays_what_it_is(self, sqs: Any, fifo: str, refused: Refused) -> None:
        expected = ("InvalidAttributeName", "Unknown Attribute FifoQueue.")
        assert refused(sqs.set_queue_attributes, QueueUrl=fifo, Attributes={"FifoQueue": "false"}) == expected

    def test_high_throughput_needs_deduplication_by_group(self, sqs: Any, fifo: str, refused: Refused) -> None:
        limit = {"FifoThroughputLimit": "perMessageGroupId"}
        assert refused(sqs.set_queue_attributes, QueueUrl=fifo, Attributes=limit) == (
            "InvalidAttributeValue",
            "Invalid value for the parameter FifoThroughputLimit.",
        )
        sqs.set_queue_attributes(QueueUrl=fifo, Attributes={**limit, "DeduplicationScope": "messageGroup"})

    def test_a_policy_comes_back_as_it_was_set(self, sqs: Any, url: str) -> None:
        statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": f"{ARN}:orders"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"] == policy

    @pytest.mark.parametrize("actions", ["s3:GetObject", ["sqs:SendMessage", "sns:Publish"]])
    def test_a_policy_is_about_queues(self, sqs: Any, url: str, refused: Refused, actions: Any) -> None:
        statement = {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": f"{ARN}:orders"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        expected = ("InvalidAttributeValue", "Invalid value for the parameter Policy.")
        assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": policy}) == expected
        assert refused(sqs.create_queue, QueueName="new", Attributes={"Policy": policy}) == expected


class TestTags:
    def test_tags(self, sqs: Any) -> None:
        url = sqs.create_queue(QueueName="orders", tags={"team": "a"})["QueueUrl"]
        sqs.tag_queue(QueueUrl=url, Tags={"team": "b", "cost": ""})
        assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "b", "cost": ""}
        sqs.untag_queue(QueueUrl=url, TagKeys=["team", "absent"])
        assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"cost": ""}

    def test_none(self, sqs: Any, url: str) -> None:
        assert "Tags" not in sqs.list_queue_tags(QueueUrl=url)
