"""AddPermission and RemovePermission write the queue policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Refused

ARN = "arn:aws:sqs:us-east-1:123456789012:orders"


def policy(sqs: Any, url: str) -> Any:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    return json.loads(answer["Attributes"]["Policy"]) if "Attributes" in answer else None


def test_statements_come_and_go(sqs: Any, url: str) -> None:
    sqs.add_permission(QueueUrl=url, Label="one", AWSAccountIds=["111122223333"], Actions=["SendMessage"])
    accounts = ["111122223333", "444455556666"]
    sqs.add_permission(QueueUrl=url, Label="two", AWSAccountIds=accounts, Actions=["*", "GetQueueUrl"])
    assert policy(sqs, url) == {
        "Version": "2012-10-17",
        "Id": f"{ARN}/SQSDefaultPolicy",
        "Statement": [
            {
                "Sid": "one",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                "Action": "SQS:SendMessage",
                "Resource": ARN,
            },
            {
                "Sid": "two",
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in accounts]},
                "Action": ["SQS:*", "SQS:GetQueueUrl"],
                "Resource": ARN,
            },
        ],
    }
    sqs.remove_permission(QueueUrl=url, Label="one")
    assert [statement["Sid"] for statement in policy(sqs, url)["Statement"]] == ["two"]
    sqs.remove_permission(QueueUrl=url, Label="two")
    assert policy(sqs, url) is None


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        (
            {"Label": "a b"},
            "InvalidParameterValue",
            "Value a b for parameter Label is invalid. Reason: Can only include alphanumeric characters, hyphens, or "
            "underscores. 1 to 80 in length.",
        ),
        (
            {"Label": "taken"},
            "InvalidParameterValue",
            "Value taken for parameter Label is invalid. Reason: Already exists.",
        ),
        ({"Actions": []}, "MissingParameter", "The request must contain the parameter Actions."),
        (
            {"Actions": ["DeleteQueue"]},
            "InvalidParameterValue",
            "Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to "
            "invoke this action.",
        ),
        (
            {"Actions": ["SendMessage"] * 8},
            "OverLimit",
            "8 Actions were found, maximum allowed is 7.",
        ),
        (
            {"AWSAccountIds": ["me"]},
            "InvalidParameterValue",
            "Value [me] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        ),
    ],
)
def test_what_is_refused(
    sqs: Any, url: str, refused: Refused, changes: dict[str, Any], code: str, message: str
) -> None:
    good = {"QueueUrl": url, "Label": "taken", "AWSAccountIds": ["111122223333"], "Actions": ["SendMessage"]}
    sqs.add_permission(**good)
    before = policy(sqs, url)
    assert refused(sqs.add_permission, **(good | {"Label": "new"} | changes)) == (code, message)
    assert policy(sqs, url) == before


def test_a_label_that_is_not_there(sqs: Any, url: str, refused: Refused) -> None:
    assert refused(sqs.remove_permission, QueueUrl=url, Label="x") == (
        "InvalidParameterValue",
        "Value x for parameter Label is invalid. Reason: can't find label on existing policy.",
    )
