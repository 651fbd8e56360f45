"""What becomes a pattern, and what stays."""

from __future__ import annotations

import pytest

from iamsim.tools.least_privilege.generalise import RULES, Rule, exact, generalised

ACCOUNT = "123456789012"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_example_of_each_rule(rule: Rule) -> None:
    service = rule.services[0] if rule.services else "dynamodb"
    region, account = ("", "") if service == "s3" else ("eu-west-1", ACCOUNT)
    before, after = rule.example
    place = ":" if service == "s3" else "*:*"
    assert (
        generalised(f"arn:aws:{service}:{region}:{account}:{before}", ACCOUNT) == f"arn:aws:{service}:{place}:{after}"
    )
    assert rule.found.search(before), "the example is another rule's"


@pytest.mark.parametrize(
    ("resource", "pattern"),
    [
        ("*", "*"),
        ("arn:aws:s3:::orders", "arn:aws:s3:::orders"),
        ("arn:aws:s3:::orders/readme", "arn:aws:s3:::orders/*"),
        ("arn:aws:s3:::orders-123456789012-eu-west-1/a/b", "arn:aws:s3:::orders-*-*/a/*"),
        ("arn:aws:s3:::t/0f8fad5b-d9cb-469f-a165-70867728950e/x", "arn:aws:s3:::t/*/*"),
        ("arn:aws:s3:eu-west-1:123456789012:accesspoint/a/object/k/l", "arn:aws:s3:*:*:accesspoint/a/object/k/*"),
        ("arn:aws:iam::123456789012:role/team/app", "arn:aws:iam::*:role/team/app"),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("arn:aws:sqs:eu-west-1:222222222222:jobs", "arn:aws:sqs:*:222222222222:jobs"),
        ("arn:aws:sqs:us-gov-west-1:123456789012:q-us-gov-west-1", "arn:aws:sqs:*:*:q-*"),
        ("arn:aws:ec2:eu-west-1:123456789012:instance/*", "arn:aws:ec2:*:*:instance/*"),
        ("arn:aws:ec2:eu-west-1:123456789012:volume/vol-11111111", "arn:aws:ec2:*:*:volume/vol-*"),
        ("arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0", "arn:aws:ec2:*::image/ami-*"),
    ],
)
def test_generalised(resource: str, pattern: str) -> None:
    assert generalised(resource, ACCOUNT) == pattern


@pytest.mark.parametrize(
    "name",
    [
        "table/orders",
        "table/orders-2026",
        "table/facade-decade-12345",
        "table/orders/index/by-date",
        "table/v1.20.3",
        "table/release-1234567",
        "table/us-east",
        "table/111111111111",
    ],
)
def test_names_that_somebody_chose_stay(name: str) -> None:
    assert generalised(f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:{name}", ACCOUNT) == f"arn:aws:dynamodb:*:*:{name}"


def test_text_of_object_keys_is_no_pattern() -> None:
    assert exact("arn:aws:s3:::orders/what?/${you}/*") == "arn:aws:s3:::orders/what${?}/${$}{you}/${*}"
    assert generalised("arn:aws:s3:::orders/a*/b", ACCOUNT) == "arn:aws:s3:::orders/a${*}/*"
    assert exact("*") == "*"
    assert exact("arn:aws:sqs:eu-west-1:123456789012:jobs") == "arn:aws:sqs:eu-west-1:123456789012:jobs"
