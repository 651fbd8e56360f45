from __future__ import annotations

from typing import Any

import boto3

from .failing import code, failure


def test_a_new_bucket_has_no_versioning(s3: Any, bucket: str) -> None:
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_every_write_is_a_version(s3: Any, versioned: str) -> None:
    first = s3.put_object(Bucket=versioned, Key="k", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=versioned, Key="k", Body=b"2")["VersionId"]
    assert first != second
    newest = s3.get_object(Bucket=versioned, Key="k")
    assert (newest["Body"].read(), newest["VersionId"]) == (b"2", second)
    assert s3.get_object(Bucket=versioned, Key="k", VersionId=first)["Body"].read() == b"1"
    s3.delete_object(Bucket=versioned, Key="k", VersionId=second)
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"1"


def test_a_delete_marker(s3: Any, versioned: str) -> None:
    version = s3.put_object(Bucket=versioned, Key="k", Body=b"1")["VersionId"]
    deleted = s3.delete_object(Bucket=versioned, Key="k")
    assert deleted["DeleteMarker"] is True
    gone = failure(s3.get_object, Bucket=versioned, Key="k")
    headers = gone["response"]["ResponseMetadata"]["HTTPHeaders"]
    assert (gone["Code"], headers["x-amz-delete-marker"], headers["x-amz-version-id"]) == (
        "NoSuchKey",
        "true",
        deleted["VersionId"],
    )
    named = failure(s3.get_object, Bucket=versioned, Key="k", VersionId=deleted["VersionId"])
    assert (named["Code"], named["status"]) == ("MethodNotAllowed", 405)
    assert "Contents" not in s3.list_objects_v2(Bucket=versioned)
    assert s3.get_object(Bucket=versioned, Key="k", VersionId=version)["Body"].read() == b"1"
    undone = s3.delete_object(Bucket=versioned, Key="k", VersionId=deleted["VersionId"])
    assert (undone["DeleteMarker"], undone["VersionId"]) == (True, deleted["VersionId"])
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"1"


def test_the_null_version(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"new")
    assert s3.get_object(Bucket=bucket, Key="k", VersionId="null")["Body"].read() == b"old"
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"newest")["VersionId"] == "null"
    assert s3.get_object(Bucket=bucket, Key="k", VersionId="null")["Body"].read() == b"newest"
    assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 2
    assert s3.delete_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    listed = s3.list_object_versions(Bucket=bucket)
    assert (len(listed["Versions"]), len(listed["DeleteMarkers"])) == (1, 1)


def test_versions_that_are_not_there(s3: Any, versioned: str) -> None:
    s3.put_object(Bucket=versioned, Key="k")
    assert code(s3.get_object, Bucket=versioned, Key="k", VersionId="a" * 32) == "NoSuchVersion"
    assert code(s3.get_object, Bucket=versioned, Key="k", VersionId="short") == "InvalidArgument"
    assert s3.delete_object(Bucket=versioned, Key="k", VersionId="a" * 32)["VersionId"] == "a" * 32
    assert code(s3.delete_object, Bucket=versioned, Key="k", VersionId="short") == "InvalidArgument"
    several = s3.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "k", "VersionId": "short"}]})
    assert [(each["Code"], each["VersionId"]) for each in several["Errors"]] == [("NoSuchVersion", "short")]


def test_listing_versions_in_pages(s3: Any, versioned: str) -> None:
    for key in ("a", "b/1", "b/2", "c"):
        for _ in range(3):
            s3.put_object(Bucket=versioned, Key=key)
    s3.delete_object(Bucket=versioned, Key="c")
    whole = s3.list_object_versions(Bucket=versioned)
    assert [each["Key"] for each in whole["Versions"]] == ["a"] * 3 + ["b/1"] * 3 + ["b/2"] * 3 + ["c"] * 3
    assert [each["IsLatest"] for each in whole["Versions"]][:4] == [True, False, False, True]
    assert whole["DeleteMarkers"][0]["IsLatest"] is True
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=versioned, PaginationConfig={"PageSize": 2}))
    found = [each["VersionId"] for page in pages for each in page.get("Versions", [])]
    assert found == [each["VersionId"] for each in whole["Versions"]]
    grouped = s3.list_object_versions(Bucket=versioned, Delimiter="/", KeyMarker="a")
    assert [each["Prefix"] for each in grouped["CommonPrefixes"]] == ["b/"]
    assert {each["Key"] for each in grouped["Versions"]} == {"c"}
    assert code(s3.list_object_versions, Bucket=versioned, VersionIdMarker="x") == "InvalidArgument"


def test_deleting_many_versions(s3: Any, versioned: str) -> None:
    version = s3.put_object(Bucket=versioned, Key="k")["VersionId"]
    reply = s3.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "k"}]})["Deleted"][0]
    assert reply["DeleteMarker"] is True
    objects = [{"Key": "k", "VersionId": each} for each in (version, reply["DeleteMarkerVersionId"])]
    s3.delete_objects(Bucket=versioned, Delete={"Objects": objects})
    boto3.resource("s3", region_name="us-east-1").Bucket(versioned).delete()


def test_a_copy_of_a_version(s3: Any, versioned: str) -> None:
    version = s3.put_object(Bucket=versioned, Key="k", Body=b"1")["VersionId"]
    s3.put_object(Bucket=versioned, Key="k", Body=b"2")
    source = {"Bucket": versioned, "Key": "k", "VersionId": version}
    reply = s3.copy_object(Bucket=versioned, Key="k", CopySource=source)
    assert reply["CopySourceVersionId"] == version
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"1"


def test_a_delete_marker_cannot_be_copied(s3: Any, versioned: str) -> None:
    s3.put_object(Bucket=versioned, Key="k", Body=b"1")
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]
    source = {"Bucket": versioned, "Key": "k"}
    assert code(s3.copy_object, Bucket=versioned, Key="c", CopySource=source) == "NoSuchKey"
    error = failure(s3.copy_object, Bucket=versioned, Key="c", CopySource=source | {"VersionId": marker})
    assert (error["Code"], error["status"]) == ("InvalidRequest", 400)
    assert error["Message"] == (
        "The source of a copy request may not specifically refer to a delete marker by version id."
    )
