"""Errors as boto3 shows them: code, message, status, class and further members, for every protocol."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from iamsim.errors import ApiError
from iamsim.protocol import identify, serialize_error
from iamsim.request import HttpRequest, Operation, Params
from tests.protocol.wire import client

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "sqs": ("get_queue_url", {"QueueName": "q"}),
    "iam": ("get_user", {"UserName": "u"}),
    "sns": ("list_topics", {}),
    "ec2": ("describe_instances", {}),
    "dynamodb": ("describe_table", {"TableName": "t"}),
    "kms": ("describe_key", {"KeyId": "k"}),
    "lambda": ("get_function", {"FunctionName": "f"}),
    "s3": ("get_object", {"Bucket": "bucket", "Key": "k"}),
    "s3control": ("list_jobs", {"AccountId": "123456789012"}),
    "route53": ("get_hosted_zone", {"Id": "z"}),
    "cloudwatch": ("get_dashboard", {"DashboardName": "d"}),
    "arc-region-switch": ("list_plans", {}),
}


def failure(service: str, error: ApiError, **options: Any) -> tuple[ClientError, Any]:
    def fail(operation: Operation, params: Params) -> None:
        raise error

    made, exchange = client(service, fail, **options)
    name, params = CALLS[service]
    with pytest.raises(ClientError) as caught:
        getattr(made, name)(**params)
    return caught.value, exchange


NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue"
BAD_VALUE = "InvalidParameterValueException"


@pytest.mark.parametrize(
    ("service", "given", "shown", "status", "name"),
    [
        ("sqs", "QueueDoesNotExist", NO_QUEUE, 400, "QueueDoesNotExist"),
        ("sqs", NO_QUEUE, NO_QUEUE, 400, "QueueDoesNotExist"),
        ("sqs", "InvalidAttributeName", "InvalidAttributeName", 400, "InvalidAttributeName"),
        ("sqs", "AccessDenied", "AccessDenied", 400, "ClientError"),
        ("iam", "NoSuchEntity", "NoSuchEntity", 404, "NoSuchEntityException"),
        ("iam", "NoSuchEntityException", "NoSuchEntity", 404, "NoSuchEntityException"),
        ("sns", "AuthorizationError", "AuthorizationError", 403, "AuthorizationErrorException"),
        ("ec2", "InvalidInstanceID.NotFound", "InvalidInstanceID.NotFound", 400, "ClientError"),
        ("dynamodb", "ResourceNotFoundException", "ResourceNotFoundException", 400, "ResourceNotFoundException"),
        ("kms", "NotFoundException", "NotFoundException", 400, "NotFoundException"),
        ("lambda", "ResourceNotFoundException", "ResourceNotFoundException", 404, "ResourceNotFoundException"),
        ("lambda", "AccessDeniedException", "AccessDeniedException", 400, "ClientError"),
        ("s3", "NoSuchBucket", "NoSuchBucket", 404, "NoSuchBucket"),
        ("s3", "NoSuchBucketPolicy", "NoSuchBucketPolicy", 404, "ClientError"),
        ("s3control", "NoSuchJob", "NoSuchJob", 400, "ClientError"),
        ("route53", "NoSuchHostedZone", "NoSuchHostedZone", 404, "NoSuchHostedZone"),
        ("cloudwatch", "ResourceNotFound", "ResourceNotFound", 404, None),
        ("cloudwatch", BAD_VALUE, "InvalidParameterValue", 400, BAD_VALUE),
        ("arc-region-switch", "AccessDeniedException", "AccessDeniedException", 403, "AccessDeniedException"),
    ],
)
def test_a_code_arrives_with_its_class_and_status(
    service: str, given: str, shown: str, status: int, name: str | None
) -> None:
    error, _ = failure(service, ApiError("what went <wrong> & why é", code=given))
    assert error.response["Error"]["Code"] == shown
    assert error.response["Error"]["Message"] == "what went <wrong> & why é"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert error.response["ResponseMetadata"]["RequestId"] == "request-1"
    assert name in (None, type(error).__name__)


def test_the_status_of_the_error_itself_comes_first() -> None:
    error, _ = failure("lambda", ApiError("no", code="AccessDeniedException", status=403))
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_old_client_of_sqs_gets_xml() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    http = HttpRequest("POST", "sqs.eu-west-1.amazonaws.com", "/", "", headers, b"Action=ListQueues&Version=2012-11-05")
    response = serialize_error(identify(http), ApiError("gone", code="QueueDoesNotExist"), "r")
    assert response.body == (
        b'<ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type>'
        b"<Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>gone</Message></Error>"
        b"<RequestId>r</RequestId></ErrorResponse>"
    )


def test_modelled_members_of_an_error_arrive() -> None:
    reasons = [{"Code": "ConditionalCheckFailed", "Item": {"a": {"B": b"x"}}}]
    fields = {"CancellationReasons": reasons}
    error, _ = failure("dynamodb", ApiError("no", code="TransactionCanceledException", fields=fields))
    assert error.response["CancellationReasons"] == reasons
    error, _ = failure("lambda", ApiError("slow", code="TooManyRequestsException", fields={"retryAfterSeconds": "7"}))
    assert error.response["retryAfterSeconds"] == "7"
    assert error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "7"


def test_s3_errors_have_their_own_elements() -> None:
    error, exchange = failure("s3", ApiError("no", code="NoSuchKey", fields={"Key": "a&b"}, headers={"x-amz-a": "b"}))
    assert error.response["Error"] == {"Code": "NoSuchKey", "Message": "no", "Key": "a&b"}
    assert error.response["ResponseMetadata"]["HostId"]
    assert error.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-a"] == "b"
    assert exchange.response.body.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>no</Message><Key>a&amp;b</Key>'
        b"<RequestId>request-1</RequestId><HostId>"
    )


def test_an_answer_to_head_has_no_body() -> None:
    made, exchange = client("s3", lambda operation, params: _raise(ApiError("no", code="NoSuchKey")))
    with pytest.raises(ClientError) as caught:
        made.head_object(Bucket="bucket", Key="k")
    assert caught.value.response["Error"]["Code"] == "404"
    assert exchange.response.body == b""


def test_not_modified_has_no_body() -> None:
    error, exchange = failure("s3", ApiError("", code="NotModified", headers={"ETag": '"e"'}))
    assert error.response["Error"]["Code"] == "304"
    assert exchange.response.body == b""


def test_ec2_and_query_bodies() -> None:
    _, exchange = failure("ec2", ApiError("no", code="UnauthorizedOperation", status=403))
    assert exchange.response.body == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>UnauthorizedOperation</Code>'
        b"<Message>no</Message></Error></Errors><RequestID>request-1</RequestID></Response>"
    )
    _, exchange = failure("iam", ApiError("no", code="AccessDenied", status=403))
    assert exchange.response.body == (
        b'<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>'
        b"<Code>AccessDenied</Code><Message>no</Message></Error><RequestId>request-1</RequestId></ErrorResponse>"
    )


def test_json_bodies() -> None:
    _, exchange = failure("kms", ApiError("no", code="AccessDeniedException"))
    assert exchange.response.body == b'{"__type":"AccessDeniedException","Message":"no"}'
    _, exchange = failure("lambda", ApiError("no", code="AccessDeniedException"))
    assert exchange.response.body == b'{"Message":"no"}'
    assert exchange.response.headers["x-amzn-ErrorType"] == "AccessDeniedException"
    _, exchange = failure("sqs", ApiError("no", code="AccessDenied", status=403))
    assert exchange.response.body == b'{"__type":"AccessDeniedException","Message":"no"}'
    assert exchange.response.headers["x-amzn-query-error"] == "AccessDenied;Sender"


def test_an_error_before_the_operation_is_known() -> None:
    response = serialize_error(None, ApiError("", code="UnknownOperationException", status=400), "r")
    assert response.body == b'{"__type":"UnknownOperationException","message":""}'


def _raise(error: ApiError) -> None:
    raise error
