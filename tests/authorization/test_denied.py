"""How refusals name what they are about. Source: errors-and-authentication section 1.4."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import enable_iam_authentication, mock_aws

HERE = "us-east-1:123456789012"


@pytest.mark.parametrize(
    ("service", "operation", "params", "named"),
    [
        ("sns", "list_topics", {}, f"SNS:ListTopics on resource: arn:aws:sns:{HERE}:*"),
        ("eks", "list_clusters", {}, f"eks:ListClusters on resource: arn:aws:eks:{HERE}:cluster/*"),
        ("events", "list_event_buses", {}, f"events:ListEventBuses on resource: arn:aws:events:{HERE}:event-bus/*"),
        (
            "secretsmanager",
            "get_secret_value",
            {"SecretId": "password"},
            "secretsmanager:GetSecretValue on resource: password",
        ),
    ],
)
def test_what_a_refusal_names(service: str, operation: str, params: dict[str, Any], named: str) -> None:
    with mock_aws():
        iam = boto3.client("iam", region_name="us-east-1")
        iam.create_user(UserName="nobody")
        key = iam.create_access_key(UserName="nobody")["AccessKey"]
        keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
        client = boto3.client(service, region_name="us-east-1", **keys)
        with enable_iam_authentication(), pytest.raises(ClientError) as refused:
            getattr(client, operation)(**params)
    action = named.partition(" ")[0]
    told = refused.value.response["Error"]["Message"]
    assert f"perform: {named} because no identity-based policy allows the {action} action" in told
