"""Who may do what: identity policies, bucket policies, Block Public Access, other accounts, anonymous callers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config

from iamsim import Simulator, enable_iam_authentication, mock_aws, set_initial_no_auth_action_count

from .failing import code, failure

BUCKET, OBJECTS = "arn:aws:s3:::my-bucket", "arn:aws:s3:::my-bucket/*"
USER = "arn:aws:iam::123456789012:user/alice"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


@pytest.fixture
def alice(aws: Simulator) -> Any:
    """The S3 client of a user without policies."""
    iam = boto3.client("iam")
    iam.create_user(UserName="alice")
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    return boto3.client(
        "s3",
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def let_alice(*statements: dict[str, Any]) -> None:
    boto3.client("iam").put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=policy(*statements))


def put_policy(s3: Any, *statements: dict[str, Any]) -> None:
    s3.put_bucket_policy(Bucket="my-bucket", Policy=policy(*statements))


@pytest.mark.parametrize(
    ("call", "params", "actions"),
    [
        ("list_buckets", {}, ["s3:ListAllMyBuckets"]),
        ("head_bucket", {"Bucket": "my-bucket"}, ["s3:ListBucket"]),
        ("list_objects", {"Bucket": "my-bucket"}, ["s3:ListBucket"]),
        ("list_objects_v2", {"Bucket": "my-bucket"}, ["s3:ListBucket"]),
        ("list_object_versions", {"Bucket": "my-bucket"}, ["s3:ListBucketVersions"]),
        ("list_multipart_uploads", {"Bucket": "my-bucket"}, ["s3:ListBucketMultipartUploads"]),
        ("get_bucket_location", {"Bucket": "my-bucket"}, ["s3:GetBucketLocation"]),
        ("get_bucket_encryption", {"Bucket": "my-bucket"}, ["s3:GetEncryptionConfiguration"]),
        ("delete_bucket_cors", {"Bucket": "my-bucket"}, ["s3:PutBucketCORS"]),
        ("delete_bucket_tagging", {"Bucket": "my-bucket"}, ["s3:PutBucketTagging"]),
        ("delete_bucket_lifecycle", {"Bucket": "my-bucket"}, ["s3:PutLifecycleConfiguration"]),
        ("get_public_access_block", {"Bucket": "my-bucket"}, ["s3:GetBucketPublicAccessBlock"]),
        ("list_bucket_metrics_configurations", {"Bucket": "my-bucket"}, ["s3:GetMetricsConfiguration"]),
        ("get_object", {"Bucket": "my-bucket", "Key": "k"}, ["s3:GetObject"]),
        ("get_object", {"Bucket": "my-bucket", "Key": "k", "VersionId": "null"}, ["s3:GetObjectVersion"]),
        ("head_object", {"Bucket": "my-bucket", "Key": "k"}, ["s3:GetObject"]),
        ("get_object_tagging", {"Bucket": "my-bucket", "Key": "k"}, ["s3:GetObjectTagging"]),
        ("get_object_acl", {"Bucket": "my-bucket", "Key": "k", "VersionId": "null"}, ["s3:GetObjectVersionAcl"]),
        ("put_object", {"Bucket": "my-bucket", "Key": "k"}, ["s3:PutObject"]),
        ("put_object", {"Bucket": "my-bucket", "Key": "k", "Tagging": "a=b"}, ["s3:PutObject", "s3:PutObjectTagging"]),
        ("create_multipart_upload", {"Bucket": "my-bucket", "Key": "k"}, ["s3:PutObject"]),
        ("delete_object", {"Bucket": "my-bucket", "Key": "k"}, ["s3:DeleteObject"]),
        ("delete_object", {"Bucket": "my-bucket", "Key": "k", "VersionId": "null"}, ["s3:DeleteObjectVersion"]),
        (
            "get_object_attributes",
            {"Bucket": "my-bucket", "Key": "k", "ObjectAttributes": ["ETag"]},
            ["s3:GetObject", "s3:GetObjectAttributes"],
        ),
        ("create_bucket", {"Bucket": "my-bucket"}, ["s3:CreateBucket"]),
        (
            "create_bucket",
            {"Bucket": "my-bucket", "ObjectOwnership": "ObjectWriter"},
            ["s3:CreateBucket", "s3:PutBucketOwnershipControls"],
        ),
    ],
)
def test_what_each_call_needs(
    s3: Any, bucket: str, alice: Any, call: str, params: dict[str, Any], actions: list[str]
) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    let_alice(allow(actions, "*"))
    with enable_iam_authentication():
        getattr(alice, call)(**params)
    for missing in actions:
        let_alice(allow("s3:*", "*"), deny(missing, "*"))
        with enable_iam_authentication():
            assert failure(getattr(alice, call), **params)["status"] == 403


def test_the_message_of_a_denial(s3: Any, bucket: str, alice: Any) -> None:
    s3.put_object(Bucket=bucket, Key="k")
    with enable_iam_authentication():
        assert failure(alice.get_object, Bucket=bucket, Key="k")["Message"] == (
            f'User: {USER} is not authorized to perform: s3:GetObject on resource: "{BUCKET}/k" because no '
            "identity-based policy allows the s3:GetObject action"
        )
        assert failure(alice.list_buckets)["Message"] == (
            f"User: {USER} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows "
            "the s3:ListAllMyBuckets action"
        )


def test_a_missing_key_is_told_only_to_who_may_list(s3: Any, bucket: str, alice: Any) -> None:
    let_alice(allow("s3:GetObject", OBJECTS))
    with enable_iam_authentication():
        assert failure(alice.get_object, Bucket=bucket, Key="none")["Message"] == (
            f'User: {USER} is not authorized to perform: s3:ListBucket on resource: "{BUCKET}" because no '
            "identity-based policy allows the s3:ListBucket action"
        )
        assert failure(alice.head_object, Bucket=bucket, Key="none")["Code"] == "403"
    let_alice(allow("s3:GetObject", OBJECTS), allow("s3:ListBucket", BUCKET))
    with enable_iam_authentication():
        assert code(alice.get_object, Bucket=bucket, Key="none") == "NoSuchKey"


def test_a_missing_bucket_is_told_to_everybody(alice: Any) -> None:
    with enable_iam_authentication():
        assert code(alice.list_objects_v2, Bucket="no-such-bucket") == "NoSuchBucket"


def test_a_home_folder(s3: Any, bucket: str, alice: Any) -> None:
    s3.put_object(Bucket=bucket, Key="home/alice/k")
    let_alice(
        allow("s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": "home/${aws:username}/*"}}),
        allow("s3:GetObject", f"{BUCKET}/home/${{aws:username}}/*"),
    )
    with enable_iam_authentication():
        alice.list_objects_v2(Bucket=bucket, Prefix="home/alice/")
        assert code(alice.list_objects_v2, Bucket=bucket, Prefix="home/") == "AccessDenied"
        assert code(alice.list_objects_v2, Bucket=bucket) == "AccessDenied"
        alice.get_object(Bucket=bucket, Key="home/alice/k")
        assert code(alice.get_object, Bucket=bucket, Key="home/bob/k") == "AccessDenied"


@pytest.mark.parametrize(
    ("key", "value", "good", "bad"),
    [
        ("s3:x-amz-acl", "bucket-owner-full-control", {"ACL": "bucket-owner-full-control"}, {}),
        ("s3:x-amz-server-side-encryption", "AES256", {"ServerSideEncryption": "AES256"}, {}),
        ("s3:x-amz-storage-class", "STANDARD_IA", {"StorageClass": "STANDARD_IA"}, {"StorageClass": "GLACIER"}),
        ("s3:RequestObjectTag/team", "red", {"Tagging": "team=red"}, {"Tagging": "team=blue"}),
        ("s3:if-none-match", "*", {"IfNoneMatch": "*"}, {}),
        ("s3:ObjectCreationOperation", "true", {}, None),
        ("s3:authType", "REST-HEADER", {}, None),
        ("s3:signatureversion", "AWS4-HMAC-SHA256", {}, None),
        ("s3:ResourceAccount", "123456789012", {}, None),
        ("s3:TlsVersion", "1.3", {}, None),
    ],
)
def test_condition_keys_of_a_write(
    bucket: str, alice: Any, key: str, value: str, good: dict[str, Any], bad: dict[str, Any] | None
) -> None:
    let_alice(
        allow(["s3:PutObject"], OBJECTS, Condition={"StringEquals": {key: value}}),
        allow(["s3:PutObjectTagging", "s3:PutObjectAcl"], OBJECTS),
    )
    with enable_iam_authentication():
        alice.put_object(Bucket="my-bucket", Key="k", **good)
        if bad is not None:
            assert code(alice.put_object, Bucket="my-bucket", Key="k2", **bad) == "AccessDenied"


def test_tags_of_the_object_that_is_there(s3: Any, bucket: str, alice: Any) -> None:
    s3.put_object(Bucket=bucket, Key="open", Tagging="secret=no")
    s3.put_object(Bucket=bucket, Key="closed", Tagging="secret=yes")
    let_alice(allow("s3:GetObject", OBJECTS, Condition={"StringEquals": {"s3:ExistingObjectTag/secret": "no"}}))
    with enable_iam_authentication():
        found = alice.get_object(Bucket=bucket, Key="open")
        assert "TagCount" not in found
        assert code(alice.get_object, Bucket=bucket, Key="closed") == "AccessDenied"


def test_copies_need_both_sides(s3: Any, bucket: str, alice: Any) -> None:
    s3.create_bucket(Bucket="target")
    s3.put_object(Bucket=bucket, Key="k", Tagging="a=b")
    copy = {"Bucket": "target", "Key": "k", "CopySource": {"Bucket": bucket, "Key": "k"}}
    read = allow(["s3:GetObject", "s3:GetObjectTagging"], OBJECTS)
    write = allow(["s3:PutObject", "s3:PutObjectTagging"], "arn:aws:s3:::target/*")
    for statements in ([read], [write], [allow("s3:GetObject", OBJECTS), write]):
        let_alice(*statements)
        with enable_iam_authentication():
            assert code(alice.copy_object, **copy) == "AccessDenied"
    let_alice(read, write)
    with enable_iam_authentication():
        alice.copy_object(**copy)


def test_deleting_many_is_decided_key_by_key(s3: Any, bucket: str, alice: Any) -> None:
    for key in ("mine/1", "yours/1"):
        s3.put_object(Bucket=bucket, Key=key)
    let_alice(allow("s3:DeleteObject", f"{BUCKET}/mine/*"))
    objects = {"Objects": [{"Key": "mine/1"}, {"Key": "yours/1"}]}
    with enable_iam_authentication():
        reply = alice.delete_objects(Bucket=bucket, Delete=objects)
    assert [each["Key"] for each in reply["Deleted"]] == ["mine/1"]
    assert [(each["Key"], each["Code"]) for each in reply["Errors"]] == [("yours/1", "AccessDenied")]
    put_policy(
        s3,
        deny("s3:DeleteObject", f"{BUCKET}/locked/*", Principal="*"),
        allow("s3:*", OBJECTS, Principal={"AWS": USER}),
    )
    s3.put_object(Bucket=bucket, Key="locked/1")
    with enable_iam_authentication():
        objects = {"Objects": [{"Key": "locked/1"}, {"Key": "yours/1"}]}
        reply = alice.delete_objects(Bucket=bucket, Delete=objects)
    assert [each["Key"] for each in reply["Deleted"]] == ["yours/1"]
    assert "with an explicit deny in a resource-based policy" in reply["Errors"][0]["Message"]


def test_a_bucket_policy_allows_and_denies(s3: Any, bucket: str, alice: Any) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    put_policy(s3, allow("s3:GetObject", OBJECTS, Principal={"AWS": USER}))
    with enable_iam_authentication():
        assert alice.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
        assert code(alice.put_object, Bucket=bucket, Key="k") == "AccessDenied"
    let_alice(allow("s3:*", "*"))
    put_policy(s3, deny("s3:GetObject", OBJECTS, Principal="*", Condition={"StringEquals": {"aws:PrincipalArn": USER}}))
    with enable_iam_authentication():
        assert failure(alice.get_object, Bucket=bucket, Key="k")["Message"] == (
            f'User: {USER} is not authorized to perform: s3:GetObject on resource: "{BUCKET}/k" with an explicit deny '
            "in a resource-based policy"
        )


def test_another_account_needs_both_policies(s3: Any, bucket: str, aws: Simulator, root_of: Callable[..., Any]) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    stranger = root_of("210987654321")
    with enable_iam_authentication():
        refused = failure(stranger.get_object, Bucket=bucket, Key="k")
        assert (refused["Code"], refused["Message"]) == ("AccessDenied", "Access Denied")
    put_policy(s3, allow(["s3:GetObject", "s3:PutObject"], OBJECTS, Principal={"AWS": "210987654321"}))
    with enable_iam_authentication():
        assert stranger.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
        stranger.put_object(Bucket=bucket, Key="theirs")
        assert code(stranger.delete_object, Bucket=bucket, Key="theirs") == "AccessDenied"
    listed = s3.list_objects(Bucket=bucket)["Contents"]
    assert len({each["Owner"]["ID"] for each in listed}) == 1


def test_a_bucket_policy_is_its_accounts_own(s3: Any, bucket: str, root_of: Callable[..., Any]) -> None:
    put_policy(s3, allow("s3:*", [BUCKET, OBJECTS], Principal={"AWS": "210987654321"}))
    stranger = root_of("210987654321")
    with enable_iam_authentication():
        stranger.get_bucket_location(Bucket=bucket)
        refused = failure(stranger.get_bucket_policy, Bucket=bucket)
    assert (refused["Code"], refused["status"]) == ("MethodNotAllowed", 405)


def test_a_canonical_user_is_its_account(s3: Any, bucket: str, root_of: Callable[..., Any]) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    stranger = root_of("210987654321")
    their_id = stranger.list_buckets()["Owner"]["ID"]
    statement = allow("s3:GetObject", OBJECTS, Principal={"CanonicalUser": their_id})
    put_policy(s3, statement)
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"] == [statement]
    with enable_iam_authentication():
        assert stranger.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
    unknown = allow("s3:GetObject", OBJECTS, Principal={"CanonicalUser": "f" * 64})
    refused = failure(s3.put_bucket_policy, Bucket=bucket, Policy=policy(unknown))
    assert refused["Message"] == "Invalid principal in policy"


def test_a_role_of_another_account(s3: Any, bucket: str, aws: Simulator, root_of: Callable[..., Any]) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    root_of("210987654321")
    theirs = boto3.Session(
        aws_access_key_id="AKIAROOT210987654321",
        aws_secret_access_key="secret of 210987654321",
        region_name="us-east-1",
    )
    trust = policy(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}}
    )
    iam = theirs.client("iam")
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    assert ":210987654321:" in role
    session = theirs.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    reader = boto3.client(
        "s3",
        region_name="us-east-1",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    put_policy(s3, allow("s3:GetObject", OBJECTS, Principal={"AWS": role}))
    with enable_iam_authentication():
        assert code(reader.get_object, Bucket=bucket, Key="k") == "AccessDenied"
    iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=policy(allow("s3:GetObject", OBJECTS)))
    with enable_iam_authentication():
        assert reader.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_anonymous_reads(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    url = f"https://{bucket}.s3.amazonaws.com/k"
    nobody = boto3.client("s3", region_name="us-east-1", config=Config(signature_version=UNSIGNED))
    with enable_iam_authentication():
        answer = requests.get(url, timeout=5)
        assert (answer.status_code, "<Message>Access Denied</Message>" in answer.text) == (403, True)
        assert code(nobody.get_object, Bucket=bucket, Key="k") == "AccessDenied"
    s3.delete_public_access_block(Bucket=bucket)
    put_policy(s3, allow("s3:GetObject", OBJECTS, Principal="*"))
    with enable_iam_authentication():
        assert requests.get(url, timeout=5).content == b"1"
        assert nobody.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
        assert code(nobody.put_object, Bucket=bucket, Key="k") == "AccessDenied"
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    with enable_iam_authentication():
        assert requests.get(url, timeout=5).status_code == 403


def test_restricted_public_buckets_shut_other_accounts_out(
    s3: Any, bucket: str, alice: Any, root_of: Callable[..., Any]
) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    s3.delete_public_access_block(Bucket=bucket)
    named = allow("s3:GetObject", OBJECTS, Principal={"AWS": "210987654321"})
    put_policy(s3, allow("s3:GetObject", OBJECTS, Principal="*"), named)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    stranger = root_of("210987654321")
    with enable_iam_authentication():
        assert code(stranger.get_object, Bucket=bucket, Key="k") == "AccessDenied"
        assert alice.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_the_root_user_can_mend_a_policy(s3: Any, bucket: str, root_of: Callable[..., Any]) -> None:
    root = root_of("123456789012")
    put_policy(s3, deny("s3:*", [BUCKET, OBJECTS], Principal="*"))
    with enable_iam_authentication():
        assert code(root.list_objects_v2, Bucket=bucket) == "AccessDenied"
        assert code(root.get_bucket_location, Bucket=bucket) == "AccessDenied"
        root.get_bucket_policy(Bucket=bucket)
        root.delete_bucket_policy(Bucket=bucket)
        root.list_objects_v2(Bucket=bucket)


def test_the_owner_who_is_expected_goes_before_policies(s3: Any, bucket: str, alice: Any) -> None:
    let_alice(allow("s3:*", "*"))
    with enable_iam_authentication():
        alice.list_objects_v2(Bucket=bucket, ExpectedBucketOwner="123456789012")
        refused = failure(alice.list_objects_v2, Bucket=bucket, ExpectedBucketOwner="210987654321")
    assert refused["Message"] == "Access Denied"


def test_requester_pays(s3: Any, bucket: str, root_of: Callable[..., Any]) -> None:
    s3.put_object(Bucket=bucket, Key="k")
    put_policy(s3, allow("s3:GetObject", OBJECTS, Principal={"AWS": "210987654321"}))
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})
    stranger = root_of("210987654321")
    with enable_iam_authentication():
        assert code(stranger.get_object, Bucket=bucket, Key="k") == "AccessDenied"
        stranger.get_object(Bucket=bucket, Key="k", RequestPayer="requester")


def test_governance_needs_its_own_permission(s3: Any, alice: Any) -> None:
    s3.create_bucket(Bucket="my-bucket", ObjectLockEnabledForBucket=True)
    lock = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": "2099-01-01T00:00:00Z"}
    version = s3.put_object(Bucket="my-bucket", Key="k", **lock)["VersionId"]
    delete = {"Bucket": "my-bucket", "Key": "k", "VersionId": version, "BypassGovernanceRetention": True}
    let_alice(allow("s3:DeleteObjectVersion", OBJECTS))
    with enable_iam_authentication():
        assert "s3:BypassGovernanceRetention" in failure(alice.delete_object, **delete)["Message"]
    let_alice(allow(["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"], OBJECTS))
    with enable_iam_authentication():
        alice.delete_object(**delete)


def test_replication_passes_a_role(s3: Any, versioned: str, alice: Any) -> None:
    s3.create_bucket(Bucket="copies")
    s3.put_bucket_versioning(Bucket="copies", VersioningConfiguration={"Status": "Enabled"})
    role = "arn:aws:iam::123456789012:role/replicator"
    rule = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::copies"}}
    put = {"Bucket": versioned, "ReplicationConfiguration": {"Role": role, "Rules": [rule]}}
    let_alice(allow("s3:PutReplicationConfiguration", BUCKET))
    with enable_iam_authentication():
        assert "iam:PassRole" in failure(alice.put_bucket_replication, **put)["Message"]
    to_s3 = {"StringEquals": {"iam:PassedToService": "s3.amazonaws.com"}}
    let_alice(allow("s3:PutReplicationConfiguration", BUCKET), allow("iam:PassRole", role, Condition=to_s3))
    with enable_iam_authentication():
        alice.put_bucket_replication(**put)


def test_tags_of_a_bucket_count_once_that_is_turned_on(s3: Any, bucket: str, alice: Any) -> None:
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "red"}]})
    let_alice(allow("s3:ListBucket", BUCKET, Condition={"StringEquals": {"aws:ResourceTag/team": "red"}}))
    with enable_iam_authentication():
        assert code(alice.list_objects_v2, Bucket=bucket) == "AccessDenied"
    s3.put_bucket_abac(Bucket=bucket, AbacStatus={"Status": "Enabled"})
    with enable_iam_authentication():
        alice.list_objects_v2(Bucket=bucket)


def test_who_may_make_a_bucket_with_tags(s3: Any, alice: Any) -> None:
    make = {"Bucket": "tagged", "CreateBucketConfiguration": {"Tags": [{"Key": "team", "Value": "red"}]}}
    let_alice(allow("s3:CreateBucket", "*"))
    with enable_iam_authentication():
        assert "s3:TagResource" in failure(alice.create_bucket, **make)["Message"]
    red = {"StringEquals": {"aws:RequestTag/team": "red"}}
    let_alice(allow(["s3:CreateBucket", "s3:TagResource"], "*", Condition=red))
    with enable_iam_authentication():
        alice.create_bucket(**make)


def test_a_bucket_of_somebody_else_is_no_denial(alice: Any, root_of: Callable[..., Any]) -> None:
    root_of("210987654321").create_bucket(Bucket="taken")
    let_alice(allow("s3:CreateBucket", "*"))
    with enable_iam_authentication():
        assert code(alice.create_bucket, Bucket="taken") == "BucketAlreadyExists"


@mock_aws
@set_initial_no_auth_action_count(4)
def test_with_the_decorators() -> None:
    iam = boto3.client("iam")
    iam.create_user(UserName="bob")
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    iam.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=policy(allow("s3:CreateBucket", "*")))
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="first")
    bob = boto3.client(
        "s3",
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    bob.create_bucket(Bucket="second")
    assert code(bob.list_objects_v2, Bucket="second") == "AccessDenied"
