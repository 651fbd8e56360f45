"""What callers write for a resource, made into its ARN."""

from __future__ import annotations

import pytest

from iamsim.reference.values import Setting, at, in_template, name_in

HERE = Setting("aws", "us-east-1", "111122223333")
FUNCTION = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
QUEUE = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"
ZONE = "arn:${Partition}:route53:::hostedzone/${Id}"
PARAMETER = "arn:${Partition}:ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}"


@pytest.mark.parametrize(
    ("value", "template", "arn"),
    [
        ("f", FUNCTION, None),
        ("f:prod", FUNCTION, None),
        ("arn:aws:lambda:eu-west-1:1:function:f", FUNCTION, "arn:aws:lambda:eu-west-1:1:function:f"),
        ("arn:aws:lambda:eu-west-1:1:layer:l", FUNCTION, None),
        ("444455556666:function:f", FUNCTION, "arn:aws:lambda:us-east-1:444455556666:function:f"),
        ("444455556666:layer:l", FUNCTION, None),
        ("arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af", FUNCTION, "arn:aws:lambda:eu-west-1:1:function:f"),
        ("https://sqs.us-east-1.amazonaws.com/444455556666/q", QUEUE, "arn:aws:sqs:us-east-1:444455556666:q"),
        ("https://example.com/q", QUEUE, None),
    ],
)
def test_a_whole_arn_is_told_from_a_name(value: str, template: str, arn: str | None) -> None:
    assert in_template(value, template, HERE) == arn


@pytest.mark.parametrize(
    ("value", "variable", "template", "name"),
    [
        ("/hostedzone/Z1", "Id", ZONE, "Z1"),
        ("hostedzone/Z1", "Id", ZONE, "Z1"),
        ("Z1", "Id", ZONE, "Z1"),
        ("/a/b", "ParameterNameWithoutLeadingSlash", PARAMETER, "a/b"),
        ("/parameter/x", "ParameterNameWithoutLeadingSlash", PARAMETER, "parameter/x"),
        ("f:prod", "FunctionName", FUNCTION, "f:prod"),
        ("alias/x", "Alias", "arn:${Partition}:kms:${Region}:${Account}:alias/${Alias}", "x"),
    ],
)
def test_a_name_is_cut_out_of_a_path(value: str, variable: str, template: str, name: str) -> None:
    assert name_in(value, variable, template) == name


@pytest.mark.parametrize(
    ("service", "params", "account"),
    [
        ("ecr", {"registryId": "444455556666"}, "444455556666"),
        ("glacier", {"accountId": "-"}, "111122223333"),
        ("organizations", {"AccountId": "444455556666"}, "111122223333"),
        ("sqs", {"QueueOwnerAWSAccountId": "444455556666"}, "444455556666"),
    ],
)
def test_some_members_name_the_owner(service: str, params: dict[str, str], account: str) -> None:
    assert HERE.owned_by(params, service).account == account


def test_a_path_leads_to_every_value() -> None:
    params = {"Targets": [{"A": {"RoleArn": "x"}}, {"A": {}}, {"A": {"RoleArn": "y"}}], "Name": "n"}
    assert list(at(params, "Targets[].A.RoleArn")) == ["x", "y"]
    assert list(at(params, "Name")) == ["n"]
    assert list(at(params, "Missing.Name")) == []
