"""AWS's services over HTTP, called with boto3."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from iamsim.server import ServerThread
from tests.server.conftest import REGION, Keys, enforce

Client = Callable[..., Any]
User = Callable[..., Keys]


def bucket_of(client: Client) -> Any:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    return s3


def refusal(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


class TestS3:
    @pytest.mark.parametrize("key", ["plain", "a//b", "/leading", "//two", "a%2Fb", "a+b c/ü", "../up/./x", "q?a=b#c"])
    def test_keys_survive(self, client: Client, user: User, key: str) -> None:
        s3 = bucket_of(client)
        s3 = client("s3", user("s3:*"))
        s3.put_object(Bucket="bucket", Key=key, Body=b"hello")
        assert s3.get_object(Bucket="bucket", Key=key)["Body"].read() == b"hello"
        assert [found["Key"] for found in s3.list_objects_v2(Bucket="bucket")["Contents"]] == [key]

    def test_metadata_names_keep_their_underscores(self, client: Client, user: User) -> None:
        bucket_of(client)
        s3 = client("s3", user("s3:*"))
        s3.put_object(Bucket="bucket", Key="key", Metadata={"my_key": "1", "my-key": "2"})
        assert s3.head_object(Bucket="bucket", Key="key")["Metadata"] == {"my_key": "1", "my-key": "2"}

    def test_a_large_object_goes_both_ways(self, client: Client, user: User) -> None:
        bucket_of(client)
        s3 = client("s3", user("s3:*"))
        body = bytes(range(256)) * 20_000  # more than is kept in memory while it comes in
        s3.put_object(Bucket="bucket", Key="large", Body=body)
        assert s3.get_object(Bucket="bucket", Key="large")["Body"].read() == body
        assert s3.head_object(Bucket="bucket", Key="large")["ContentLength"] == len(body)
        part = s3.get_object(Bucket="bucket", Key="large", Range="bytes=256-511")
        assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
        assert part["Body"].read() == bytes(range(256))

    def test_multipart(self, client: Client, user: User) -> None:
        bucket_of(client)
        s3 = client("s3", user("s3:*"))
        upload = s3.create_multipart_upload(Bucket="bucket", Key="parts")["UploadId"]
        bodies = [b"a" * (5 << 20), b"the end"]
        named = {"Bucket": "bucket", "Key": "parts", "UploadId": upload}
        parts = [
            {"PartNumber": number, "ETag": s3.upload_part(**named, PartNumber=number, Body=body)["ETag"]}
            for number, body in enumerate(bodies, 1)
        ]
        s3.complete_multipart_upload(**named, MultipartUpload={"Parts": parts})
        assert s3.get_object(Bucket="bucket", Key="parts")["Body"].read() == b"".join(bodies)

    def test_presigned_urls(self, client: Client, user: User) -> None:
        bucket_of(client)
        s3 = client("s3", user("s3:PutObject", "s3:GetObject"), config=Config(signature_version="s3v4"))
        named = {"Bucket": "bucket", "Key": "a b/ü"}
        put = requests.put(s3.generate_presigned_url("put_object", Params=named), data=b"hello", timeout=10)
        assert put.status_code == 200
        url = s3.generate_presigned_url("get_object", Params=named)
        assert requests.get(url, timeout=10).content == b"hello"
        forged = requests.get(url.replace("a%20b", "a%20c"), timeout=10)
        assert forged.status_code == 403
        assert "SignatureDoesNotMatch" in forged.text

    def test_a_bucket_in_the_host_name(
        self, client: Client, user: User, server: ServerThread, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolve = socket.getaddrinfo
        names = {"bucket.localhost": "127.0.0.1", "localhost": "127.0.0.1"}  # not every machine resolves such names
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *rest, **more: resolve(names.get(host, host), *rest, **more)
        )
        bucket_of(client)  # by the address
        url = f"http://localhost:{server.port}"
        s3 = client("s3", user("s3:*"), endpoint_url=url, config=Config(s3={"addressing_style": "virtual"}))
        s3.put_object(Bucket="bucket", Key="/_iamsim/health", Body=b"hello")
        assert s3.get_object(Bucket="bucket", Key="/_iamsim/health")["Body"].read() == b"hello"

    def test_a_denied_upload_changes_nothing(self, client: Client, user: User) -> None:
        s3 = bucket_of(client)
        alice = client("s3", user("s3:PutObject", resource="arn:aws:s3:::bucket/own/*"))
        alice.put_object(Bucket="bucket", Key="own/file", Body=b"x" * (2 << 20))
        code, message = refusal(lambda: alice.put_object(Bucket="bucket", Key="other", Body=b"x" * (2 << 20)))
        assert code == "AccessDenied"
        assert "is not authorized to perform: s3:PutObject on resource" in message
        alice.put_object(Bucket="bucket", Key="own/file", Body=b"")  # the connection can still be used
        assert refusal(lambda: s3.list_objects_v2(Bucket="bucket"))[0] == "InvalidAccessKeyId"


class TestOtherServices:
    def test_dynamodb(self, client: Client, user: User) -> None:
        client("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        dynamodb = client("dynamodb", user("dynamodb:PutItem"))
        dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}})
        code, message = refusal(lambda: dynamodb.get_item(TableName="orders", Key={"id": {"S": "1"}}))
        assert code == "AccessDeniedException"
        assert message.endswith("because no identity-based policy allows the dynamodb:GetItem action")

    def test_queue_urls_name_the_server(self, client: Client, user: User, server: ServerThread) -> None:
        url = client("sqs").create_queue(QueueName="orders")["QueueUrl"]
        assert url == f"{server.url}/123456789012/orders"
        sqs = client("sqs", user("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:ListQueues"))
        text = "https://sqs.eu-central-1.amazonaws.com/123456789012/orders"
        sqs.send_message(QueueUrl=url, MessageBody=text)
        assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == text
        assert sqs.list_queues()["QueueUrls"] == [url]
        assert refusal(lambda: sqs.purge_queue(QueueUrl=url))[0] == "AccessDenied"

    def test_queue_urls_in_the_query_protocol(self, client: Client, server: ServerThread) -> None:
        client("sqs").create_queue(QueueName="orders")
        form = {"Action": "GetQueueUrl", "QueueName": "orders", "Version": "2012-11-05"}
        scope = "Credential=a/20260101/eu-central-1/sqs/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}
        answer = requests.post(server.url, data=form, headers=headers, timeout=10)
        assert f"<QueueUrl>{server.url}/123456789012/orders</QueueUrl>" in answer.text

    def test_sts(self, client: Client, user: User) -> None:
        assert client("sts", user()).get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/alice"
        assert refusal(lambda: client("sts").get_caller_identity())[0] == "InvalidClientTokenId"

    def test_iam_and_the_callers_address(self, client: Client, user: User, server: ServerThread) -> None:
        alice = client("iam", user("iam:CreateUser"))
        alice.create_user(UserName="bob")
        code, message = refusal(lambda: alice.delete_user(UserName="bob"))
        assert code == "AccessDenied"
        assert "user/alice is not authorized to perform: iam:DeleteUser on resource: user bob" in message
        context = server.simulator.decisions[-1].evaluation.access.context
        assert context["aws:SourceIp"] == "127.0.0.1"

    def test_enforcement_after_some_calls(self, client: Client, server: ServerThread) -> None:
        enforce(server, 2)
        sts = client("sts")
        sts.get_caller_identity()
        sts.get_caller_identity()
        assert refusal(lambda: sts.get_caller_identity())[0] == "InvalidClientTokenId"

    def test_an_operation_that_is_not_there(self, client: Client) -> None:
        code, message = refusal(lambda: client("braket").search_devices(filters=[]))
        assert code == "NotMocked"
        assert "braket" in message


def test_many_clients_at_once(client: Client, user: User) -> None:
    bucket_of(client)
    s3 = client("s3", user("s3:*"), config=Config(max_pool_connections=8))
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                body = f"{number}/{turn}".encode() * 1000
                s3.put_object(Bucket="bucket", Key=f"{number}/{turn}", Body=body)
                assert s3.get_object(Bucket="bucket", Key=f"{number}/{turn}")["Body"].read() == body
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] == 40
