"""httpx, in an environment that has it."""

from __future__ import annotations

import asyncio

import boto3
import pytest

from iamsim import mock_aws

httpx = pytest.importorskip("httpx")
EAST = {"region_name": "us-east-1"}


def presigned(operation: str) -> str:
    s3 = boto3.client("s3", **EAST)
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="a b/ü", Body=b"hello", Metadata={"word": "x"})
    url: str = s3.generate_presigned_url(operation, Params={"Bucket": "bucket", "Key": "a b/ü"})
    return url


@mock_aws
def test_a_presigned_url_is_read_and_written() -> None:
    answer = httpx.get(presigned("get_object"))
    assert (answer.status_code, answer.content) == (200, b"hello")
    assert answer.headers["x-amz-meta-word"] == "x"
    assert httpx.put(presigned("put_object"), content=iter([b"n", b"ew"])).status_code == 200
    assert boto3.client("s3", **EAST).get_object(Bucket="bucket", Key="a b/ü")["Body"].read() == b"new"
    assert httpx.head(presigned("head_object")).headers["content-length"] == "5"


@mock_aws
def test_a_response_is_streamed() -> None:
    with httpx.stream("GET", presigned("get_object")) as answer:
        assert b"".join(answer.iter_bytes(2)) == b"hello"


@mock_aws
def test_asynchronous_requests() -> None:
    async def story() -> None:
        async with httpx.AsyncClient() as client:
            url = presigned("get_object")
            answers = await asyncio.gather(*(client.get(url) for _ in range(3)))
            assert [each.content for each in answers] == [b"hello"] * 3
            async with client.stream("GET", url) as answer:
                assert await answer.aread() == b"hello"

    asyncio.run(story())


@mock_aws
def test_instance_metadata_is_refused() -> None:
    with pytest.raises(httpx.ConnectError, match="this process runs on no simulated instance"):
        httpx.get("http://169.254.169.254/latest/meta-data/")


def test_a_client_made_before_the_mock_is_simulated() -> None:
    before = httpx.HTTPTransport.handle_request
    with httpx.Client() as client, mock_aws():
        assert client.get(presigned("get_object")).content == b"hello"
    assert httpx.HTTPTransport.handle_request is before
