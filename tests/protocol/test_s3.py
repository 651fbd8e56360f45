"""S3 on the wire, where it differs from every other service."""

from __future__ import annotations

import io
import tracemalloc
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest

from iamsim.errors import ApiError
from iamsim.protocol import identify, parse, read_form, serialize
from iamsim.reference.service_model import loader, service_model
from iamsim.request import HttpRequest
from tests.protocol.wire import client

NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def read(method: str, target: str, headers: dict[str, str] | None = None, body: Any = b"") -> dict[str, Any]:
    path, _, query = target.partition("?")
    http = HttpRequest(method, "s3.amazonaws.com", path, query, headers or {}, body)
    return parse(identify(http), http)


def test_put_object_as_boto3_sends_it() -> None:
    s3, exchange = client("s3", lambda operation, params: {"ETag": '"e"', "VersionId": "v"})
    answer = s3.put_object(
        Bucket="my.bucket", Key="a//b/../c+ü d", Body=b"hello", Metadata={"Owner": "x,y"}, ContentEncoding="gzip"
    )
    assert (answer["ETag"], answer["VersionId"]) == ('"e"', "v")
    assert exchange.operation.name == "PutObject"
    params = exchange.params
    assert params["Bucket"] == "my.bucket"
    assert params["Key"] == "a//b/../c+ü d"
    assert params["Body"] == b"hello"
    assert params["Metadata"] == {"owner": "x,y"}
    assert params["ContentEncoding"] == "gzip"
    assert params["ContentLength"] == 5


def test_an_upload_in_chunks_has_its_trailer_as_a_parameter() -> None:
    s3, exchange = client("s3", lambda operation, params: {})
    s3.put_object(Bucket="bucket", Key="k", Body=io.BytesIO(b"hello"), ContentEncoding="gzip")
    assert exchange.http.headers["x-amz-content-sha256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    assert exchange.params["Body"] == b"hello"
    assert exchange.params["ChecksumCRC32"] == "NhCmhg=="
    assert exchange.params["ContentEncoding"] == "gzip"
    assert exchange.params["ContentLength"] == 5


SIGNED_CHUNKS = (
    b"5;chunk-signature=aa\r\nhello\r\n1;chunk-signature=bb\r\n!\r\n0;chunk-signature=cc\r\n"
    b"x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:dd\r\n\r\n"
)
CHUNKED = {
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "content-encoding": "aws-chunked",
    "content-length": "999",
    "x-amz-decoded-content-length": "6",
}


def test_signed_chunks_are_put_together_and_the_file_stays_where_it_was() -> None:
    body = io.BytesIO(SIGNED_CHUNKS)
    params = read("PUT", "/b/k", CHUNKED, body)
    assert params["Body"] == b"hello!"
    assert params["ChecksumCRC32"] == "AAAAAA=="
    assert params["ContentLength"] == 6
    assert "ContentEncoding" not in params
    assert body.read() == SIGNED_CHUNKS


@pytest.mark.parametrize("end", range(1, SIGNED_CHUNKS.index(b"x-amz-checksum")))
def test_a_body_that_ends_too_early_is_incomplete(end: int) -> None:
    with pytest.raises(ApiError) as caught:
        read("PUT", "/b/k", CHUNKED, SIGNED_CHUNKS[:end])
    assert caught.value.code == "IncompleteBody"


def test_a_large_upload_is_decoded_without_a_second_copy(tmp_path: Any) -> None:
    size, count = 1 << 20, 32
    file = tmp_path / "body"
    with file.open("wb") as out:
        for _ in range(count):
            out.write(b"%x\r\n%s\r\n" % (size, bytes(size)))
        out.write(b"0\r\n\r\n")
    with file.open("rb") as body:
        tracemalloc.start()
        params = read("PUT", "/b/k", {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}, body)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(params["Body"]) == size * count
    assert peak < 1.5 * size * count


def form(parts: list[tuple[str, bytes]]) -> bytes:
    body = b""
    for disposition, value in parts:
        body += b"--XX\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + value + b"\r\n"
    return body + b"--XX--\r\n"


def test_a_posted_form_is_a_put_object() -> None:
    body = form(
        [
            ('name="key"', b"up/${filename}"),
            ('name="acl"', b"public-read"),
            ('name="Content-Type"', b"text/plain"),
            ('name="x-amz-meta-a"', b"b"),
            ('name="tagging"', b"<Tagging><TagSet><Tag><Key>k 1</Key><Value>v</Value></Tag></TagSet></Tagging>"),
            ('name="policy"', b"eyJ9"),
            ('name="file"; filename="C:\\\\dir\\\\pic.png"', b"\r\n--data\r\n"),
            ('name="after"', b"ignored"),
        ]
    )
    headers = {"content-type": "multipart/form-data; boundary=XX"}
    params = read("POST", "/bucket", headers, body)
    assert params == {
        "Bucket": "bucket",
        "Key": "up/pic.png",
        "ACL": "public-read",
        "ContentType": "text/plain",
        "Metadata": {"a": "b"},
        "Tagging": "k+1=v",
        "ContentLength": 10,
        "Body": b"\r\n--data\r\n",
    }
    fields = read_form(HttpRequest("POST", "s3.amazonaws.com", "/bucket", "", headers, body)).fields
    assert fields["policy"] == "eyJ9"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([('name="key"', b"k")], "IncorrectNumberOfFilesInPostRequest"),
        ([('name="file"; filename="f"', b"k")], "InvalidArgument"),
    ],
)
def test_a_form_needs_a_key_and_a_file(parts: list[tuple[str, bytes]], code: str) -> None:
    with pytest.raises(ApiError) as caught:
        read("POST", "/bucket", {"content-type": "multipart/form-data; boundary=XX"}, form(parts))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("field", "status", "location", "body"),
    [
        (("x", b""), 204, "https://s3.amazonaws.com/bucket/a%20b", b""),
        (("success_action_status", b"200"), 200, "https://s3.amazonaws.com/bucket/a%20b", b""),
        (
            ("success_action_status", b"201"),
            201,
            "https://s3.amazonaws.com/bucket/a%20b",
            b'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>'
            b"<Location>https://s3.amazonaws.com/bucket/a%20b</Location><Bucket>bucket</Bucket><Key>a b</Key>"
            b"<ETag>&quot;e&quot;</ETag></PostResponse>",
        ),
        (
            ("success_action_redirect", b"https://example.com/done?x=y"),
            303,
            "https://example.com/done?x=y&bucket=bucket&key=a+b&etag=%22e%22",
            b"",
        ),
    ],
)
def test_a_form_is_answered_as_it_asks(field: tuple[str, bytes], status: int, location: str, body: bytes) -> None:
    parts = [('name="key"', b"a b"), (f'name="{field[0]}"', field[1]), ('name="file"', b"data")]
    headers = {"content-type": "multipart/form-data; boundary=XX"}
    operation = identify(HttpRequest("POST", "s3.amazonaws.com", "/bucket", "", headers, form(parts)))
    response = serialize(operation, {"ETag": '"e"'}, "r")
    assert (response.status, response.headers["Location"], response.body) == (status, location, body)


def test_a_client_that_shares_our_models_does_not_change_them() -> None:
    session = boto3.session.Session()
    session._session.register_component("data_loader", loader())
    made, exchange = client("s3", lambda operation, params: {}, session=session)
    for _ in range(2):
        made.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
        assert exchange.params["VersioningConfiguration"] == {"Status": "Enabled"}
        made.delete_object(Bucket="bucket", Key="k")
        assert exchange.params == {"Bucket": "bucket", "Key": "k"}
    assert service_model("s3").operation_model("DeleteObject").http["requestUri"] == "/{Bucket}/{Key+}"


def test_a_part_of_an_object_has_its_own_status() -> None:
    s3, _ = client("s3", lambda operation, params: {"Body": b"ab", "ContentRange": "bytes 0-1/9"})
    answer = s3.get_object(Bucket="bucket", Key="k", Range="bytes=0-1")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_metadata_that_is_not_ascii_is_encoded() -> None:
    s3, _ = client("s3", lambda operation, params: {"Metadata": {"a": "é", "b": "x\r\ny"}})
    assert s3.head_object(Bucket="bucket", Key="k")["Metadata"] == {"a": "=?UTF-8?B?w6k=?=", "b": "x y"}


def test_presigned_urls_are_requests_like_any_other() -> None:
    s3, _ = client("s3", lambda operation, params: {})
    url = s3.generate_presigned_url(
        "get_object", Params={"Bucket": "bucket", "Key": "a b", "ResponseContentType": "text/plain"}
    )
    host, _, rest = url.removeprefix("https://").partition("/")
    path, _, query = rest.partition("?")
    http = HttpRequest("GET", host, "/" + path, query)
    assert parse(identify(http), http) == {"Bucket": "bucket", "Key": "a b", "ResponseContentType": "text/plain"}


def test_xml_bodies_with_and_without_a_namespace() -> None:
    inner = (
        b"<Object><Key>a&amp;b</Key></Object><Object><Key>c</Key><VersionId>1</VersionId></Object><Quiet>true</Quiet>"
    )
    expected = {"Objects": [{"Key": "a&b"}, {"Key": "c", "VersionId": "1"}], "Quiet": True}
    for body in (
        b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' + inner + b"</Delete>",
        b'<?xml version="1.0" encoding="UTF-8"?><Delete>' + inner + b"</Delete>",
    ):
        assert read("POST", "/b?delete", {}, body)["Delete"] == expected


def test_a_grantees_type_is_an_attribute() -> None:
    grant = {"Grantee": {"Type": "CanonicalUser", "ID": "x"}, "Permission": "READ"}
    policy = {"Grants": [grant], "Owner": {"ID": "o"}}
    s3, exchange = client("s3", lambda operation, params: policy if operation.name == "GetBucketAcl" else {})
    s3.put_bucket_acl(Bucket="bucket", AccessControlPolicy=policy)
    assert exchange.params["AccessControlPolicy"] == policy
    assert s3.get_bucket_acl(Bucket="bucket")["Grants"] == [grant]


@pytest.mark.parametrize("region", [None, "eu-west-1"])
def test_the_location_is_the_root_element(region: str | None) -> None:
    s3, exchange = client("s3", lambda operation, params: {"LocationConstraint": region})
    assert s3.get_bucket_location(Bucket="bucket")["LocationConstraint"] == region
    assert b"<LocationConstraint xmlns=" in exchange.response.body  # type: ignore[operator]


def test_lists_have_their_names_and_milliseconds() -> None:
    result = {
        "Name": "bucket",
        "Contents": [{"Key": "a%20b", "LastModified": NOW, "Size": 1, "StorageClass": "STANDARD"}],
        "CommonPrefixes": [{"Prefix": "p/"}],
        "EncodingType": "url",
        "KeyCount": 2,
    }
    s3, exchange = client("s3", lambda operation, params: result)
    answer = s3.list_objects_v2(Bucket="bucket")
    assert answer["Contents"][0]["Key"] == "a b"
    assert answer["Contents"][0]["LastModified"] == NOW
    body = exchange.response.body
    assert isinstance(body, bytes)
    assert body.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    )
    assert b"<LastModified>2024-01-02T03:04:05.000Z</LastModified>" in body


def test_objects_may_come_as_a_stream() -> None:
    s3, _ = client("s3", lambda operation, params: {"Body": iter([b"ab", b"c"]), "ContentLength": 3})
    answer = s3.get_object(Bucket="bucket", Key="k")
    assert answer["Body"].read() == b"abc"
    assert answer["ContentLength"] == 3


def test_head_object_gives_the_length_of_what_it_does_not_send() -> None:
    result = {"ContentLength": 7, "LastModified": NOW, "Metadata": {"a": "b"}, "ETag": '"e"'}
    s3, exchange = client("s3", lambda operation, params: result)
    answer = s3.head_object(Bucket="bucket", Key="k")
    assert {name: answer[name] for name in result} == result
    assert exchange.response.headers["Content-Length"] == "7"


def test_select_answers_with_events() -> None:
    events = [
        {"Records": {"Payload": b"1,2\n"}},
        {"Stats": {"Details": {"BytesScanned": 4, "BytesProcessed": 4, "BytesReturned": 4}}},
        {"End": {}},
    ]
    s3, _ = client("s3", lambda operation, params: {"Payload": iter(events)})
    answer = s3.select_object_content(
        Bucket="bucket",
        Key="k",
        Expression="select *",
        ExpressionType="SQL",
        InputSerialization={"CSV": {}},
        OutputSerialization={"CSV": {}},
    )
    assert list(answer["Payload"]) == events


def test_an_answer_has_both_identifiers() -> None:
    http = HttpRequest("GET", "s3.amazonaws.com", "/")
    response = serialize(identify(http), {"Buckets": []}, "id")
    assert response.headers["x-amz-request-id"] == "id"
    assert len(response.headers["x-amz-id-2"]) == 76


@pytest.mark.parametrize(
    ("method", "target", "body", "code"),
    [
        ("PUT", "/b?tagging", b"<Tagging>", "MalformedXML"),
        ("PUT", "/b?tagging", b"\xff\xfe", "MalformedXML"),
        ("PUT", "/b?tagging", b'<!DOCTYPE x [<!ENTITY e "boo">]><Tagging>&e;</Tagging>', "MalformedXML"),
        ("PUT", "/b?versioning", b"<V><Status><a/></Status></V>", "MalformedXML"),
        ("GET", "/b?max-keys=x", b"", "InvalidArgument"),
        ("GET", "/b/%FF", b"", "InvalidURI"),
    ],
)
def test_what_s3_cannot_read(method: str, target: str, body: bytes, code: str) -> None:
    with pytest.raises(ApiError) as caught:
        read(method, target, {}, body)
    assert (caught.value.code, caught.value.status) == (code, 400)


def test_a_doctype_in_character_data_is_no_doctype() -> None:
    body = b"<Tagging><TagSet><Tag><Key>k</Key><Value><![CDATA[<!DOCTYPE x>]]></Value></Tag></TagSet></Tagging>"
    assert read("PUT", "/b?tagging", {}, body)["Tagging"] == {"TagSet": [{"Key": "k", "Value": "<!DOCTYPE x>"}]}
