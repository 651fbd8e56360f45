"""Looking up actions, expanding and minimising patterns, and guessing what a misspelt one meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.reference.actions import action, actions_of, did_you_mean, expand, minimise, resource_type


def test_an_action_is_found_in_any_case() -> None:
    found = action("s3:getobject")
    assert found is not None
    assert str(found) == "s3:GetObject"
    assert found.access_level == "Read"
    assert [resource.name for resource in found.resource_types] == ["accesspointobject", "object"]
    assert "s3:ExistingObjectTag/<key>" in found.condition_keys
    assert action("S3:GETOBJECT") is found


@pytest.mark.parametrize("name", ["s3:GetObjekt", "s4:GetObject", "GetObject", "", "s3:", ":", "s3:*"])
def test_what_is_no_action_is_none(name: str) -> None:
    assert action(name) is None


def test_an_action_without_resource_types_is_on_everything() -> None:
    """L-45, O-4."""
    found = action("s3:ListAllMyBuckets")
    assert found is not None
    assert found.is_wildcard_only
    other = action("s3:GetObject")
    assert other is not None
    assert not other.is_wildcard_only


def test_required_types_are_marked() -> None:
    found = action("ec2:RunInstances")
    assert found is not None
    required = {resource.name for resource in found.resource_types if resource.required}
    assert {"image", "instance", "network-interface", "security-group", "subnet"} == required
    assert {"key-pair", "launch-template", "volume"} <= {resource.name for resource in found.resource_types}


def test_dependent_actions() -> None:
    found = action("ec2:RunInstances")
    assert found is not None
    assert found.dependent_actions == ("ec2:CreateTags", "iam:PassRole", "ssm:GetParameters")


def test_resource_types_have_templates() -> None:
    assert resource_type("s3", "bucket") == ("arn:${Partition}:s3:::${BucketName}",)
    assert resource_type("s3", "bukket") == ()
    assert resource_type("s4", "bucket") == ()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("s3:Get*Acl", ["s3:GetBucketAcl", "s3:GetObjectAcl", "s3:GetObjectVersionAcl"]),
        ("s3:getobject", ["s3:GetObject"]),
        ("sqs:?etQueueUrl", ["sqs:GetQueueUrl"]),
        ("s3:Nothing*", []),
        ("nothing:*", []),
    ],
)
def test_expanding_a_pattern(pattern: str, expected: list[str]) -> None:
    assert [str(each) for each in expand(pattern)] == expected


def test_expanding_across_services() -> None:
    assert len(expand("*")) == len(expand("*:*")) > 22_000
    assert {"sqs:TagQueue", "sns:TagResource"} <= {str(each) for each in expand("s?s:Tag*")}


def test_minimising_gives_the_whole_service() -> None:
    assert minimise([str(each) for each in actions_of("ec2")]) == ["ec2:*"]


def test_minimising_keeps_single_actions_and_unknown_ones() -> None:
    names = ["s3:GetObjectTagging", "s3:getobject", "own:Thing"]
    assert minimise(names) == ["own:Thing", "s3:GetObject", "s3:GetObjectTagging"]


def test_minimising_between_words() -> None:
    reads = [str(each) for each in actions_of("iam") if each.access_level in ("List", "Read")]
    assert minimise(reads) == ["iam:G*", "iam:L*", "iam:Si*"]
    assert minimise(reads, whole_words=True) == [
        "iam:Generate*",
        "iam:Get*",
        "iam:List*",
        "iam:Simulate*",
    ]


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(["s3", "sqs", "iam", "dynamodb", "kms", "execute-api"]), st.booleans())
def test_expanding_minimised_actions_gives_them_back(data: st.DataObject, prefix: str, whole_words: bool) -> None:
    every = [str(each) for each in actions_of(prefix)]
    wanted = data.draw(st.sets(st.sampled_from(every)))
    patterns = minimise(wanted, whole_words)
    assert {str(each) for pattern in patterns for each in expand(pattern)} == wanted
    assert len(patterns) <= len(wanted)


@pytest.mark.parametrize(
    ("name", "likeliest"),
    [
        ("s3:GetObjekt", "s3:GetObject"),
        ("S3:listbukket", "s3:ListBucket"),
        ("dynamo:PutItem", "dynamodb:PutItem"),
        ("lamda:InvokeFunktion", "lambda:InvokeFunction"),
        ("cloudwatchlogs:PutLogEvents", "logs:PutLogEvents"),
        ("cloudwatch:PutLogEvents", "logs:PutLogEvents"),
        ("s3:ListBuckets", "s3:ListAllMyBuckets"),  # the operation's name
        ("s3:HeadBucket", "s3:ListBucket"),
        ("lambda:Invoke", "lambda:InvokeFunction"),
        ("kms:GenerateData", "kms:GenerateDataKey"),
    ],
)
def test_a_misspelt_action_has_a_likely_meaning(name: str, likeliest: str) -> None:
    assert did_you_mean(name)[0] == likeliest


def test_nonsense_has_no_likely_meaning() -> None:
    assert did_you_mean("qqqq:Zzzz") == []
    assert did_you_mean("s3:Zzzz") == []
