from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from iamsim import Simulator
from iamsim.clock import Clock

AT_NOON = datetime(2026, 1, 15, 12, tzinfo=timezone.utc).timestamp()


def rule(name: str, expiration: dict[str, Any], **chosen: Any) -> dict[str, Any]:
    return {"ID": name, "Status": "Enabled", "Filter": chosen, "Expiration": expiration}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("log/1", 'expiry-date="Mon, 19 Jan 2026 00:00:00 GMT", rule-id="three%20days"'),  # the midnight after 3 days
        ("log/urgent", 'expiry-date="Sat, 17 Jan 2026 00:00:00 GMT", rule-id="urgent"'),  # the first of two
        ("tagged", 'expiry-date="Thu, 01 Jan 2026 00:00:00 GMT", rule-id="by%20tag"'),
        ("other", None),
    ],
)
def test_reads_and_writes_tell_when_an_object_expires(
    aws: Simulator, s3: Any, bucket: str, key: str, expected: str | None
) -> None:
    aws.cloud.clock = Clock(at=AT_NOON)
    tagged = {"And": {"Tags": [{"Key": "a", "Value": "1"}], "ObjectSizeGreaterThan": 2}}
    rules = [
        rule("three days", {"Days": 3}, Prefix="log/"),
        rule("urgent", {"Days": 1}, Prefix="log/urgent"),
        rule("by tag", {"Date": datetime(2026, 1, 1, tzinfo=timezone.utc)}, **tagged),
        rule("off", {"Days": 1}, Prefix="") | {"Status": "Disabled"},
        rule("markers", {"ExpiredObjectDeleteMarker": True}, Prefix=""),
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    tags = "a=1" if key == "tagged" else ""
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key, Tagging=tags)["UploadId"]
    named = {"Bucket": bucket, "Key": key}
    part = s3.upload_part(**named, UploadId=upload, PartNumber=1, Body=b"1234")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    replies = [
        s3.complete_multipart_upload(**named, UploadId=upload, MultipartUpload=parts),
        s3.put_object(**named, Body=b"123", Tagging=tags),
        s3.copy_object(**named, CopySource=named, StorageClass="STANDARD_IA"),
        s3.head_object(**named),
        s3.get_object(**named),
    ]
    assert [reply.get("Expiration") for reply in replies] == [expected] * len(replies)


def test_versions_that_are_not_current_have_no_date(s3: Any, versioned: str) -> None:
    rules = [rule("all", {"Days": 3}, Prefix="")]
    s3.put_bucket_lifecycle_configuration(Bucket=versioned, LifecycleConfiguration={"Rules": rules})
    old = s3.put_object(Bucket=versioned, Key="k")["VersionId"]
    new = s3.put_object(Bucket=versioned, Key="k")["VersionId"]
    assert "Expiration" in s3.head_object(Bucket=versioned, Key="k", VersionId=new)
    assert "Expiration" not in s3.head_object(Bucket=versioned, Key="k", VersionId=old)
