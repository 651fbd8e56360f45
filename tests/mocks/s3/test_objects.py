from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from iamsim.errors import UnsupportedParameter

from .failing import code, failure


def test_an_object_comes_back_as_it_was_put(s3: Any, bucket: str) -> None:
    expires = datetime(2031, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    reply = s3.put_object(
        Bucket=bucket,
        Key="dir/key with ü and +",
        Body=b"hello",
        ContentType="text/plain",
        CacheControl="no-cache",
        ContentDisposition="attachment",
        ContentEncoding="gzip",
        ContentLanguage="de",
        Expires=expires,
        WebsiteRedirectLocation="/elsewhere",
        StorageClass="STANDARD_IA",
        Metadata={"colour": "red"},
    )
    assert reply["ETag"] == f'"{hashlib.md5(b"hello").hexdigest()}"'
    assert reply["ServerSideEncryption"] == "AES256"
    assert "VersionId" not in reply
    for read in (s3.get_object, s3.head_object):
        found = read(Bucket=bucket, Key="dir/key with ü and +")
        assert found["ContentLength"] == 5
        assert found["ContentType"] == "text/plain"
        assert found["CacheControl"] == "no-cache"
        assert found["ContentDisposition"] == "attachment"
        assert found["ContentEncoding"] == "gzip"
        assert found["ContentLanguage"] == "de"
        assert found["ExpiresString"].startswith("Thu, 02 Jan 2031")
        assert found["WebsiteRedirectLocation"] == "/elsewhere"
        assert found["StorageClass"] == "STANDARD_IA"
        assert found["Metadata"] == {"colour": "red"}
    assert s3.get_object(Bucket=bucket, Key="dir/key with ü and +")["Body"].read() == b"hello"


def test_the_body_is_a_stream(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"one\ntwo\nthree")
    body = s3.get_object(Bucket=bucket, Key="k")["Body"]
    assert body.read(3) == b"one"
    assert body.read() == b"\ntwo\nthree"
    assert list(s3.get_object(Bucket=bucket, Key="k")["Body"].iter_lines()) == [b"one", b"two", b"three"]


def test_an_object_that_is_not_there(s3: Any, bucket: str) -> None:
    error = failure(s3.get_object, Bucket=bucket, Key="nothing")
    assert (error["Code"], error["Message"], error["Key"], error["status"]) == (
        "NoSuchKey",
        "The specified key does not exist.",
        "nothing",
        404,
    )
    assert failure(s3.head_object, Bucket=bucket, Key="nothing")["Code"] == "404"
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=bucket, Key="nothing")
    assert s3.delete_object(Bucket=bucket, Key="nothing")["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.parametrize(
    ("asked", "body", "content_range"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=-50", b"0123456789", "bytes 0-9/10"),
        ("bytes=8-100", b"89", "bytes 8-9/10"),
    ],
)
def test_ranges(s3: Any, bucket: str, asked: str, body: bytes, content_range: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    found = s3.get_object(Bucket=bucket, Key="k", Range=asked)
    assert found["Body"].read() == body
    assert found["ContentRange"] == content_range
    assert found["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert s3.head_object(Bucket=bucket, Key="k", Range=asked)["ContentLength"] == len(body)


@pytest.mark.parametrize("asked", ["bytes=5-2", "lines=1-2", "bytes=0-1,3-4"])
def test_a_range_that_cannot_be_read_is_none(s3: Any, bucket: str, asked: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    assert s3.get_object(Bucket=bucket, Key="k", Range=asked)["ContentLength"] == 10


def test_a_range_beyond_the_end(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    error = failure(s3.get_object, Bucket=bucket, Key="k", Range="bytes=10-")
    assert (error["Code"], error["status"], error["ActualObjectSize"]) == ("InvalidRange", 416, "10")


def test_conditional_reads(s3: Any, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    written = s3.head_object(Bucket=bucket, Key="k")["LastModified"]
    earlier, later = written - timedelta(hours=1), written + timedelta(hours=1)
    read = {"Bucket": bucket, "Key": "k"}
    assert s3.get_object(**read, IfMatch=etag, IfUnmodifiedSince=earlier)["ETag"] == etag
    error = failure(s3.get_object, **read, IfMatch='"other"')
    assert (error["Code"], error["Condition"], error["status"]) == ("PreconditionFailed", "If-Match", 412)
    assert failure(s3.get_object, **read, IfUnmodifiedSince=earlier)["status"] == 412
    unchanged = failure(s3.get_object, **read, IfNoneMatch=etag)
    assert (unchanged["Code"], unchanged["status"]) == ("304", 304)
    assert unchanged["response"]["ResponseMetadata"]["HTTPHeaders"]["etag"] == etag
    assert failure(s3.head_object, **read, IfModifiedSince=written)["status"] == 304
    assert s3.get_object(**read, IfNoneMatch='"other"', IfModifiedSince=later)["ETag"] == etag


def test_conditional_writes(s3: Any, bucket: str) -> None:
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"1", IfMatch='"x"') == "NoSuchKey"
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    error = failure(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert (error["Code"], error["Condition"]) == ("PreconditionFailed", "If-None-Match")
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfMatch='"other"') == "PreconditionFailed"
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=etag)
    assert code(s3.put_object, Bucket=bucket, Key="k", IfNoneMatch='"x"') == "NotImplemented"
    assert code(s3.delete_object, Bucket=bucket, Key="k", IfMatch=etag) == "PreconditionFailed"
    s3.delete_object(Bucket=bucket, Key="k", IfMatch="*")


def test_overridden_headers(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1", ContentType="text/plain")
    found = s3.get_object(Bucket=bucket, Key="k", ResponseContentType="image/png", ResponseCacheControl="max-age=1")
    assert (found["ContentType"], found["CacheControl"]) == ("image/png", "max-age=1")


def test_deleting_many(s3: Any, bucket: str) -> None:
    for key in ("a", "b", "c"):
        s3.put_object(Bucket=bucket, Key=key)
    reply = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}, {"Key": "zzz"}]})
    assert sorted(each["Key"] for each in reply["Deleted"]) == ["a", "zzz"]
    assert "Errors" not in reply
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}], "Quiet": True})
    assert "Deleted" not in quiet
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["c"]
    many = [{"Key": str(number)} for number in range(1001)]
    assert code(s3.delete_objects, Bucket=bucket, Delete={"Objects": many}) == "MalformedXML"


def test_limits_of_keys_and_metadata(s3: Any, bucket: str) -> None:
    assert failure(s3.put_object, Bucket=bucket, Key="k" * 1025)["Size"] == "1025"
    s3.put_object(Bucket=bucket, Key="k" * 1024)
    assert code(s3.put_object, Bucket=bucket, Key="k", Metadata={"m": "v" * 2100}) == "MetadataTooLarge"
    assert code(s3.put_object, Bucket=bucket, Key="k", StorageClass="SHINY") == "InvalidStorageClass"


def test_copies(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="from/ü", Body=b"1", Metadata={"a": "1"}, ContentType="text/plain", Tagging="t=1")
    source = {"Bucket": bucket, "Key": "from/ü"}
    reply = s3.copy_object(Bucket=bucket, Key="copy", CopySource=source)
    assert reply["CopyObjectResult"]["ETag"] == s3.head_object(Bucket=bucket, Key="copy")["ETag"]
    kept = s3.get_object(Bucket=bucket, Key="copy")
    assert (kept["Metadata"], kept["ContentType"], kept["Body"].read()) == ({"a": "1"}, "text/plain", b"1")
    assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == [{"Key": "t", "Value": "1"}]
    s3.copy_object(
        Bucket=bucket,
        Key="other",
        CopySource=source,
        Metadata={"b": "2"},
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
        Tagging="u=2",
    )
    other = s3.head_object(Bucket=bucket, Key="other")
    assert (other["Metadata"], other["ContentType"]) == ({"b": "2"}, "binary/octet-stream")
    assert s3.get_object_tagging(Bucket=bucket, Key="other")["TagSet"] == [{"Key": "u", "Value": "2"}]


def test_copies_that_fail(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    itself = {"Bucket": bucket, "Key": "k", "CopySource": {"Bucket": bucket, "Key": "k"}}
    assert code(s3.copy_object, **itself) == "InvalidRequest"
    s3.copy_object(**itself, MetadataDirective="REPLACE", Metadata={"now": "here"})
    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"now": "here"}
    assert code(s3.copy_object, Bucket=bucket, Key="c", CopySource=f"{bucket}/none") == "NoSuchKey"
    assert code(s3.copy_object, Bucket=bucket, Key="c", CopySource="no-such-bucket/k") == "NoSuchBucket"
    assert code(s3.copy_object, Bucket=bucket, Key="c", CopySource="only-a-bucket") == "InvalidArgument"
    conditions = {"Bucket": bucket, "Key": "c", "CopySource": f"{bucket}/k", "CopySourceIfNoneMatch": "*"}
    assert code(s3.copy_object, **conditions) == "PreconditionFailed"


def test_an_archived_object_is_read_after_a_restore(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"cold", StorageClass="GLACIER")
    error = failure(s3.get_object, Bucket=bucket, Key="k")
    assert (error["Code"], error["StorageClass"]) == ("InvalidObjectState", "GLACIER")
    s3.restore_object(Bucket=bucket, Key="k", RestoreRequest={"Days": 2})
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"cold"
    assert 'ongoing-request="false"' in s3.head_object(Bucket=bucket, Key="k")["Restore"]
    s3.put_object(Bucket=bucket, Key="warm")
    assert code(s3.restore_object, Bucket=bucket, Key="warm", RestoreRequest={"Days": 2}) == "InvalidObjectState"


def test_object_attributes(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"12345", ChecksumAlgorithm="SHA256")
    found = s3.get_object_attributes(
        Bucket=bucket, Key="k", ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass", "ObjectParts"]
    )
    assert found["ObjectSize"] == 5
    assert found["StorageClass"] == "STANDARD"
    assert found["ETag"] == hashlib.md5(b"12345").hexdigest()
    assert set(found["Checksum"]) == {"ChecksumSHA256", "ChecksumType"}
    assert "ObjectParts" not in found


def test_a_parameter_without_an_effect_warns(s3: Any, bucket: str) -> None:
    with pytest.warns(UnsupportedParameter, match="`WriteOffsetBytes` of s3:PutObject"):
        s3.put_object(Bucket=bucket, Key="k", WriteOffsetBytes=3)


def test_an_operation_that_is_not_there_says_so(s3: Any, bucket: str) -> None:
    error = failure(s3.get_object_torrent, Bucket=bucket, Key="k")
    assert (error["Code"], error["status"]) == ("NotMocked", 501)


def test_metadata_loses_the_white_space_around_it_as_headers_do(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Metadata={"a": "  b  c "})
    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"a": "b  c"}
