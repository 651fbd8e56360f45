from __future__ import annotations

from typing import Any

from .failing import code, failure


def tags(**pairs: str) -> dict[str, Any]:
    return {"TagSet": [{"Key": key, "Value": value} for key, value in pairs.items()]}


def test_tags_of_an_object(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Tagging="b=2&a=1%202")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == tags(a="1 2", b="2")["TagSet"]
    assert s3.head_object(Bucket=bucket, Key="k")["TagCount"] == 2
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging=tags(c="3"))
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == tags(c="3")["TagSet"]
    assert s3.delete_object_tagging(Bucket=bucket, Key="k")["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    assert code(s3.get_object_tagging, Bucket=bucket, Key="nothing") == "NoSuchKey"


def test_tags_of_a_version(s3: Any, versioned: str) -> None:
    first = s3.put_object(Bucket=versioned, Key="k", Tagging="n=1")["VersionId"]
    s3.put_object(Bucket=versioned, Key="k", Tagging="n=2")
    s3.put_object_tagging(Bucket=versioned, Key="k", VersionId=first, Tagging=tags(n="one"))
    assert s3.get_object_tagging(Bucket=versioned, Key="k", VersionId=first)["TagSet"] == tags(n="one")["TagSet"]
    assert s3.get_object_tagging(Bucket=versioned, Key="k")["TagSet"] == tags(n="2")["TagSet"]


def test_limits_of_tags(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k")
    put = {"Bucket": bucket, "Key": "k"}
    many = failure(s3.put_object_tagging, **put, Tagging=tags(**{f"k{n}": "v" for n in range(11)}))
    assert (many["Code"], many["Message"]) == ("BadRequest", "Object tags cannot be greater than 10")
    twice = {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}
    assert failure(s3.put_object_tagging, **put, Tagging=twice)["Message"] == (
        "Cannot provide multiple Tags with the same key"
    )
    assert code(s3.put_object_tagging, **put, Tagging=tags(**{"k" * 129: "v"})) == "InvalidTag"
    assert code(s3.put_object_tagging, **put, Tagging=tags(**{"aws:k": "v"})) == "InvalidTag"
    assert code(s3.put_object, **put, Tagging="a=1&a=2") == "InvalidArgument"
    assert code(s3.put_bucket_tagging, Bucket=bucket, Tagging=tags(**{f"k{n}": "v" for n in range(51)})) == "BadRequest"


def test_tags_of_a_bucket(s3: Any, bucket: str) -> None:
    assert failure(s3.get_bucket_tagging, Bucket=bucket)["Message"] == "The TagSet does not exist"
    s3.put_bucket_tagging(Bucket=bucket, Tagging=tags(a="1"))
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags(a="1")["TagSet"]
    s3.delete_bucket_tagging(Bucket=bucket)
    assert code(s3.get_bucket_tagging, Bucket=bucket) == "NoSuchTagSet"
    configuration = {"Tags": [{"Key": "made", "Value": "here"}]}
    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration=configuration)
    assert s3.get_bucket_tagging(Bucket="tagged")["TagSet"] == tags(made="here")["TagSet"]
