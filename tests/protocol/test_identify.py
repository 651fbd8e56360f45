"""Which operation a request calls: by host, scope and form."""

from __future__ import annotations

import gzip

import pytest

from iamsim.errors import ApiError
from iamsim.protocol import identify, parse
from iamsim.request import HttpRequest
from tests.protocol.wire import client

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def signed(service: str, region: str = "eu-west-1") -> dict[str, str]:
    credential = f"AKIDEXAMPLE/20240101/{region}/{service}/aws4_request"
    return {"authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"}


def said(http: HttpRequest) -> tuple[str, str, str, str]:
    operation = identify(http)
    return operation.service, operation.name, operation.region, operation.partition


@pytest.mark.parametrize(
    ("host", "path", "bucket", "key", "region", "partition"),
    [
        ("s3.amazonaws.com", "/bucket/key", "bucket", "key", "us-east-1", "aws"),
        ("bucket.s3.amazonaws.com", "/key", "bucket", "key", "us-east-1", "aws"),
        ("my.dotted.bucket.s3.amazonaws.com", "/a/b", "my.dotted.bucket", "a/b", "us-east-1", "aws"),
        ("bucket.s3.eu-west-1.amazonaws.com", "/key", "bucket", "key", "eu-west-1", "aws"),
        ("bucket.s3-eu-west-1.amazonaws.com", "/key", "bucket", "key", "eu-west-1", "aws"),
        ("s3-us-west-2.amazonaws.com", "/bucket/key", "bucket", "key", "us-west-2", "aws"),
        ("bucket.s3.dualstack.eu-west-1.amazonaws.com", "/key", "bucket", "key", "eu-west-1", "aws"),
        ("bucket.s3-fips.us-gov-west-1.amazonaws.com", "/key", "bucket", "key", "us-gov-west-1", "aws-us-gov"),
        ("bucket.s3-accelerate.amazonaws.com", "/key", "bucket", "key", "us-east-1", "aws"),
        ("bucket.s3-accelerate.dualstack.amazonaws.com", "/key", "bucket", "key", "us-east-1", "aws"),
        ("bucket.s3.cn-north-1.amazonaws.com.cn", "/key", "bucket", "key", "cn-north-1", "aws-cn"),
        ("us-west-2.s3.eu-west-1.amazonaws.com", "/key", "us-west-2", "key", "eu-west-1", "aws"),
        ("b.bucket.vpce-1a-2b.s3.us-east-1.vpce.amazonaws.com", "/key", "b", "key", "us-east-1", "aws"),
        ("bucket.vpce-1a-2b.s3.us-east-1.vpce.amazonaws.com", "/b/key", "b", "key", "us-east-1", "aws"),
        ("bucket.localhost:5000", "/key", "bucket", "key", "us-east-1", "aws"),
        ("my.bucket.s3.test:5000", "/key", "my.bucket", "key", "us-east-1", "aws"),
        ("s3.localhost:5000", "/bucket/key", "bucket", "key", "us-east-1", "aws"),
        ("127.0.0.1:5000", "/bucket/key", "bucket", "key", "us-east-1", "aws"),
        ("localhost:5000", "/bucket/key", "bucket", "key", "us-east-1", "aws"),
        ("[::1]:5000", "/bucket/key", "bucket", "key", "us-east-1", "aws"),
        ("s3.amazonaws.com:443", "/bucket/key", "bucket", "key", "us-east-1", "aws"),
        (
            "s3.amazonaws.com",
            "/bucket//a//../b%2Bc%20d+e%C3%BC%252F",
            "bucket",
            "/a//../b+c d+eü%2F",
            "us-east-1",
            "aws",
        ),
        ("bucket.s3.amazonaws.com", "//key/", "bucket", "/key/", "us-east-1", "aws"),
        (
            "data-123456789012.s3-accesspoint.eu-west-1.amazonaws.com",
            "/key",
            "arn:aws:s3:eu-west-1:123456789012:accesspoint/data",
            "key",
            "eu-west-1",
            "aws",
        ),
        (
            "b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com",
            "/k",
            "b--use1-az4--x-s3",
            "k",
            "us-east-1",
            "aws",
        ),
    ],
)
def test_an_anonymous_s3_request_names_bucket_and_key_in_its_host_or_its_path(
    host: str, path: str, bucket: str, key: str, region: str, partition: str
) -> None:
    http = HttpRequest("GET", host, path)
    operation = identify(http)
    assert (operation.service, operation.name) == ("s3", "GetObject")
    assert (operation.region, operation.partition) == (region, partition)
    assert parse(operation, http) == {"Bucket": bucket, "Key": key}


@pytest.mark.parametrize(
    ("method", "target", "headers", "name"),
    [
        ("GET", "/", {}, "ListBuckets"),
        ("GET", "/?x-id=ListBuckets", {}, "ListBuckets"),
        ("GET", "/b", {}, "ListObjects"),
        ("GET", "/b/", {}, "ListObjects"),
        ("GET", "/b?list-type=2&prefix=a", {}, "ListObjectsV2"),
        ("GET", "/b?list-type=1", {}, "ListObjects"),
        ("HEAD", "/b", {}, "HeadBucket"),
        ("HEAD", "/b/k", {}, "HeadObject"),
        ("PUT", "/b?policy", {}, "PutBucketPolicy"),
        ("PUT", "/b?policy=", {}, "PutBucketPolicy"),
        ("GET", "/b?policyStatus", {}, "GetBucketPolicyStatus"),
        ("GET", "/b?lifecycle", {}, "GetBucketLifecycleConfiguration"),
        ("GET", "/b?analytics", {}, "ListBucketAnalyticsConfigurations"),
        ("GET", "/b?analytics&id=1", {}, "GetBucketAnalyticsConfiguration"),
        ("PUT", "/b/k", {}, "PutObject"),
        ("PUT", "/b/k?x-id=PutObject", {}, "PutObject"),
        ("PUT", "/b/k", {"x-amz-copy-source": "a/b"}, "CopyObject"),
        ("PUT", "/b/k?partNumber=1&uploadId=u", {}, "UploadPart"),
        ("PUT", "/b/k?partNumber=1&uploadId=u", {"x-amz-copy-source": "a/b"}, "UploadPartCopy"),
        ("GET", "/b/k?uploadId=u", {}, "ListParts"),
        ("POST", "/b/k?uploadId=u", {}, "CompleteMultipartUpload"),
        ("POST", "/b/k?uploads", {}, "CreateMultipartUpload"),
        ("DELETE", "/b/k?uploadId=u", {}, "AbortMultipartUpload"),
        ("DELETE", "/b/k?versionId=v", {}, "DeleteObject"),
        ("POST", "/b?delete", {}, "DeleteObjects"),
        ("GET", "/b/k?tagging", {}, "GetObjectTagging"),
        ("GET", "/b/k?acl&versionId=1", {}, "GetObjectAcl"),
        ("GET", "/b/k?response-content-type=text%2Fplain", {}, "GetObject"),
        ("POST", "/b", {"content-type": "multipart/form-data; boundary=x"}, "PutObject"),
    ],
)
def test_s3_operations_by_method_path_query_and_headers(
    method: str, target: str, headers: dict[str, str], name: str
) -> None:
    path, _, query = target.partition("?")
    assert said(HttpRequest(method, "s3.amazonaws.com", path, query, headers))[:2] == ("s3", name)


@pytest.mark.parametrize(
    ("http", "expected"),
    [
        (
            HttpRequest(
                "POST", "localhost:5000", "/", "", FORM, b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
            ),
            ("sts", "AssumeRoleWithWebIdentity", "us-east-1", "aws"),
        ),
        (
            HttpRequest("GET", "ec2.eu-west-1.amazonaws.com", "/", "Action=DescribeRegions&Version=2014-10-01"),
            ("ec2", "DescribeRegions", "eu-west-1", "aws"),
        ),
        (
            HttpRequest("GET", "sts.eu-central-1.amazonaws.com", "/", "Action=GetCallerIdentity&Version=2011-06-15"),
            ("sts", "GetCallerIdentity", "eu-central-1", "aws"),
        ),
        (
            HttpRequest(
                "POST", "localhost", "/", "", {**FORM, **signed("sqs")}, b"Action=ListQueues&Version=2012-11-05"
            ),
            ("sqs", "ListQueues", "eu-west-1", "aws"),
        ),
        (
            HttpRequest(
                "POST", "eu-west-1.queue.amazonaws.com", "/", "", FORM, b"Action=ListQueues&Version=2012-11-05"
            ),
            ("sqs", "ListQueues", "eu-west-1", "aws"),
        ),
        (
            HttpRequest("POST", "localhost", "/", "", {"x-amz-target": "AmazonSQS.ListQueues", **signed("sqs")}, b"{}"),
            ("sqs", "ListQueues", "eu-west-1", "aws"),
        ),
        (
            HttpRequest(
                "POST",
                "123456789012.ddb.eu-west-1.amazonaws.com",
                "/",
                "",
                {"x-amz-target": "DynamoDB_20120810.ListTables"},
            ),
            ("dynamodb", "ListTables", "eu-west-1", "aws"),
        ),
        (
            HttpRequest("GET", "123456789012.s3-control.us-west-2.amazonaws.com", "/v20180820/jobs"),
            ("s3control", "ListJobs", "us-west-2", "aws"),
        ),
        (
            HttpRequest("GET", "localhost:4566", "/v20180820/jobs", "", signed("s3")),
            ("s3control", "ListJobs", "eu-west-1", "aws"),
        ),
        (
            HttpRequest("POST", "iam.us-gov.amazonaws.com", "/", "", FORM, b"Action=ListUsers&Version=2010-05-08"),
            ("iam", "ListUsers", "us-gov-west-1", "aws-us-gov"),
        ),
        (
            HttpRequest(
                "POST",
                "localhost",
                "/",
                "",
                {**FORM, **signed("elasticloadbalancing")},
                b"Action=DescribeLoadBalancers&Version=2015-12-01",
            ),
            ("elbv2", "DescribeLoadBalancers", "eu-west-1", "aws"),
        ),
        (
            HttpRequest("GET", "localhost", "/v2/email/account", "", signed("ses", "cn-north-1")),
            ("sesv2", "GetAccount", "cn-north-1", "aws-cn"),
        ),
        (
            HttpRequest("POST", "localhost", "/service/GraniteServiceVersion20100801/operation/ListMetrics"),
            ("cloudwatch", "ListMetrics", "us-east-1", "aws"),
        ),
        (
            HttpRequest(
                "POST",
                "localhost",
                "/",
                "",
                {**FORM, **signed("monitoring"), "content-encoding": "gzip"},
                gzip.compress(b"Action=ListMetrics&Version=2010-08-01"),
            ),
            ("cloudwatch", "ListMetrics", "eu-west-1", "aws"),
        ),
        (
            HttpRequest(
                "GET",
                "localhost",
                "/bucket/key",
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20240101%2Feu-north-1%2Fs3%2Faws4_request",
            ),
            ("s3", "GetObject", "eu-north-1", "aws"),
        ),
        (
            HttpRequest(
                "GET",
                "point.accesspoint.s3-global.amazonaws.com",
                "/key",
                "",
                {
                    "authorization": "AWS4-ECDSA-P256-SHA256 Credential=AKID/20240101/s3/aws4_request, Signature=0",
                    "x-amz-region-set": "*",
                },
            ),
            ("s3", "GetObject", "us-east-1", "aws"),
        ),
        (
            HttpRequest("POST", "iam.amazonaws.com", "/", "", {}, b"Action=ListUsers&Version=2010-05-08"),
            ("iam", "ListUsers", "us-east-1", "aws"),
        ),
    ],
)
def test_requests_of_every_form_name_their_operation(http: HttpRequest, expected: tuple[str, str, str, str]) -> None:
    assert said(http) == expected


@pytest.mark.parametrize(
    ("http", "code", "status"),
    [
        (
            HttpRequest("POST", "localhost", "/", "", {"x-amz-target": "AmazonSQS.Nothing"}),
            "UnknownOperationException",
            400,
        ),
        (HttpRequest("POST", "localhost", "/", "", {"x-amz-target": "nothing"}), "UnknownOperationException", 400),
        (
            HttpRequest("POST", "iam.amazonaws.com", "/", "", FORM, b"Action=Nothing&Version=2010-05-08"),
            "InvalidAction",
            400,
        ),
        (HttpRequest("POST", "iam.amazonaws.com", "/", "", FORM, b"UserName=bob"), "MissingAction", 400),
        (HttpRequest("GET", "lambda.eu-west-1.amazonaws.com", "/nothing"), "UnknownOperationException", 404),
        (HttpRequest("GET", "abc.lambda-url.eu-west-1.on.aws", "/a/b"), "UnknownOperationException", 404),
        (HttpRequest("PATCH", "s3.amazonaws.com", "/bucket"), "MethodNotAllowed", 405),
        (HttpRequest("POST", "localhost", "/service/No/operation/Nothing"), "UnknownOperationException", 404),
        (HttpRequest("POST", "localhost", "/", "", {**FORM, "content-encoding": "gzip"}, b"x"), "MalformedInput", 400),
    ],
)
def test_a_request_that_fits_nothing_is_an_unknown_operation(http: HttpRequest, code: str, status: int) -> None:
    with pytest.raises(ApiError) as caught:
        identify(http)
    assert (caught.value.code, caught.value.status) == (code, status)


@pytest.mark.parametrize(
    ("host", "body", "message"),
    [
        ("iam", b"Action=No&Version=2010-05-08", "Could not find operation No for version 2010-05-08"),
        ("iam", b"Action=ListUsers", "Could not find operation ListUsers for version NO_VERSION_SPECIFIED"),
        ("ec2.eu-west-1", b"Action=No&Version=2016-11-15", "The action No is not valid for this web service."),
    ],
)
def test_an_action_that_a_service_does_not_have(host: str, body: bytes, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        identify(HttpRequest("POST", f"{host}.amazonaws.com", "/", "", FORM, body))
    assert (caught.value.code, caught.value.message) == ("InvalidAction", message)


def test_the_query_url_of_an_old_sqs_client_is_the_queue() -> None:
    body = b"Action=SendMessage&Version=2012-11-05&MessageBody=hi"
    body += b"&MessageAttribute.1.Name=a&MessageAttribute.1.Value.StringValue=b"
    http = HttpRequest("POST", "eu-west-1.queue.amazonaws.com", "/123456789012/q", "", FORM, body)
    operation = identify(http)
    assert operation.protocol == "query"
    assert parse(operation, http) == {
        "QueueUrl": "https://eu-west-1.queue.amazonaws.com/123456789012/q",
        "MessageBody": "hi",
        "MessageAttributes": {"a": {"StringValue": "b"}},
    }


def test_clients_of_services_that_share_a_signing_name_are_told_apart() -> None:
    for service, call, host in [
        ("apigatewayv2", "get_apis", ""),
        ("apigateway", "get_rest_apis", ""),
        ("bedrock", "list_guardrails", ""),
        ("bedrock-agent", "list_agents", ""),
        ("opensearch", "list_domain_names", ""),
        ("lexv2-models", "list_bots", ""),
        ("greengrassv2", "list_components", "http://localhost:5000"),
    ]:
        made, exchange = client(service, lambda operation, params: {}, endpoint_url=host or None)
        getattr(made, call)()
        assert exchange.operation.service == service


def test_one_operation_is_one_value() -> None:
    http = HttpRequest("GET", "lambda.eu-west-1.amazonaws.com", "/2015-03-31/functions", "", signed("lambda"))
    assert identify(http) is identify(http)
