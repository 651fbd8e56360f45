"""Every refusal as a client sees it, by protocol: the table of test_failures through real clients (facts section 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from iamsim import Simulator, enable_iam_authentication, mock_aws
from iamsim.testing import role, user

from .test_failures import EXPECTED, SAME_AS

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "query": ("iam", "list_users", {}),
    "rest-xml": ("route53", "list_hosted_zones", {}),
    "query-compatible": ("sqs", "list_queues", {}),
    "cbor": ("cloudwatch", "list_metrics", {}),
    "ec2": ("ec2", "describe_instances", {}),
    "json": ("dynamodb", "list_tables", {}),
    "rest-json": ("lambda", "list_functions", {}),
    "s3": ("s3", "list_objects_v2", {"Bucket": "bucket"}),
}
WIRE_SAME_AS = SAME_AS | {"cbor": "query"}  # CloudWatch keeps the codes of the query protocol that it left
SITUATIONS = {
    "unknown key": "unknown key",
    "inactive key": "inactive key",
    "deleted user": "unknown key",
    "deleted role": "unknown key",
    "no token": "no token",
    "tampered token": "wrong token",
    "token of a long-term key": "token of a long-term key",
    "expired credentials": "expired credentials",
    "wrong secret": "wrong secret",
    "late": "late",
    "early": "early",
    "unsigned": "unsigned",
}
Credentials = dict[str, Any]


@pytest.fixture(autouse=True)
def aws() -> Iterator[Simulator]:
    with mock_aws() as simulator:
        yield simulator


def of_user() -> Credentials:
    user("alice")
    key = boto3.client("iam").create_access_key(UserName="alice")["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def of_role() -> Credentials:
    role("r")
    named = {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "session"}
    issued = boto3.client("sts").assume_role(**named)["Credentials"]
    return {
        "aws_access_key_id": issued["AccessKeyId"],
        "aws_secret_access_key": issued["SecretAccessKey"],
        "aws_session_token": issued["SessionToken"],
    }


def credentials_in(situation: str, aws: Simulator) -> Credentials:
    """Credentials with which a call runs into `situation`."""
    iam = boto3.client("iam")
    is_temporary = situation in ("deleted role", "no token", "tampered token", "expired credentials")
    made = of_role() if is_temporary else of_user()
    key = made["aws_access_key_id"]
    match situation:
        case "unknown key":
            made["aws_access_key_id"] = "AKIAIOSFODNN7EXAMPLE"
        case "inactive key":
            iam.update_access_key(UserName="alice", AccessKeyId=key, Status="Inactive")
        case "deleted user":
            iam.delete_access_key(UserName="alice", AccessKeyId=key)
            iam.delete_user(UserName="alice")
        case "deleted role":
            iam.delete_role(RoleName="r")
        case "no token":
            del made["aws_session_token"]
        case "tampered token":
            made["aws_session_token"] = "x" + made["aws_session_token"][1:]
        case "token of a long-term key":
            made["aws_session_token"] = "FwoGZXIvYXdzE"
        case "expired credentials":
            aws.cloud.clock.advance(3601)
        case "wrong secret":
            made["aws_secret_access_key"] = made["aws_secret_access_key"][::-1]
    return made


def refusal(call: Callable[..., Any], **params: Any) -> ClientError:
    with enable_iam_authentication(), pytest.raises(ClientError) as caught:
        call(**params)
    return caught.value


@pytest.mark.parametrize("family", CALLS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_refusal(situation: str, family: str, aws: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    service, name, params = CALLS[family]
    boto3.client("s3").create_bucket(Bucket="bucket")
    options = credentials_in(situation, aws)
    config = Config(retries={"total_max_attempts": 1})
    if situation == "unsigned":
        options, config = {}, config.merge(Config(signature_version=botocore.UNSIGNED))
    client = boto3.client(service, region_name="us-east-1", config=config, **options)
    skew_s = {"late": 1000, "early": -1000}.get(situation)
    if skew_s:
        now = aws.cloud.clock.now
        monkeypatch.setattr(
            aws.cloud.clock, "now", lambda: now() + skew_s
        )  # another clock than the machine's, not moved
    error = refusal(getattr(client, name), **params)
    said, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    if situation == "unsigned" and family in ("s3", "query-compatible"):
        assert (said["Code"], status) == ("AccessDenied", 403)  # nobody, whom no policy allows
        return
    code, wanted_status, text = EXPECTED[SITUATIONS[situation]][WIRE_SAME_AS.get(family, family)]
    assert (said["Code"], status) == (code, wanted_status)
    if skew_s and family not in ("ec2", "s3"):
        assert said["Message"].startswith(text.partition(":")[0])
    else:
        assert said["Message"].partition("\n\nThe Canonical String for this request")[0] == text


def test_a_head_request_has_no_body_to_say_it(aws: Simulator) -> None:
    """A-11."""
    s3 = boto3.client("s3", **credentials_in("wrong secret", aws))
    boto3.client("s3").create_bucket(Bucket="bucket")
    said = refusal(s3.head_bucket, Bucket="bucket").response["Error"]
    assert (said["Code"], said["Message"]) == ("403", "Forbidden")
