"""What a service answers to input that boto3 would not send: over raw HTTP, and with boto3's own checks off."""

from __future__ import annotations

import json
import warnings
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from iamsim import ApiError, Simulator, enable_iam_authentication, mock_aws
from iamsim.enforcement import Enforcement
from iamsim.kit.validation import _pattern, check_limits, check_presence, validate
from iamsim.reference.service_model import load_data, service_model
from iamsim.request import HttpRequest, Operation

UNCHECKED = Config(parameter_validation=False)


def refusal(service: str, operation: str, **params: Any) -> tuple[str, str]:
    client = boto3.client(service, region_name="us-east-1", config=UNCHECKED)
    with pytest.raises(ClientError) as raised:
        getattr(client, operation)(**params)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


NULL = "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null"


@pytest.mark.parametrize(
    ("service", "operation", "code", "message"),
    [
        ("iam", "create_user", "ValidationError", NULL.format("userName")),
        ("sts", "assume_root", "ValidationError", ""),
        ("dynamodb", "describe_table", "ValidationException", NULL.format("tableName")),
        ("sqs", "create_queue", "MissingParameter", "The request must contain the parameter QueueName."),
        ("ec2", "create_tags", "MissingParameter", "The request must contain the parameter Resources"),
    ],
)
@pytest.mark.parametrize("enforced", [False, True])
def test_each_protocol_in_its_words(service: str, operation: str, code: str, message: str, enforced: bool) -> None:
    with mock_aws():
        keys = boto3.client("iam").create_user(UserName="u") and boto3.client("iam").create_access_key(UserName="u")
        names = {"aws_access_key_id": "AccessKeyId", "aws_secret_access_key": "SecretAccessKey"}
        mine = {name: keys["AccessKey"][key] for name, key in names.items()}
        client = boto3.client(service, region_name="us-east-1", config=UNCHECKED, **mine)
        with pytest.raises(ClientError) as raised:
            if enforced:
                with enable_iam_authentication():
                    getattr(client, operation)()
            else:
                getattr(client, operation)()
        error = raised.value.response["Error"]
        assert error["Code"] == code
        assert error["Message"] == message or not message


@mock_aws
def test_limits_are_checked_where_the_service_does() -> None:
    assert refusal("iam", "list_users", MaxItems=0)[0] == "ValidationError"
    assert refusal("dynamodb", "list_tables", Limit=0) == (
        "ValidationException",
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1",
    )
    assert refusal("sqs", "get_queue_url", QueueName="no!")[0] != "ValidationException"


def test_s3_in_its_words() -> None:
    operation = Operation("s3", "PutBucketTagging", "rest-xml", "us-east-1", "aws", model("s3", "PutBucketTagging"))
    with pytest.raises(ApiError, match="Request Body is empty") as raised:
        check_presence(operation, {"Bucket": "bucket"}, None)
    assert raised.value.code == "MissingRequestBodyError"
    check_limits(operation, {"Bucket": "", "Tagging": {"TagSet": []}}, None)
    for document in ({}, {"TagSet": [{"Key": "a"}]}):
        with pytest.raises(ApiError) as raised:
            check_limits(operation, {"Bucket": "", "Tagging": document}, None)
        assert raised.value.code == "MalformedXML"
    nameless = HttpRequest("PUT", "s3.amazonaws.com", "//key", "acl")
    answer = Simulator().handle(nameless)
    assert isinstance(answer.body, bytes)
    assert b"<Code>InvalidBucketName</Code>" in answer.body


def test_over_raw_http() -> None:
    """A service with a JSON front end, and one with EC2's."""
    asked = {"x-amz-target": "DynamoDB_20120810.DescribeTable"}
    answer = Simulator().handle(HttpRequest("POST", "dynamodb.us-east-1.amazonaws.com", "/", "", asked, b"{}"))
    told = json.loads(answer.body if isinstance(answer.body, bytes) else b"")
    assert (answer.status, told["message"]) == (400, NULL.format("tableName"))
    assert told["__type"].endswith("ValidationException")
    query = "Action=DeleteTags&Version=2016-11-15"
    answer = Simulator().handle(HttpRequest("GET", "ec2.us-east-1.amazonaws.com", "/", query))
    assert b"<Message>The request must contain the parameter Resources</Message>" in bytes(answer.body)  # type: ignore[arg-type]


def model(service: str, name: str) -> Any:
    return service_model(service).operation_model(name)


def test_inside_maps() -> None:
    shape = model("dynamodb", "BatchGetItem").input_shape
    with pytest.raises(ApiError) as raised:
        validate(shape, {"RequestItems": {"music": {}}}, "ValidationException")
    assert raised.value.message == NULL.format("requestItems.music.member.keys")


def test_every_pattern_can_be_used() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for service in ("codecommit", "glue", "kms", "lambda", "quicksight", "ssm"):
            for shape in load_data(service, "service-2")["shapes"].values():
                if "pattern" in shape:
                    _pattern(shape["pattern"])("x")


def test_who_is_not_known_is_not_told_that_a_request_cannot_be_read() -> None:
    asked = {"x-amz-target": "DynamoDB_20120810.DescribeTable"}
    for enforced, code in ((True, "MissingAuthenticationTokenException"), (False, "SerializationException")):
        simulator = Simulator(enforcement=Enforcement(0 if enforced else None))
        answer = simulator.handle(HttpRequest("POST", "dynamodb.us-east-1.amazonaws.com", "/", "", asked, b"{"))
        assert json.loads(answer.body if isinstance(answer.body, bytes) else b"")["__type"].endswith(code)
