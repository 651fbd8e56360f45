"""What `Content-Encoding` says of a body, for services other than S3."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from iamsim.errors import ApiError
from iamsim.protocol import identify, parse
from iamsim.request import HttpRequest

DOCUMENT = b'{"TableName":"orders"}'


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n" % (len(body), body)


TRAILER = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-decoded-content-length": "22"}


def read(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    headers = {"x-amz-target": "DynamoDB_20120810.DescribeTable", **headers}
    http = HttpRequest("POST", "dynamodb.eu-west-1.amazonaws.com", "/", "", headers, body)
    return parse(identify(http), http)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, DOCUMENT),
        ({"content-encoding": "gzip"}, gzip.compress(DOCUMENT, mtime=0)),
        ({"content-encoding": " GZIP "}, gzip.compress(DOCUMENT, mtime=0)),
        ({"content-encoding": "aws-chunked", **TRAILER}, chunked(DOCUMENT)),
        ({"content-encoding": "gzip,aws-chunked", **TRAILER}, chunked(gzip.compress(DOCUMENT, mtime=0))),
    ],
)
def test_the_body_is_read_as_it_was_before_its_encoding(headers: dict[str, str], body: bytes) -> None:
    assert read(headers, body) == {"TableName": "orders"}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-encoding": "gzip"}, DOCUMENT),
        ({"content-encoding": "gzip"}, gzip.compress(DOCUMENT, mtime=0)[:-9]),
        ({"content-encoding": "gzip"}, gzip.compress(bytes(65 << 20), mtime=0)),
        ({"content-encoding": "aws-chunked", **TRAILER}, chunked(DOCUMENT)[:-50]),
        ({"content-encoding": "aws-chunked", **TRAILER}, DOCUMENT),
    ],
)
def test_what_is_not_so_encoded_or_grows_too_large(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        read(headers, body)
    assert (caught.value.code, caught.value.status) == ("SerializationException", 400)
