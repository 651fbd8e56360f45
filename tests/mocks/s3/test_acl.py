from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from iamsim import enable_iam_authentication

from .failing import code, failure

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


@pytest.fixture
def with_acls(s3: Any) -> str:
    """A bucket in which ACLs count, and with nothing of Block Public Access."""
    s3.create_bucket(Bucket="with-acls", ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket="with-acls")
    return "with-acls"


def grants(reply: dict[str, Any]) -> set[tuple[str, str]]:
    return {(g["Grantee"].get("URI") or g["Grantee"]["ID"], g["Permission"]) for g in reply["Grants"]}


def test_acls_are_off_in_a_new_bucket(s3: Any, bucket: str) -> None:
    owner = s3.get_bucket_acl(Bucket=bucket)
    assert grants(owner) == {(owner["Owner"]["ID"], "FULL_CONTROL")}
    error = failure(s3.put_bucket_acl, Bucket=bucket, ACL="public-read")
    assert (error["Code"], error["Message"]) == ("AccessControlListNotSupported", "The bucket does not allow ACLs")
    assert code(s3.put_object, Bucket=bucket, Key="k", ACL="public-read") == "AccessControlListNotSupported"
    s3.put_object(Bucket=bucket, Key="k", ACL="bucket-owner-full-control")
    assert grants(s3.get_object_acl(Bucket=bucket, Key="k")) == {(owner["Owner"]["ID"], "FULL_CONTROL")}


def test_new_buckets_with_acls(s3: Any) -> None:
    assert code(s3.create_bucket, Bucket="b-1", ACL="public-read") == "InvalidBucketAclWithObjectOwnership"
    public = {"Bucket": "b-2", "ACL": "public-read", "ObjectOwnership": "ObjectWriter"}
    assert code(s3.create_bucket, **public) == "InvalidBucketAclWithBlockPublicAccessError"
    s3.create_bucket(Bucket="b-33", ACL="private")


def test_canned_acls_and_grants(s3: Any, with_acls: str) -> None:
    me = s3.get_bucket_acl(Bucket=with_acls)["Owner"]["ID"]
    s3.put_bucket_acl(Bucket=with_acls, ACL="public-read-write")
    assert grants(s3.get_bucket_acl(Bucket=with_acls)) == {
        (me, "FULL_CONTROL"),
        (EVERYBODY, "READ"),
        (EVERYBODY, "WRITE"),
    }
    s3.put_bucket_acl(Bucket=with_acls, GrantRead=f'uri="{EVERYBODY}"', GrantWriteACP=f'id="{me}"')
    assert grants(s3.get_bucket_acl(Bucket=with_acls)) == {(EVERYBODY, "READ"), (me, "WRITE_ACP")}
    s3.put_object(Bucket=with_acls, Key="k", ACL="public-read")
    found = s3.get_object_acl(Bucket=with_acls, Key="k")
    assert grants(found) == {(me, "FULL_CONTROL"), (EVERYBODY, "READ")}
    document = {"Owner": found["Owner"], "Grants": found["Grants"][:1]}
    s3.put_object_acl(Bucket=with_acls, Key="k", AccessControlPolicy=document)
    assert grants(s3.get_object_acl(Bucket=with_acls, Key="k")) == {(me, "FULL_CONTROL")}


def test_grants_that_cannot_be(s3: Any, with_acls: str) -> None:
    assert code(s3.put_bucket_acl, Bucket=with_acls, GrantRead="id=unknown") == "InvalidArgument"
    assert code(s3.put_bucket_acl, Bucket=with_acls, GrantRead="emailAddress=a@example.com") == (
        "UnresolvableGrantByEmailAddress"
    )
    assert code(s3.put_bucket_acl, Bucket=with_acls, ACL="private", GrantRead=f"uri={EVERYBODY}") == "InvalidRequest"


def test_public_acls_are_blocked(s3: Any, with_acls: str) -> None:
    block = {"BlockPublicAcls": True}
    s3.put_public_access_block(Bucket=with_acls, PublicAccessBlockConfiguration=block)
    error = failure(s3.put_object, Bucket=with_acls, Key="k", ACL="public-read")
    assert error["Message"] == (
        "User: arn:aws:iam::123456789012:root is not authorized to perform: s3:PutObject on resource: "
        '"arn:aws:s3:::with-acls/k" because public ACLs are prevented by the BlockPublicAcls setting in S3 Block '
        "Public Access."
    )


def test_acls_cannot_be_turned_off_while_they_give_something(s3: Any, with_acls: str) -> None:
    s3.put_bucket_acl(Bucket=with_acls, ACL="public-read")
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert code(s3.put_bucket_ownership_controls, Bucket=with_acls, OwnershipControls=controls) == (
        "InvalidBucketAclWithObjectOwnership"
    )


def test_a_public_object_is_open_to_other_accounts(s3: Any, with_acls: str, root_of: Callable[..., Any]) -> None:
    s3.put_object(Bucket=with_acls, Key="open", ACL="public-read", Body=b"1")
    s3.put_object(Bucket=with_acls, Key="closed")
    stranger = root_of()
    with enable_iam_authentication():
        assert stranger.get_object(Bucket=with_acls, Key="open")["Body"].read() == b"1"
        assert code(stranger.get_object, Bucket=with_acls, Key="closed") == "AccessDenied"
        assert code(stranger.list_objects_v2, Bucket=with_acls) == "AccessDenied"
    s3.put_public_access_block(Bucket=with_acls, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    with enable_iam_authentication():
        assert code(stranger.get_object, Bucket=with_acls, Key="open") == "AccessDenied"


def test_a_grant_to_an_account(s3: Any, with_acls: str, root_of: Callable[..., Any]) -> None:
    stranger = root_of()
    their_id = stranger.list_buckets()["Owner"]["ID"]
    s3.put_bucket_acl(Bucket=with_acls, GrantRead=f"id={their_id}", GrantWrite=f"id={their_id}")
    with enable_iam_authentication():
        stranger.put_object(Bucket=with_acls, Key="theirs", Body=b"1")
        assert stranger.list_objects(Bucket=with_acls)["Contents"][0]["Owner"]["ID"] == their_id
        assert stranger.get_object(Bucket=with_acls, Key="theirs")["Body"].read() == b"1"


def test_an_object_of_another_account_is_closed_to_the_bucket_owner(
    s3: Any, with_acls: str, root_of: Callable[..., Any]
) -> None:
    me, stranger = root_of("123456789012"), root_of()
    stranger.put_object(Bucket=with_acls, Key="theirs", Body=b"1")
    with enable_iam_authentication():
        assert code(me.get_object, Bucket=with_acls, Key="theirs") == "AccessDenied"
        assert stranger.get_object(Bucket=with_acls, Key="theirs")["Body"].read() == b"1"
    stranger.put_object_acl(Bucket=with_acls, Key="theirs", ACL="bucket-owner-full-control")
    with enable_iam_authentication():
        assert me.get_object(Bucket=with_acls, Key="theirs")["Body"].read() == b"1"
        me.delete_object(Bucket=with_acls, Key="theirs")


def test_who_owns_what_others_upload(s3: Any, with_acls: str, root_of: Callable[..., Any]) -> None:
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    s3.put_bucket_ownership_controls(Bucket=with_acls, OwnershipControls=controls)
    stranger = root_of()
    stranger.put_object(Bucket=with_acls, Key="kept")
    stranger.put_object(Bucket=with_acls, Key="given", ACL="bucket-owner-full-control")
    owners = {each["Key"]: each["Owner"]["ID"] for each in s3.list_objects(Bucket=with_acls)["Contents"]}
    assert owners["kept"] == stranger.list_buckets()["Owner"]["ID"]
    assert owners["given"] == s3.list_buckets()["Owner"]["ID"]
