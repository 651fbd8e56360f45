"""aiobotocore and aioboto3, in an environment that has them."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import enable_iam_authentication, mock_aws
from iamsim.testing import on_instance

aiobotocore = pytest.importorskip("aiobotocore")
from aiobotocore.config import AioConfig  # noqa: E402
from aiobotocore.session import get_session  # noqa: E402

EAST = {"region_name": "us-east-1"}
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class AsyncFile:
    """A file that only asynchronous code can read."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    async def read(self, n: int = -1) -> bytes:
        return self._file.read(n)


@mock_aws
async def bucket_with(body: Any, **options: Any) -> bytes:
    async with get_session().create_client("s3", **EAST, **options) as s3:
        await s3.create_bucket(Bucket="bucket")
        await s3.put_object(Bucket="bucket", Key="k", Body=body)
        answer = await s3.get_object(Bucket="bucket", Key="k")
        async with answer["Body"] as stream:
            read: bytes = await stream.read()
    return read


@pytest.mark.parametrize(
    "body", [b"bytes", b"", bytearray(b"array"), io.BytesIO(b"file"), AsyncFile(b"async" * 50_000)]
)
def test_bodies_come_back(body: Any) -> None:
    expected = (
        body._file.getvalue() if isinstance(body, AsyncFile) else bytes(getattr(body, "getvalue", lambda: body)())
    )
    assert asyncio.run(bucket_with(body, config=AioConfig(s3={"addressing_style": "path"}))) == expected


@mock_aws
def test_a_body_is_read_in_pieces_in_chunks_and_by_lines() -> None:
    async def story() -> None:
        async with get_session().create_client("s3", **EAST) as s3:
            await s3.create_bucket(Bucket="bucket")
            await s3.put_object(Bucket="bucket", Key="k", Body=b"one\ntwo\nthree")
            body = (await s3.get_object(Bucket="bucket", Key="k"))["Body"]
            assert await body.read(4) == b"one\n"
            assert await body.read() == b"two\nthree"
            body = (await s3.get_object(Bucket="bucket", Key="k"))["Body"]
            assert [piece async for piece in body.iter_chunks(5)] == [b"one\nt", b"wo\nth", b"ree"]
            body = (await s3.get_object(Bucket="bucket", Key="k"))["Body"]
            assert [line async for line in body.iter_lines()] == [b"one", b"two", b"three"]
            pages = s3.get_paginator("list_objects_v2").paginate(Bucket="bucket")
            assert [each["Key"] async for page in pages for each in page["Contents"]] == ["k"]

    asyncio.run(story())


def test_events_are_read() -> None:
    from aiobotocore.eventstream import AioEventStream
    from aiobotocore.parsers import create_parser
    from botocore.session import get_session as sync_session

    from iamsim.intercept.aio_boto import Raw
    from iamsim.protocol.event_stream import message

    body = b"".join(message({":event-type": name, ":message-type": "event"}, b"") for name in ("Cont", "End"))

    async def story() -> list[str]:
        model = sync_session().get_service_model("s3").operation_model("SelectObjectContent")
        shape = model.output_shape.members["Payload"]
        parser = create_parser("rest-xml")._event_stream_parser
        stream = AioEventStream(Raw("https://x", body), shape, parser, "SelectObjectContent")
        return [name async for event in stream for name in event]

    assert asyncio.run(story()) == ["Cont", "End"]


def test_a_client_made_before_the_mock_is_simulated() -> None:
    async def story() -> None:
        async with get_session().create_client("sqs", **EAST, **KEYS) as sqs:
            with mock_aws():
                url = (await sqs.create_queue(QueueName="early"))["QueueUrl"]
                assert boto3.client("sqs", **EAST).list_queues()["QueueUrls"] == [url]

    asyncio.run(story())


def test_a_client_without_credentials_is_simulated(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    async def story() -> None:
        async with get_session().create_client("sqs", **EAST) as sqs:
            with mock_aws():
                assert "QueueUrl" in await sqs.create_queue(QueueName="q")

    asyncio.run(story())


def test_all_is_put_back() -> None:
    from aiobotocore.httpsession import AIOHTTPSession
    from aiobotocore.signers import AioRequestSigner

    before = AIOHTTPSession.send, AioRequestSigner.get_auth_instance, AioRequestSigner.get_auth
    with mock_aws():
        assert AIOHTTPSession.send is not before[0]
    assert (AIOHTTPSession.send, AioRequestSigner.get_auth_instance, AioRequestSigner.get_auth) == before


@mock_aws
def test_what_is_denied_is_denied() -> None:
    keys = boto3.client("iam").create_access_key(UserName=_user())["AccessKey"]

    async def story() -> None:
        mine = {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"]}
        async with get_session().create_client("sqs", **EAST, **mine) as sqs:
            with pytest.raises(ClientError, match="is not authorized to perform: sqs:createqueue"):
                await sqs.create_queue(QueueName="q")
        async with get_session().create_client("sts", **EAST, **mine) as sts:
            assert (await sts.get_caller_identity())["Arn"] == "arn:aws:iam::123456789012:user/u"

    with enable_iam_authentication():
        asyncio.run(story())


def _user() -> str:
    boto3.client("iam").create_user(UserName="u")
    return "u"


@mock_aws
def test_a_long_poll_leaves_the_loop_to_others() -> None:
    async def story() -> str:
        async with get_session().create_client("sqs", **EAST) as sqs:
            url = (await sqs.create_queue(QueueName="q"))["QueueUrl"]
            waits = asyncio.create_task(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20))
            await asyncio.sleep(0)
            await sqs.send_message(QueueUrl=url, MessageBody="hello")
            body: str = (await asyncio.wait_for(waits, 10))["Messages"][0]["Body"]
            return body

    assert asyncio.run(story()) == "hello"


@mock_aws
def test_instance_metadata_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from aiobotocore.utils import AioInstanceMetadataFetcher

    assert asyncio.run(AioInstanceMetadataFetcher(num_attempts=1).retrieve_iam_role_credentials()) == {}


@mock_aws
def test_the_credentials_of_an_instance_are_found() -> None:
    iam, ec2 = boto3.client("iam"), boto3.client("ec2", **EAST)
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=document)
    iam.create_instance_profile(InstanceProfileName="app")
    iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    options = {"IamInstanceProfile": {"Name": "app"}, "MetadataOptions": {"HttpTokens": "required"}}
    launched = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, **options)["Instances"]

    async def story() -> str:
        async with get_session().create_client("sts", **EAST) as sts:
            arn: str = (await sts.get_caller_identity())["Arn"]
            return arn

    with on_instance(launched[0]["InstanceId"]):
        arn = asyncio.run(story())
    assert arn == f"arn:aws:sts::123456789012:assumed-role/app/{launched[0]['InstanceId']}"


@mock_aws
def test_aioboto3() -> None:
    aioboto3 = pytest.importorskip("aioboto3")

    async def story() -> None:
        session = aioboto3.Session()
        async with session.resource("s3", **EAST) as s3:
            await s3.create_bucket(Bucket="bucket")
            bucket = await s3.Bucket("bucket")
            await bucket.upload_fileobj(io.BytesIO(b"x" * 100_000), "k")
            into = io.BytesIO()
            await bucket.download_fileobj("k", into)
            assert into.getvalue() == b"x" * 100_000
            assert [each.key async for each in bucket.objects.all()] == ["k"]
        async with session.resource("dynamodb", **EAST) as dynamodb:
            table = await dynamodb.create_table(
                TableName="table",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
            await table.put_item(Item={"id": "1", "n": 2})
            assert (await table.get_item(Key={"id": "1"}))["Item"] == {"id": "1", "n": 2}

    asyncio.run(story())
