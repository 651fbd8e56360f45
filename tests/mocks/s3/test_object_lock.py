from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from .failing import code, failure

FUTURE = datetime(2099, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def locked(s3: Any) -> str:
    s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    return "locked"


def test_a_bucket_with_the_lock_is_versioned(s3: Any, locked: str) -> None:
    assert s3.get_bucket_versioning(Bucket=locked)["Status"] == "Enabled"
    assert s3.get_object_lock_configuration(Bucket=locked)["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled"
    }
    error = failure(s3.put_bucket_versioning, Bucket=locked, VersioningConfiguration={"Status": "Suspended"})
    assert (error["Code"], error["status"]) == ("InvalidBucketState", 409)


def test_a_bucket_without_the_lock(s3: Any, bucket: str) -> None:
    assert code(s3.get_object_lock_configuration, Bucket=bucket) == "ObjectLockConfigurationNotFoundError"
    s3.put_object(Bucket=bucket, Key="k")
    assert failure(s3.get_object_retention, Bucket=bucket, Key="k")["Message"] == (
        "Bucket is missing Object Lock Configuration"
    )
    assert code(s3.put_object, Bucket=bucket, Key="k", ObjectLockLegalHoldStatus="ON") == "InvalidRequest"
    on = {"ObjectLockEnabled": "Enabled"}
    assert code(s3.put_object_lock_configuration, Bucket=bucket, ObjectLockConfiguration=on) == "InvalidBucketState"


def test_a_legal_hold(s3: Any, locked: str) -> None:
    version = s3.put_object(Bucket=locked, Key="k")["VersionId"]
    assert code(s3.get_object_legal_hold, Bucket=locked, Key="k") == "NoSuchObjectLockConfiguration"
    s3.put_object_legal_hold(Bucket=locked, Key="k", LegalHold={"Status": "ON"})
    assert s3.get_object_legal_hold(Bucket=locked, Key="k")["LegalHold"] == {"Status": "ON"}
    assert s3.head_object(Bucket=locked, Key="k")["ObjectLockLegalHoldStatus"] == "ON"
    error = failure(s3.delete_object, Bucket=locked, Key="k", VersionId=version)
    assert (error["Code"], error["Message"]) == (
        "AccessDenied",
        "Access Denied because object protected by object lock.",
    )
    assert s3.delete_object(Bucket=locked, Key="k")["DeleteMarker"] is True
    s3.put_object_legal_hold(Bucket=locked, Key="k", VersionId=version, LegalHold={"Status": "OFF"})
    s3.delete_object(Bucket=locked, Key="k", VersionId=version)


def test_governance_and_compliance(s3: Any, locked: str) -> None:
    put = {"Bucket": locked, "ObjectLockRetainUntilDate": FUTURE}
    governed = s3.put_object(**put, Key="g", ObjectLockMode="GOVERNANCE")["VersionId"]
    complied = s3.put_object(**put, Key="c", ObjectLockMode="COMPLIANCE")["VersionId"]
    assert s3.get_object_retention(Bucket=locked, Key="g")["Retention"] == {
        "Mode": "GOVERNANCE",
        "RetainUntilDate": FUTURE,
    }
    assert s3.head_object(Bucket=locked, Key="c")["ObjectLockMode"] == "COMPLIANCE"
    assert code(s3.delete_object, Bucket=locked, Key="g", VersionId=governed) == "AccessDenied"
    shorter = {"Mode": "GOVERNANCE", "RetainUntilDate": FUTURE - timedelta(days=1)}
    assert code(s3.put_object_retention, Bucket=locked, Key="g", Retention=shorter) == "AccessDenied"
    s3.put_object_retention(Bucket=locked, Key="g", Retention=shorter, BypassGovernanceRetention=True)
    longer = {"Mode": "COMPLIANCE", "RetainUntilDate": FUTURE + timedelta(days=1)}
    s3.put_object_retention(Bucket=locked, Key="c", Retention=longer)
    weaker = {"Bucket": locked, "Key": "c", "Retention": shorter, "BypassGovernanceRetention": True}
    assert code(s3.put_object_retention, **weaker) == "AccessDenied"
    s3.delete_object(Bucket=locked, Key="g", VersionId=governed, BypassGovernanceRetention=True)
    bypass = {"Bucket": locked, "Key": "c", "VersionId": complied, "BypassGovernanceRetention": True}
    assert code(s3.delete_object, **bypass) == "AccessDenied"
    objects = {"Objects": [{"Key": "c", "VersionId": complied}]}
    errors = s3.delete_objects(Bucket=locked, Delete=objects)["Errors"]
    assert (errors[0]["Code"], errors[0]["Key"]) == ("AccessDenied", "c")


def test_the_default_retention(s3: Any, locked: str) -> None:
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 3}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket=locked, ObjectLockConfiguration=configuration)
    assert s3.get_object_lock_configuration(Bucket=locked)["ObjectLockConfiguration"] == configuration
    s3.put_object(Bucket=locked, Key="k")
    head = s3.head_object(Bucket=locked, Key="k")
    assert head["ObjectLockMode"] == "GOVERNANCE"
    assert head["ObjectLockRetainUntilDate"] - head["LastModified"] == timedelta(days=3)
    both = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1, "Years": 1}}}
    assert code(s3.put_object_lock_configuration, Bucket=locked, ObjectLockConfiguration=both) == "MalformedXML"


def test_retention_that_makes_no_sense(s3: Any, locked: str) -> None:
    past = datetime(2001, 1, 1, tzinfo=timezone.utc)
    put = {"Bucket": locked, "Key": "k", "ObjectLockMode": "GOVERNANCE"}
    assert failure(s3.put_object, **put, ObjectLockRetainUntilDate=past)["Message"] == (
        "The retain until date must be in the future!"
    )
    assert code(s3.put_object, **put) == "InvalidArgument"
