from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from iamsim import Simulator

from .failing import code, failure


def test_a_bucket_in_the_first_region(s3: Any) -> None:
    reply = s3.create_bucket(Bucket="my-bucket")
    assert reply["Location"] == "/my-bucket"
    assert reply["BucketArn"] == "arn:aws:s3:::my-bucket"
    assert s3.get_bucket_location(Bucket="my-bucket")["LocationConstraint"] is None
    assert s3.head_bucket(Bucket="my-bucket")["BucketRegion"] == "us-east-1"


def test_a_bucket_in_another_region(s3: Any) -> None:
    west = boto3.client("s3", region_name="eu-west-1")
    assert failure(west.create_bucket, Bucket="b-1")["Message"] == (
        "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."
    )
    wrong = failure(west.create_bucket, Bucket="b-1", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert (wrong["Code"], wrong["status"]) == ("IllegalLocationConstraintException", 400)
    reply = west.create_bucket(Bucket="b-11", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert reply["Location"] == "http://b-11.s3.amazonaws.com/"
    assert s3.get_bucket_location(Bucket="b-11")["LocationConstraint"] == "eu-west-1"
    assert code(s3.create_bucket, Bucket="b-2", CreateBucketConfiguration={"LocationConstraint": "us-east-1"}) == (
        "InvalidLocationConstraint"
    )
    s3.create_bucket(Bucket="b-22", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"})
    assert s3.head_bucket(Bucket="b-22")["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "ap-south-1"


def test_making_a_bucket_again(s3: Any, bucket: str, root_of: Callable[..., Any]) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    s3.create_bucket(Bucket=bucket)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
    stranger = root_of()
    assert failure(stranger.create_bucket, Bucket=bucket)["BucketName"] == bucket
    assert code(stranger.create_bucket, Bucket=bucket) == "BucketAlreadyExists"
    place = {"LocationConstraint": "eu-west-1"}
    west = boto3.client("s3", region_name="eu-west-1")
    west.create_bucket(Bucket="western", CreateBucketConfiguration=place)
    again = failure(west.create_bucket, Bucket="western", CreateBucketConfiguration=place)
    assert (again["Code"], again["status"]) == ("BucketAlreadyOwnedByYou", 409)


@pytest.mark.parametrize("name", ["ab", "My-Bucket", "a..b", "192.168.5.4", "xn--b", "b-s3alias", "-ab", "under_score"])
def test_names_that_no_bucket_may_have(s3: Any, name: str) -> None:
    assert failure(s3.create_bucket, Bucket=name)["Message"] == "The specified bucket is not valid."


def test_a_bucket_that_is_not_there(s3: Any) -> None:
    error = failure(s3.list_objects_v2, Bucket="nobody-has-it")
    assert (error["Code"], error["Message"], error["BucketName"], error["status"]) == (
        "NoSuchBucket",
        "The specified bucket does not exist",
        "nobody-has-it",
        404,
    )
    assert (failure(s3.head_bucket, Bucket="nobody-has-it")["Code"]) == "404"
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.get_object(Bucket="nobody-has-it", Key="k")


def test_only_an_empty_bucket_can_be_deleted(s3: Any, versioned: str) -> None:
    s3.put_object(Bucket=versioned, Key="k", Body=b"1")
    s3.delete_object(Bucket=versioned, Key="k")
    assert failure(s3.delete_bucket, Bucket=versioned)["status"] == 409
    boto3.resource("s3", region_name="us-east-1").Bucket(versioned).object_versions.delete()
    s3.delete_bucket(Bucket=versioned)
    assert s3.list_buckets()["Buckets"] == []


def test_listing_buckets(s3: Any, root_of: Callable[..., Any]) -> None:
    for name in ("red-1", "red-2", "blue"):
        s3.create_bucket(Bucket=name)
    s3.create_bucket(Bucket="away", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    root_of().create_bucket(Bucket="foreign")
    assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["away", "blue", "red-1", "red-2"]
    assert [b["Name"] for b in s3.list_buckets(Prefix="red")["Buckets"]] == ["red-1", "red-2"]
    assert [b["Name"] for b in s3.list_buckets(BucketRegion="eu-north-1")["Buckets"]] == ["away"]
    pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 3})
    assert [[b["Name"] for b in page["Buckets"]] for page in pages] == [["away", "blue", "red-1"], ["red-2"]]
    assert code(s3.list_buckets, ContinuationToken="***") == "InvalidArgument"


def test_the_expected_owner(s3: Any, bucket: str) -> None:
    s3.head_bucket(Bucket=bucket, ExpectedBucketOwner="123456789012")
    error = failure(s3.get_bucket_acl, Bucket=bucket, ExpectedBucketOwner="210987654321")
    assert (error["Code"], error["Message"], error["status"]) == ("AccessDenied", "Access Denied", 403)


def test_buckets_can_be_saved_and_loaded(aws: Simulator, s3: Any, versioned: str) -> None:
    s3.put_object(Bucket=versioned, Key="k", Body=b"1", Tagging="a=b")
    s3.create_multipart_upload(Bucket=versioned, Key="k")
    aws.cloud.resources = pickle.loads(pickle.dumps(aws.cloud.resources))
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"1"
    assert len(s3.list_multipart_uploads(Bucket=versioned)["Uploads"]) == 1


def test_waiters(s3: Any, bucket: str) -> None:
    s3.get_waiter("bucket_exists").wait(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k")
    s3.get_waiter("object_exists").wait(Bucket=bucket, Key="k")
    s3.get_waiter("object_not_exists").wait(Bucket=bucket, Key="none")
    s3.get_waiter("bucket_not_exists").wait(Bucket="no-such-bucket")


def test_a_bucket_answers_in_every_region(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    far = boto3.client("s3", region_name="ap-southeast-2")
    assert far.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_access_points_are_not_mocked(s3: Any) -> None:
    arn = "arn:aws:s3:us-east-1:123456789012:accesspoint/point"
    assert failure(s3.get_object, Bucket=arn, Key="k")["status"] == 501


def test_the_resource_api(s3: Any, bucket: str) -> None:
    resource = boto3.resource("s3", region_name="us-east-1")
    things = resource.Bucket(bucket)
    things.put_object(Key="a", Body=b"A")
    resource.Object(bucket, "b").put(Body=b"B")
    assert sorted(each.key for each in things.objects.all()) == ["a", "b"]
    assert resource.Object(bucket, "a").get()["Body"].read() == b"A"
    assert things.creation_date is not None
    things.objects.all().delete()
    assert list(things.objects.all()) == []
    things.delete()
    assert list(resource.buckets.all()) == []


def test_namespaces_of_bucket_names(s3: Any) -> None:
    s3.create_bucket(Bucket="in-the-global-one", BucketNamespace="global")
    refused = failure(s3.create_bucket, Bucket="in-my-own", BucketNamespace="account-regional")
    assert (refused["Code"], refused["status"]) == ("NotMocked", 501)


def test_what_a_simulation_need_not_ask_for_does_not_warn(s3: Any, versioned: str) -> None:
    s3.put_bucket_notification_configuration(
        Bucket=versioned, NotificationConfiguration={}, SkipDestinationValidation=True
    )
    policy = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": f"arn:aws:s3:::{versioned}"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    s3.put_bucket_policy(Bucket=versioned, Policy=document, ConfirmRemoveSelfBucketAccess=True)
    lock = {"ObjectLockEnabled": "Enabled"}
    s3.put_object_lock_configuration(Bucket=versioned, ObjectLockConfiguration=lock, Token="t")
