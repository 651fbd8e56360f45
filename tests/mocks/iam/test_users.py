"""Users, their access keys, passwords and groups."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from iamsim import Simulator, enable_iam_authentication
from tests.mocks.iam.documents import ACCOUNT, ADMIN, allow, client_of, make_user, refused, trust


def test_a_user_as_created_and_read(iam: Any) -> None:
    created = iam.create_user(UserName="alice", Path="/team/", Tags=[{"Key": "Dept", "Value": "x"}])["User"]
    assert created["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/team/alice"
    assert created["UserId"].startswith("AIDA")
    assert len(created["UserId"]) == 21
    assert created["Path"] == "/team/"
    assert iam.get_user(UserName="alice")["User"] == created
    assert "Tags" not in iam.list_users()["Users"][0]


def test_names_differ_in_more_than_case(iam: Any) -> None:
    iam.create_user(UserName="alice")
    with refused("EntityAlreadyExists", "User with name ALICE already exists.", 409):
        iam.create_user(UserName="ALICE", Path="/x/")
    with refused("NoSuchEntity", "The user with name bob cannot be found.", 404):
        iam.get_user(UserName="bob")
    message = (
        "The specified value for userName is invalid. "
        "It must contain only alphanumeric characters and/or the following: +=,.@_-"
    )
    with refused("ValidationError", message, 400):
        iam.create_user(UserName="a b")
    long = "x" * 65
    message = f"1 validation error detected: Value '{long}' at 'userName' failed to satisfy constraint: "
    with refused("ValidationError", f"{message}Member must have length less than or equal to 64"):
        iam.create_user(UserName=long)


def test_lists_are_in_order_and_in_pages(iam: Any) -> None:
    for name in ("d", "B", "a", "c"):
        iam.create_user(UserName=name, Path="/x/" if name == "c" else "/")
    first = iam.list_users(MaxItems=3)
    assert [user["UserName"] for user in first["Users"]] == ["a", "B", "c"]
    assert first["IsTruncated"] is True
    rest = iam.list_users(MaxItems=3, Marker=first["Marker"])
    assert ([user["UserName"] for user in rest["Users"]], rest["IsTruncated"]) == (["d"], False)
    assert [user["UserName"] for user in iam.list_users(PathPrefix="/x")["Users"]] == ["c"]
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 1})
    assert sum(len(page["Users"]) for page in pages) == 4


def test_renaming_keeps_id_and_keys(iam: Any, aws: Simulator) -> None:
    key = make_user("alice", allow("iam:GetUser"))
    user_id = iam.get_user(UserName="alice")["User"]["UserId"]
    iam.update_user(UserName="alice", NewUserName="alicia", NewPath="/x/")
    user = iam.get_user(UserName="alicia")["User"]
    assert (user["UserId"], user["Arn"]) == (user_id, f"arn:aws:iam::{ACCOUNT}:user/x/alicia")
    with enable_iam_authentication():
        assert client_of(key, "sts").get_caller_identity()["Arn"] == user["Arn"]
        assert client_of(key, "iam").get_user()["User"]["UserName"] == "alicia"
    with refused("NoSuchEntity", "The user with name alice cannot be found."):
        iam.get_user(UserName="alice")
    iam.create_user(UserName="bob")
    with refused("EntityAlreadyExists", "User with name bob already exists."):
        iam.update_user(UserName="alicia", NewUserName="bob")


def test_a_user_is_deleted_when_it_has_nothing_left(iam: Any) -> None:
    key = make_user("alice", allow("*"))
    iam.attach_user_policy(UserName="alice", PolicyArn=ADMIN)
    iam.create_group(GroupName="g")
    iam.add_user_to_group(UserName="alice", GroupName="g")
    iam.create_login_profile(UserName="alice", Password="correct horse 1")
    for message, undo in (
        ("must detach all policies first.", lambda: iam.detach_user_policy(UserName="alice", PolicyArn=ADMIN)),
        ("must delete policies first.", lambda: iam.delete_user_policy(UserName="alice", PolicyName="p0")),
        (
            "must delete access keys first.",
            lambda: iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"]),
        ),
        (
            "must remove users from group first.",
            lambda: iam.remove_user_from_group(UserName="alice", GroupName="g"),
        ),
        ("must delete login profile first.", lambda: iam.delete_login_profile(UserName="alice")),
    ):
        with refused("DeleteConflict", f"Cannot delete entity, {message}", 409):
            iam.delete_user(UserName="alice")
        undo()
    iam.delete_user(UserName="alice")
    assert iam.list_users()["Users"] == []


def test_access_keys(iam: Any, aws: Simulator) -> None:
    key = make_user("alice")
    assert len(key["SecretAccessKey"]) == 40
    assert key["AccessKeyId"].startswith("AKIA")
    second = iam.create_access_key(UserName="alice")["AccessKey"]
    with refused("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409):
        iam.create_access_key(UserName="alice")
    listed = iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]
    assert {each["AccessKeyId"] for each in listed} == {key["AccessKeyId"], second["AccessKeyId"]}
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert (used["UserName"], used["AccessKeyLastUsed"]) == ("alice", {"ServiceName": "N/A", "Region": "N/A"})
    with enable_iam_authentication():
        client_of(key, "sts").get_caller_identity()
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"], "LastUsedDate" in used) == ("sts", "us-east-1", True)
    iam.update_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with (
        enable_iam_authentication(),
        refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    ):
        client_of(key, "sts").get_caller_identity()
    iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    assert key["AccessKeyId"] not in aws.cloud.credentials
    with refused("NoSuchEntity", f"The Access Key with id {key['AccessKeyId']} cannot be found."):
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])


def test_get_user_without_a_name_is_the_caller(iam: Any) -> None:
    assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    key = make_user("alice")
    assert client_of(key, "iam").get_user()["User"]["UserName"] == "alice"


def test_groups_and_their_members(iam: Any) -> None:
    group = iam.create_group(GroupName="admins", Path="/ops/")["Group"]
    assert group["GroupId"].startswith("AGPA")
    assert group["Arn"] == f"arn:aws:iam::{ACCOUNT}:group/ops/admins"
    for name in ("bob", "alice"):
        iam.create_user(UserName=name)
        iam.add_user_to_group(GroupName="admins", UserName=name)
    read = iam.get_group(GroupName="admins")
    assert read["Group"] == group
    assert [user["UserName"] for user in read["Users"]] == ["alice", "bob"]
    assert iam.list_groups_for_user(UserName="bob")["Groups"] == [group]
    with refused("DeleteConflict", "Cannot delete entity, must remove users from group first."):
        iam.delete_group(GroupName="admins")
    with refused("EntityAlreadyExists", "Group with name Admins already exists."):
        iam.create_group(GroupName="Admins")
    with refused("NoSuchEntity", "The group with name nobody cannot be found."):
        iam.get_group(GroupName="nobody")
    iam.update_group(GroupName="admins", NewGroupName="operators")
    assert iam.list_groups()["Groups"][0]["GroupName"] == "operators"


def test_eleven_groups_are_too_many(iam: Any) -> None:
    iam.create_user(UserName="alice")
    for index in range(11):
        iam.create_group(GroupName=f"g{index}")
    for index in range(10):
        iam.add_user_to_group(GroupName=f"g{index}", UserName="alice")
    with refused("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10"):
        iam.add_user_to_group(GroupName="g10", UserName="alice")


def test_passwords_fit_the_policy_of_the_account(iam: Any) -> None:
    iam.create_user(UserName="alice")
    with refused("NoSuchEntity", f"The Password Policy with domain name {ACCOUNT} cannot be found."):
        iam.get_account_password_policy()
    iam.update_account_password_policy(MinimumPasswordLength=10, RequireNumbers=True, MaxPasswordAge=90)
    assert iam.get_account_password_policy()["PasswordPolicy"] == {
        "MinimumPasswordLength": 10,
        "RequireSymbols": False,
        "RequireNumbers": True,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": True,
        "MaxPasswordAge": 90,
        "HardExpiry": False,
    }
    with refused("PasswordPolicyViolation", "Password should have a minimum length of 10", 400):
        iam.create_login_profile(UserName="alice", Password="short1")
    with refused("PasswordPolicyViolation", "Password should have at least one number"):
        iam.create_login_profile(UserName="alice", Password="long enough")
    iam.create_login_profile(UserName="alice", Password="long enough 1", PasswordResetRequired=True)
    assert iam.get_login_profile(UserName="alice")["LoginProfile"]["PasswordResetRequired"] is True
    with refused("EntityAlreadyExists", "Login Profile for user alice already exists."):
        iam.create_login_profile(UserName="alice", Password="long enough 1")
    iam.delete_login_profile(UserName="alice")
    with refused("NoSuchEntity", "Login Profile for User alice cannot be found."):
        iam.get_login_profile(UserName="alice")


def test_mfa_devices(iam: Any) -> None:
    iam.create_user(UserName="alice")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    serial = device["SerialNumber"]
    assert serial == f"arn:aws:iam::{ACCOUNT}:mfa/phone"
    assert len(device["Base32StringSeed"]) == 64
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
    iam.enable_mfa_device(UserName="alice", SerialNumber=serial, **codes)
    assert iam.list_mfa_devices(UserName="alice")["MFADevices"][0]["SerialNumber"] == serial
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"][0]["User"]["UserName"] == "alice"
    with refused("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first."):
        iam.delete_virtual_mfa_device(SerialNumber=serial)
    iam.deactivate_mfa_device(UserName="alice", SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    with refused("NoSuchEntity", f"VirtualMFADevice with serial number {serial} doesn't exist."):
        iam.delete_virtual_mfa_device(SerialNumber=serial)


def test_the_account_alias(iam: Any) -> None:
    assert iam.list_account_aliases()["AccountAliases"] == []
    iam.create_account_alias(AccountAlias="acme")
    assert iam.list_account_aliases()["AccountAliases"] == ["acme"]
    iam.delete_account_alias(AccountAlias="acme")
    with refused("NoSuchEntity", "The account alias acme cannot be found."):
        iam.delete_account_alias(AccountAlias="acme")


def test_the_account_summary_counts(iam: Any) -> None:
    make_user("alice")
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Users"], summary["UsersQuota"], summary["Groups"]) == (1, 5000, 0)


@pytest.mark.parametrize("kind", ["user", "role", "instance_profile", "policy"])
def test_tags(iam: Any, kind: str) -> None:
    named = _make(iam, kind)
    tag, untag, listed = (getattr(iam, name) for name in (f"tag_{kind}", f"untag_{kind}", f"list_{kind}_tags"))
    tag(**named, Tags=[{"Key": "Dept", "Value": "a"}, {"Key": "env", "Value": "b"}])
    tag(**named, Tags=[{"Key": "dept", "Value": "c"}])
    assert listed(**named)["Tags"] == [{"Key": "dept", "Value": "c"}, {"Key": "env", "Value": "b"}]
    untag(**named, TagKeys=["ENV"])
    assert listed(**named)["Tags"] == [{"Key": "dept", "Value": "c"}]
    twice = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
    with refused("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", 400):
        tag(**named, Tags=twice)
    with refused("LimitExceeded", "The number of tags has reached the maximum limit."):
        tag(**named, Tags=[{"Key": f"k{index}", "Value": ""} for index in range(50)])


def _make(iam: Any, kind: str) -> dict[str, str]:
    if kind == "user":
        iam.create_user(UserName="alice")
        return {"UserName": "alice"}
    if kind == "role":
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
        return {"RoleName": "r"}
    if kind == "instance_profile":
        iam.create_instance_profile(InstanceProfileName="i")
        return {"InstanceProfileName": "i"}
    return {"PolicyArn": iam.create_policy(PolicyName="p", PolicyDocument=allow("*"))["Policy"]["Arn"]}


def test_ssh_public_keys(iam: Any) -> None:
    iam.create_user(UserName="alice")
    body = f"ssh-rsa {base64.b64encode(b'key').decode()} alice@host"
    key = iam.upload_ssh_public_key(UserName="alice", SSHPublicKeyBody=body)["SSHPublicKey"]
    assert key["SSHPublicKeyId"].startswith("APKA")
    assert key["Fingerprint"] == "3c:6e:0b:8a:9c:15:22:4a:82:28:b9:a9:8c:a1:53:1d"
    named = {"UserName": "alice", "SSHPublicKeyId": key["SSHPublicKeyId"]}
    assert iam.get_ssh_public_key(**named, Encoding="SSH")["SSHPublicKey"] == key
    iam.update_ssh_public_key(**named, Status="Inactive")
    assert iam.list_ssh_public_keys(UserName="alice")["SSHPublicKeys"][0]["Status"] == "Inactive"
    with refused("InvalidPublicKey", "The SSH public key is invalid.", 400):
        iam.upload_ssh_public_key(UserName="alice", SSHPublicKeyBody="nonsense")
    iam.delete_ssh_public_key(**named)
    with refused("NoSuchEntity", f"The Public Key with id {key['SSHPublicKeyId']} cannot be found.", 404):
        iam.delete_ssh_public_key(**named)


def test_signing_certificates(iam: Any) -> None:
    iam.create_user(UserName="alice")
    body = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"
    made = iam.upload_signing_certificate(UserName="alice", CertificateBody=body)["Certificate"]
    named = {"UserName": "alice", "CertificateId": made["CertificateId"]}
    iam.update_signing_certificate(**named, Status="Inactive")
    assert iam.list_signing_certificates(UserName="alice")["Certificates"][0]["Status"] == "Inactive"
    with refused("DuplicateCertificate", "The certificate is already associated with the user alice.", 409):
        iam.upload_signing_certificate(UserName="alice", CertificateBody=body)
    iam.delete_signing_certificate(**named)
    with refused("NoSuchEntity", f"The Certificate with id {made['CertificateId']} cannot be found."):
        iam.delete_signing_certificate(**named)


def test_a_code_given_twice_is_refused(iam: Any) -> None:
    iam.create_user(UserName="alice")
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "123456"}
    with refused("InvalidAuthenticationCode", "Authentication code for device is not valid.", 403):
        iam.enable_mfa_device(UserName="alice", SerialNumber="GAHT12345678", **codes)
