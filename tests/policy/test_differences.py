"""In what patterns and values differ."""

from __future__ import annotations

import pytest

from iamsim.policy.differences import arn_difference, nearest_actions, nearest_arn

ARN = "arn:aws:sqs:eu-west-1:111111111111:orders"


@pytest.mark.parametrize(
    ("pattern", "difference"),
    [
        ("arn:aws:sqs:eu-west-1:111111111111:orders", ""),
        ("arn:aws:sqs:us-*:*:orders", "differs in the Region: wants `us-*`, has `eu-west-1`"),
        ("arn:aws:sqs:*:222222222222:orders", "differs in the account: wants `222222222222`, has `111111111111`"),
        ("arn:aws:sqs:*:*:order", "differs in the resource part: wants `order`, has `orders`"),
        ("arn:aws:sqs:*:*:${k}", "differs in the resource part: wants `${k}`, has `orders`"),
        ("arn:aws:sqs:*:*:Orders", "differs only in letter case"),
        ("arn:aws:sns:us-east-1:*:*", "differs in the service and the Region"),
        ("arn:aws-cn:sns:us-east-1:*:*", "differs in the partition, service and the Region"),
        ("arn:aws:sqs:*", "`arn:aws:sqs:*` is no ARN of six parts"),
    ],
)
def test_arn_difference(pattern: str, difference: str) -> None:
    assert arn_difference(pattern, ARN, {}) == difference


def test_no_resource() -> None:
    assert arn_difference(ARN, "*", {}) == "the action is on no particular resource, so only `*` fits"


def test_the_nearest_arn_has_most_in_common() -> None:
    patterns = ["arn:aws:sns:eu-west-1:111111111111:orders", "x", "arn:aws:sqs:*:*:order", "arn:aws:sqs:*:*:o"]
    assert nearest_arn(patterns, ARN, {})[0] == "arn:aws:sqs:*:*:order"
    assert nearest_arn([], ARN, {}) == ("", 0.0)


def test_nearest_actions() -> None:
    names = ["s3:GetObjects", "s3:PutObject", "s3:*", "sqs:GetObject", "s3:Get" + "x" * 1000]
    assert [name for _, name in nearest_actions(names, "s3:GetObject")] == ["s3:GetObjects"]
    assert nearest_actions(names, "ec2:RunInstances") == []
