from __future__ import annotations

from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from iamsim import Simulator, enable_iam_authentication

TIMEOUT_S = 5


@pytest.mark.parametrize("style", ["path", "virtual"])
def test_presigned_reads_and_writes(aws: Simulator, bucket: str, style: str) -> None:
    config = Config(s3={"addressing_style": style}, signature_version="s3v4")
    client = boto3.client("s3", region_name="us-east-1", config=config)
    name = {"Bucket": bucket, "Key": "dir/a b.txt"}
    put = client.generate_presigned_url("put_object", Params=name | {"ContentType": "text/plain"})
    answer = requests.put(put, data=b"hello", headers={"Content-Type": "text/plain"}, timeout=TIMEOUT_S)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"5d41402abc4b2a76b9719d911017c592"')
    get = client.generate_presigned_url("get_object", Params=name | {"ResponseContentType": "image/png"})
    answer = requests.get(get, timeout=TIMEOUT_S)
    assert (answer.content, answer.headers["Content-Type"]) == (b"hello", "image/png")
    assert requests.get(get, headers={"Range": "bytes=1-2"}, timeout=TIMEOUT_S).content == b"el"
    delete = client.generate_presigned_url("delete_object", Params=name)
    assert requests.delete(delete, timeout=TIMEOUT_S).status_code == 204
    assert requests.get(get, timeout=TIMEOUT_S).status_code == 404


def test_a_presigned_url_is_checked(root_of: Any, s3: Any) -> None:
    owner = root_of("123456789012")
    owner.create_bucket(Bucket="presigned")
    owner.put_object(Bucket="presigned", Key="k", Body=b"1")
    url = owner.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "k"})
    with enable_iam_authentication():
        assert requests.get(url, timeout=TIMEOUT_S).content == b"1"
        refused = requests.get(url.replace("/k?", "/other?"), timeout=TIMEOUT_S)
        assert refused.status_code == 403
        assert "<Code>SignatureDoesNotMatch</Code>" in refused.text


def test_headers_in_a_presigned_url_count(root_of: Any, s3: Any) -> None:
    """Version 2 has them there, and so have the URLs that other SDKs make in version 4."""
    owner = root_of("123456789012")  # whose URLs are of version 2, as boto3 has it by default
    owner.create_bucket(Bucket="presigned")
    name = {"Bucket": "presigned", "Key": "k"}
    asked = name | {"Metadata": {"a": "b"}, "StorageClass": "STANDARD_IA", "Tagging": "x=y"}
    url = owner.generate_presigned_url("put_object", Params=asked)
    assert "x-amz-meta-a=b" in url
    with enable_iam_authentication():
        assert requests.put(url, data=b"1", timeout=TIMEOUT_S).status_code == 200
        found = owner.head_object(**name)
        assert (found["Metadata"], found["StorageClass"]) == ({"a": "b"}, "STANDARD_IA")
        assert owner.get_object_tagging(**name)["TagSet"] == []
    unsigned = "https://presigned.s3.amazonaws.com/plain?x-amz-meta-a=b"
    assert requests.put(unsigned, data=b"1", timeout=TIMEOUT_S).status_code == 200
    assert s3.head_object(Bucket="presigned", Key="plain")["Metadata"] == {}


def test_a_browsers_form(s3: Any, bucket: str) -> None:
    conditions = [{"acl": "bucket-owner-full-control"}, ["content-length-range", 1, 100]]
    post = s3.generate_presigned_post(
        bucket, "up/${filename}", Fields={"acl": "bucket-owner-full-control"}, Conditions=conditions
    )
    answer = requests.post(
        post["url"], data=post["fields"], files={"file": ("name.txt", b"from a form")}, timeout=TIMEOUT_S
    )
    assert answer.status_code == 204
    assert s3.get_object(Bucket=bucket, Key="up/name.txt")["Body"].read() == b"from a form"


@pytest.mark.parametrize("status", ["201", "200"])
def test_a_form_that_asks_for_a_status(s3: Any, bucket: str, status: str) -> None:
    fields = {"success_action_status": status}
    post = s3.generate_presigned_post(bucket, "k", Fields=dict(fields), Conditions=[fields])
    answer = requests.post(post["url"], data=post["fields"], files={"file": b"1"}, timeout=TIMEOUT_S)
    assert answer.status_code == int(status)
    if status == "201":
        assert "<PostResponse>" in answer.text
        assert f"<Bucket>{bucket}</Bucket><Key>k</Key>" in answer.text


def test_a_form_that_asks_for_a_redirect(s3: Any, bucket: str) -> None:
    fields = {"success_action_redirect": "https://example.com/done"}
    post = s3.generate_presigned_post(bucket, "k", Fields=dict(fields), Conditions=[fields])
    answer = requests.post(
        post["url"], data=post["fields"], files={"file": b"1"}, timeout=TIMEOUT_S, allow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"https://example.com/done?bucket={bucket}&key=k&etag=")


def test_errors_are_s3s_xml(s3: Any, bucket: str) -> None:
    answer = requests.get(f"https://{bucket}.s3.amazonaws.com/nothing", timeout=TIMEOUT_S)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/xml"
    assert "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>nothing</Key>" in (
        answer.text
    )


def test_not_modified_has_no_body(s3: Any, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    answer = requests.get(
        f"https://s3.us-east-1.amazonaws.com/{bucket}/k", headers={"If-None-Match": etag}, timeout=TIMEOUT_S
    )
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)


def test_the_conditions_of_a_read_without_a_signature(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    url = f"https://{bucket}.s3.amazonaws.com/k?response-content-type=image/png"
    answer = requests.get(url, timeout=TIMEOUT_S)
    assert answer.status_code == 400
    assert "Request specific response headers cannot be used for anonymous GET requests." in answer.text
