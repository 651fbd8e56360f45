from __future__ import annotations

import json
from typing import Any

import pytest

from .failing import code, failure

RULE = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}
QUEUE = "arn:aws:sqs:us-east-1:123456789012:queue"
ROLE = "arn:aws:iam::123456789012:role/replicator"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("get_bucket_cors", "NoSuchCORSConfiguration"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
        ("get_bucket_tagging", "NoSuchTagSet"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
    ],
)
def test_what_is_said_when_there_is_none(s3: Any, bucket: str, name: str, error: str) -> None:
    found = failure(getattr(s3, name), Bucket=bucket)
    assert (found["Code"], found["status"], found["BucketName"]) == (error, 404, bucket)


@pytest.mark.parametrize(
    ("name", "member", "expected"),
    [
        ("get_bucket_request_payment", "Payer", "BucketOwner"),
        ("get_bucket_accelerate_configuration", "Status", None),
        ("get_bucket_logging", "LoggingEnabled", None),
        ("get_bucket_notification_configuration", "QueueConfigurations", None),
        ("get_bucket_abac", "AbacStatus", {"Status": "Disabled"}),
        (
            "get_public_access_block",
            "PublicAccessBlockConfiguration",
            {
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        ),
        (
            "get_bucket_ownership_controls",
            "OwnershipControls",
            {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        ),
        (
            "get_bucket_encryption",
            "ServerSideEncryptionConfiguration",
            {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]},
        ),
    ],
)
def test_what_a_new_bucket_has(s3: Any, bucket: str, name: str, member: str, expected: object) -> None:
    assert getattr(s3, name)(Bucket=bucket).get(member) == expected


@pytest.mark.parametrize(
    ("noun", "member", "document", "deleted_by"),
    [
        (
            "bucket_cors",
            "CORSConfiguration",
            {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 5}]},
            "delete_bucket_cors",
        ),
        ("bucket_lifecycle_configuration", "LifecycleConfiguration", {"Rules": [RULE]}, "delete_bucket_lifecycle"),
        (
            "bucket_website",
            "WebsiteConfiguration",
            {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}},
            "delete_bucket_website",
        ),
        ("bucket_request_payment", "RequestPaymentConfiguration", {"Payer": "Requester"}, None),
        ("bucket_accelerate_configuration", "AccelerateConfiguration", {"Status": "Enabled"}, None),
        (
            "bucket_logging",
            "BucketLoggingStatus",
            {"LoggingEnabled": {"TargetBucket": "my-bucket", "TargetPrefix": "logs/"}},
            None,
        ),
        (
            "bucket_notification_configuration",
            "NotificationConfiguration",
            {
                "QueueConfigurations": [
                    {
                        "Id": "one",
                        "QueueArn": QUEUE,
                        "Events": ["s3:ObjectCreated:*"],
                        "Filter": {"Key": {"FilterRules": [{"Name": "Suffix", "Value": ".jpg"}]}},
                    }
                ],
                "EventBridgeConfiguration": {},
            },
            None,
        ),
    ],
)
def test_what_is_put_comes_back(
    s3: Any, bucket: str, noun: str, member: str, document: dict[str, Any], deleted_by: str | None
) -> None:
    getattr(s3, f"put_{noun}")(Bucket=bucket, **{member: document})
    found = getattr(s3, f"get_{noun}")(Bucket=bucket)
    assert {name: found[name] for name in document} == document
    if deleted_by:
        assert getattr(s3, deleted_by)(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204
        assert failure(getattr(s3, f"get_{noun}"), Bucket=bucket)["status"] == 404


def test_lifecycle_rules_get_an_id_and_the_default_size(s3: Any, bucket: str) -> None:
    rule = {key: value for key, value in RULE.items() if key != "ID"}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert found["Rules"][0]["ID"]
    assert found["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"Status": "On"}, "MalformedXML"),
        ({"Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}, "MalformedXML"),
        ({"Transitions": [{"Days": 3, "StorageClass": "STANDARD_IA"}]}, "InvalidArgument"),
        ({"Transitions": [{"Days": 60, "StorageClass": "GLACIER"}]}, "InvalidArgument"),
        ({"Prefix": "p"}, "MalformedXML"),
    ],
)
def test_lifecycle_rules_that_are_refused(s3: Any, bucket: str, change: dict[str, Any], error: str) -> None:
    configuration = {"Rules": [RULE | change]}
    assert code(s3.put_bucket_lifecycle_configuration, Bucket=bucket, LifecycleConfiguration=configuration) == error


def test_what_other_configurations_refuse(s3: Any, bucket: str) -> None:
    cors = {"CORSRules": [{"AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]}]}
    assert failure(s3.put_bucket_cors, Bucket=bucket, CORSConfiguration=cors)["Message"] == (
        "Found unsupported HTTP method in CORS config. Unsupported method is PATCH"
    )
    website = {"IndexDocument": {"Suffix": "a/b"}}
    assert code(s3.put_bucket_website, Bucket=bucket, WebsiteConfiguration=website) == "InvalidArgument"
    logging = {"LoggingEnabled": {"TargetBucket": "nowhere", "TargetPrefix": ""}}
    assert code(s3.put_bucket_logging, Bucket=bucket, BucketLoggingStatus=logging) == "InvalidTargetBucketForLogging"
    wrong = {"QueueConfigurations": [{"QueueArn": ROLE, "Events": ["s3:ObjectCreated:*"]}]}
    assert code(s3.put_bucket_notification_configuration, Bucket=bucket, NotificationConfiguration=wrong) == (
        "InvalidArgument"
    )


def test_replication_needs_versions_on_both_sides(s3: Any, versioned: str) -> None:
    destination = {"Bucket": "arn:aws:s3:::copies"}
    rule = {"Status": "Enabled", "Priority": 1, "Filter": {}, "Destination": destination}
    configuration = {"Role": ROLE, "Rules": [rule | {"DeleteMarkerReplication": {"Status": "Disabled"}}]}
    put = {"Bucket": versioned, "ReplicationConfiguration": configuration}
    assert failure(s3.put_bucket_replication, **put)["Message"] == "Destination bucket must exist."
    s3.create_bucket(Bucket="copies")
    assert failure(s3.put_bucket_replication, **put)["Message"] == "Destination bucket must have versioning enabled."
    s3.put_bucket_versioning(Bucket="copies", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_replication(**put)
    assert s3.get_bucket_replication(Bucket=versioned)["ReplicationConfiguration"]["Role"] == ROLE
    assert code(s3.put_bucket_versioning, Bucket=versioned, VersioningConfiguration={"Status": "Suspended"}) == (
        "InvalidBucketState"
    )


@pytest.mark.parametrize(
    ("kind", "member", "body"),
    [
        ("metrics", "MetricsConfiguration", {"Filter": {"Prefix": "p"}}),
        ("analytics", "AnalyticsConfiguration", {"StorageClassAnalysis": {}}),
        (
            "intelligent_tiering",
            "IntelligentTieringConfiguration",
            {"Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]},
        ),
        (
            "inventory",
            "InventoryConfiguration",
            {
                "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::my-bucket", "Format": "CSV"}},
                "IsEnabled": True,
                "IncludedObjectVersions": "All",
                "Schedule": {"Frequency": "Daily"},
            },
        ),
    ],
)
def test_configurations_with_an_id(s3: Any, bucket: str, kind: str, member: str, body: dict[str, Any]) -> None:
    def call(verb: str, plural: str = "", **params: Any) -> Any:
        return getattr(s3, f"{verb}_bucket_{kind}_configuration{plural}")(Bucket=bucket, **params)

    for name in ("b", "a"):
        call("put", Id=name, **{member: {"Id": name, **body}})
    assert call("get", Id="a")[member] == {"Id": "a", **body}
    assert [each["Id"] for each in call("list", "s")[f"{member}List"]] == ["a", "b"]
    call("delete", Id="a")
    assert code(getattr(s3, f"get_bucket_{kind}_configuration"), Bucket=bucket, Id="a") == "NoSuchConfiguration"


def test_default_encryption_shows_on_objects(s3: Any, bucket: str) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1234"
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    configuration = {"Rules": [default | {"BucketKeyEnabled": True}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=configuration)
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    found = s3.head_object(Bucket=bucket, Key="k")
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"], found["BucketKeyEnabled"]) == ("aws:kms", key, True)
    s3.delete_bucket_encryption(Bucket=bucket)
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ServerSideEncryption"] == "AES256"


def test_customer_keys(s3: Any, bucket: str) -> None:
    mine = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
    other = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"o" * 32}
    s3.put_object(Bucket=bucket, Key="k", Body=b"1", **mine)
    assert s3.get_object(Bucket=bucket, Key="k", **mine)["Body"].read() == b"1"
    assert code(s3.get_object, Bucket=bucket, Key="k") == "InvalidRequest"
    assert code(s3.get_object, Bucket=bucket, Key="k", **other) == "AccessDenied"
    assert code(s3.put_object, Bucket=bucket, Key="k", **(mine | {"SSECustomerKey": b"short"})) == "InvalidArgument"


def test_what_is_no_bucket_policy(s3: Any, bucket: str) -> None:
    good = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}

    def message(*statements: dict[str, Any]) -> str:
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        error = failure(s3.put_bucket_policy, Bucket=bucket, Policy=policy)
        assert error["Code"] == "MalformedPolicy"
        return str(error["Message"])

    def without(name: str) -> dict[str, Any]:
        return {key: value for key, value in good.items() if key != name}

    assert failure(s3.put_bucket_policy, Bucket=bucket, Policy="nonsense")["Message"] == (
        "Policies must be valid JSON and the first byte must be '{'"
    )
    assert failure(s3.put_bucket_policy, Bucket=bucket, Policy="{}")["Message"] == "Missing required field Statement"
    assert message(without("Principal")) == "Missing required field Principal"
    assert message(good | {"Resource": "arn:aws:s3:::another/*"}) == "Policy has invalid resource"
    assert message(good | {"Action": "sqs:SendMessage"}) == "Policy has invalid action"
    assert message(good | {"Principal": {"AWS": "nobody"}}) == "Invalid principal in policy"
    assert message(good | {"Effect": "allow"}) == "Invalid effect: allow"
    assert message(good | {"Action_": "s3:GetObject"}) == "Unknown field Action_"
    dated = json.dumps({"Version": "2020-01-01", "Statement": [good]})
    assert failure(s3.put_bucket_policy, Bucket=bucket, Policy=dated)["Message"] == (
        "The policy must contain a valid version string"
    )
    bucket_only = {"Resource": f"arn:aws:s3:::{bucket}"}
    for wrong in (good | bucket_only, good | {"Action": "s3:ListBucket"}):
        assert message(wrong) == "Action does not apply to any resource(s) in statement"


def test_a_policy_and_its_status(s3: Any, bucket: str) -> None:
    public = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::{bucket}/*",
                }
            ],
        }
    )
    error = failure(s3.put_bucket_policy, Bucket=bucket, Policy=public)
    assert (error["Code"], error["status"]) == ("AccessDenied", 403)
    assert error["Message"].endswith(
        "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
    )
    s3.delete_public_access_block(Bucket=bucket)
    assert code(s3.get_public_access_block, Bucket=bucket) == "NoSuchPublicAccessBlockConfiguration"
    s3.put_bucket_policy(Bucket=bucket, Policy=public)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == public
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is True
    s3.put_bucket_policy(Bucket=bucket, Policy=public.replace('"*"', '{"AWS": "123456789012"}'))
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is False
    s3.delete_bucket_policy(Bucket=bucket)
    assert code(s3.get_bucket_policy_status, Bucket=bucket) == "NoSuchBucketPolicy"


def test_filters_of_notifications_are_shown_in_one_way(s3: Any, bucket: str) -> None:
    rules = [{"Name": "prefix", "Value": "in/"}, {"Name": "SUFFIX", "Value": ".png"}]
    entry = {
        "Id": "a",
        "QueueArn": "arn:aws:sqs:us-east-1:123456789012:q",
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": rules}},
    }
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [entry]})
    shown = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]["Filter"]["Key"]
    assert shown["FilterRules"] == [{"Name": "Prefix", "Value": "in/"}, {"Name": "Suffix", "Value": ".png"}]
