"""The standard library's HTTP client."""

from __future__ import annotations

import http.client
import socket
import urllib.error
import urllib.request

import boto3
import pytest

from iamsim import UsageError, enable_iam_authentication, mock_aws

EAST = {"region_name": "us-east-1"}
QUERY = "Action=GetCallerIdentity&Version=2011-06-15"


def presigned(operation: str = "get_object", **params: str) -> str:
    s3 = boto3.client("s3", **EAST)
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="a b", Body=b"hello")
    url: str = s3.generate_presigned_url(operation, Params={"Bucket": "bucket", "Key": "a b", **params})
    return url


@mock_aws
def test_urllib_reads_a_presigned_url() -> None:
    with urllib.request.urlopen(presigned(), timeout=5) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Length"] == "5"
        assert answer.read() == b"hello"


@mock_aws
def test_urllib_writes_to_a_presigned_url() -> None:
    request = urllib.request.Request(presigned("put_object"), data=b"new", method="PUT")
    request.add_header("Content-Type", "")
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200
    assert boto3.client("s3", **EAST).get_object(Bucket="bucket", Key="a b")["Body"].read() == b"new"


@mock_aws
def test_urllib_raises_errors_as_such() -> None:
    url = presigned()
    keys = boto3.client("sts", **EAST)
    assert keys
    with enable_iam_authentication(), pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(url, timeout=5)
    assert raised.value.code == 403
    assert b"<Code>InvalidAccessKeyId</Code>" in raised.value.read()
    raised.value.close()


@mock_aws
def test_a_connection_is_used_again() -> None:
    connection = http.client.HTTPSConnection("sts.us-east-1.amazonaws.com")
    for _ in range(2):
        connection.request("GET", f"/?{QUERY}")
        answer = connection.getresponse()
        assert answer.status == 200
        assert b"arn:aws:iam::123456789012:root" in answer.read()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/", body=iter([QUERY[:10].encode(), QUERY[10:].encode()]), headers=form)  # in chunks
    assert connection.getresponse().status == 200
    connection.request("HEAD", f"/?{QUERY}")
    assert connection.getresponse().read() == b""
    connection.close()


@mock_aws
def test_a_proxy_is_no_way_out() -> None:
    tunnel = http.client.HTTPSConnection("proxy.invalid", 3128)
    tunnel.set_tunnel("sts.us-east-1.amazonaws.com")
    tunnel.request("GET", f"/?{QUERY}")
    assert tunnel.getresponse().status == 200
    plain = http.client.HTTPConnection("proxy.invalid", 3128)
    plain.request("GET", f"http://sts.us-east-1.amazonaws.com/?{QUERY}")
    assert plain.getresponse().status == 200
    tunnel.close()
    plain.close()


@mock_aws
def test_instance_metadata_is_refused() -> None:
    with pytest.raises(urllib.error.URLError, match="this process runs on no simulated instance"):
        urllib.request.urlopen("http://169.254.169.254/latest/meta-data/", timeout=1)
    with pytest.raises(OSError, match="this process runs on no simulated instance"):
        socket.create_connection(("169.254.169.254", 80), timeout=1)


@mock_aws
def test_a_bare_connection_is_refused() -> None:
    with pytest.raises(UsageError, match=r"a connection to `sqs.us-east-1.amazonaws.com` was refused"):
        socket.create_connection(("sqs.us-east-1.amazonaws.com", 443), timeout=5)


def test_all_is_put_back() -> None:
    before = http.client.HTTPConnection.putrequest
    with mock_aws():
        assert http.client.HTTPConnection.putrequest is not before
    assert http.client.HTTPConnection.putrequest is before
