"""IAM enforced: what callers may do to IAM, and whose policies count."""

from __future__ import annotations

from typing import Any

import boto3

from iamsim import Simulator, enable_iam_authentication
from tests.mocks.iam.documents import (
    ACCOUNT,
    ADMIN,
    OTHER_ACCOUNT,
    allow,
    client_of,
    deny,
    make_user,
    policy,
    refused,
    trust,
)

NO_POLICY = "because no identity-based policy allows the {0} action"


def refusal(action: str, resource: str, reason: str = NO_POLICY) -> str:
    return (
        f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: {action} on resource: {resource} "
        + reason.format(action)
    )


def test_nothing_is_allowed_by_default(iam: Any) -> None:
    alice = client_of(make_user("alice"), "iam")
    iam.create_user(UserName="bob", Path="/x/")
    with enable_iam_authentication():
        with refused("AccessDenied", refusal("iam:GetUser", "user bob"), 403):
            alice.get_user(UserName="bob")
        with refused("AccessDenied", refusal("iam:GetUser", "user nobody")):
            alice.get_user(UserName="nobody")
        with refused("AccessDenied", refusal("iam:ListUsers", f"arn:aws:iam::{ACCOUNT}:user/")):
            alice.list_users()
        with refused("AccessDenied", refusal("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x/carol")):
            alice.create_user(UserName="carol", Path="/x/")
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["alice", "bob"]


def test_arns_have_the_path(iam: Any) -> None:
    alice = client_of(make_user("alice", allow("iam:GetUser", f"arn:aws:iam::{ACCOUNT}:user/x/*")), "iam")
    iam.create_user(UserName="bob", Path="/x/")
    iam.create_user(UserName="carol")
    with enable_iam_authentication():
        assert alice.get_user(UserName="bob")["User"]["UserName"] == "bob"
        with refused("AccessDenied", refusal("iam:GetUser", "user carol")):
            alice.get_user(UserName="carol")


def test_inline_attached_and_group_policies_count_at_once(iam: Any) -> None:
    alice = client_of(make_user("alice"), "iam")
    read = allow("iam:GetUser")
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="p", PolicyDocument=read)
    arn = iam.create_policy(PolicyName="read", PolicyDocument=allow("iam:ListUsers"))["Policy"]["Arn"]
    with enable_iam_authentication(), refused("AccessDenied", refusal("iam:GetUser", "user alice")):
        alice.get_user()
    iam.add_user_to_group(GroupName="readers", UserName="alice")
    with enable_iam_authentication():
        assert alice.get_user()["User"]["UserName"] == "alice"
    iam.remove_user_from_group(GroupName="readers", UserName="alice")
    with enable_iam_authentication(), refused("AccessDenied", refusal("iam:GetUser", "user alice")):
        alice.get_user()
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=read, SetAsDefault=True)
    with enable_iam_authentication():
        alice.get_user()
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    with enable_iam_authentication(), refused("AccessDenied", refusal("iam:GetUser", "user alice")):
        alice.get_user()
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=read)
    with enable_iam_authentication():
        alice.get_user()
    iam.delete_user_policy(UserName="alice", PolicyName="p")
    iam.attach_user_policy(UserName="alice", PolicyArn=ADMIN)
    with enable_iam_authentication():
        alice.get_user()


def test_an_explicit_deny_wins_over_administrator_access(iam: Any, aws: Simulator) -> None:
    alice = client_of(make_user("alice", deny("iam:GetUser")), "iam")
    iam.attach_user_policy(UserName="alice", PolicyArn=ADMIN)
    reason = "with an explicit deny in an identity-based policy"
    with enable_iam_authentication(), refused("AccessDenied", refusal("iam:GetUser", "user alice", reason)):
        alice.get_user()
    decided = aws.decisions[-1].evaluation.deciding_policy
    assert decided is not None
    assert (decided.name, decided.source) == ("p0", "user alice")


def test_a_boundary_caps(iam: Any) -> None:
    alice = client_of(make_user("alice", allow("iam:*")), "iam")
    arn = iam.create_policy(PolicyName="b", PolicyDocument=allow("iam:ListUsers"))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=arn)
    reason = "because no permissions boundary allows the {0} action"
    with enable_iam_authentication():
        alice.list_users()
        with refused("AccessDenied", refusal("iam:GetUser", "user alice", reason)):
            alice.get_user()
    iam.delete_user_permissions_boundary(UserName="alice")
    with enable_iam_authentication():
        alice.get_user()


def test_only_some_policies_may_be_attached(iam: Any) -> None:
    condition = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    alice = client_of(make_user("alice", allow("iam:AttachUserPolicy", Condition=condition)), "iam")
    with enable_iam_authentication():
        alice.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        with refused("AccessDenied", refusal("iam:AttachUserPolicy", "user alice")):
            alice.attach_user_policy(UserName="alice", PolicyArn=ADMIN)


def test_users_only_within_a_boundary(iam: Any) -> None:
    condition = {"StringEquals": {"iam:PermissionsBoundary": ADMIN}}
    document = allow(["iam:CreateUser", "iam:PutUserPolicy"], Condition=condition)
    alice = client_of(make_user("alice", document), "iam")
    with enable_iam_authentication():
        with refused("AccessDenied", refusal("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/bob")):
            alice.create_user(UserName="bob")
        alice.create_user(UserName="bob", PermissionsBoundary=ADMIN)
        alice.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=allow("*"))
        with refused("AccessDenied", refusal("iam:PutUserPolicy", "user alice")):
            alice.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=allow("*"))


def test_tagging_at_creation_needs_its_own_permission(iam: Any) -> None:
    alice = client_of(make_user("alice", allow("iam:CreateUser")), "iam")
    tags = [{"Key": "team", "Value": "red"}]
    with enable_iam_authentication():
        alice.create_user(UserName="bob")
        with refused("AccessDenied", refusal("iam:TagUser", f"arn:aws:iam::{ACCOUNT}:user/carol")):
            alice.create_user(UserName="carol", Tags=tags)
    tagging = allow("iam:TagUser", Condition={"StringEquals": {"aws:RequestTag/team": "red"}})
    iam.put_user_policy(UserName="alice", PolicyName="tag", PolicyDocument=tagging)
    with enable_iam_authentication():
        alice.create_user(UserName="carol", Tags=tags)
        with refused("AccessDenied", refusal("iam:TagUser", "user carol")):
            alice.tag_user(UserName="carol", Tags=[{"Key": "team", "Value": "blue"}])


def test_tags_of_resource_and_principal(iam: Any) -> None:
    same_team = {"StringEquals": {"iam:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    alice = client_of(make_user("alice", allow("iam:DeleteUser", Condition=same_team)), "iam")
    iam.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "red"}])
    for name, team in (("bob", "red"), ("carol", "blue")):
        iam.create_user(UserName=name, Tags=[{"Key": "team", "Value": team}])
    with enable_iam_authentication():
        alice.delete_user(UserName="bob")
        with refused("AccessDenied", refusal("iam:DeleteUser", "user carol")):
            alice.delete_user(UserName="carol")


def test_a_role_in_an_instance_profile_is_passed(iam: Any) -> None:
    trusted = policy({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trusted)
    iam.create_instance_profile(InstanceProfileName="i")
    alice = client_of(make_user("alice", allow("iam:AddRoleToInstanceProfile")), "iam")
    with (
        enable_iam_authentication(),
        refused("AccessDenied", refusal("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/r")),
    ):
        alice.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
    passing = allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})
    iam.put_user_policy(UserName="alice", PolicyName="pass", PolicyDocument=passing)
    with enable_iam_authentication():
        alice.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")


def test_renaming_needs_both_names(iam: Any) -> None:
    alice = client_of(make_user("alice", allow("iam:UpdateUser", f"arn:aws:iam::{ACCOUNT}:user/alice")), "iam")
    with enable_iam_authentication(), refused("AccessDenied", refusal("iam:UpdateUser", "user root2")):
        alice.update_user(UserName="alice", NewUserName="root2")


def test_policies_of_aws_belong_to_everybody(iam: Any) -> None:
    alice = client_of(make_user("alice", allow("iam:GetPolicy", "arn:aws:iam::aws:policy/*")), "iam")
    with enable_iam_authentication():
        assert alice.get_policy(PolicyArn=ADMIN)["Policy"]["PolicyName"] == "AdministratorAccess"


def test_accounts_are_apart(iam: Any, sts: Any) -> None:
    iam.create_user(UserName="alice")
    arn = f"arn:aws:iam::{OTHER_ACCOUNT}:role/admin"
    other = client_of(sts.assume_role(RoleArn=arn, RoleSessionName="s1")["Credentials"], "iam")
    assert other.list_users()["Users"] == []
    other.create_user(UserName="alice")
    assert other.get_user(UserName="alice")["User"]["Arn"] == f"arn:aws:iam::{OTHER_ACCOUNT}:user/alice"
    key = other.create_access_key(UserName="alice")["AccessKey"]
    other.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=allow("iam:ListUsers"))
    with enable_iam_authentication():
        assert len(client_of(key, "iam").list_users()["Users"]) == 1
    assert boto3.client("sts").get_caller_identity()["Account"] == ACCOUNT


def test_entities_are_called_by_their_names(iam: Any) -> None:
    alice = client_of(make_user("alice"), "iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=allow("*"))["Policy"]["Arn"]
    with enable_iam_authentication():
        for action, words, call in (
            ("iam:CreateAccessKey", "user alice", lambda: alice.create_access_key()),
            ("iam:ListAttachedUserPolicies", "user bob", lambda: alice.list_attached_user_policies(UserName="bob")),
            ("iam:GetGroup", "group g", lambda: alice.get_group(GroupName="g")),
            (
                "iam:GetInstanceProfile",
                "instance profile i",
                lambda: alice.get_instance_profile(InstanceProfileName="i"),
            ),
            ("iam:GetPolicy", f"policy {arn}", lambda: alice.get_policy(PolicyArn=arn)),
            ("iam:ListPolicyVersions", f"policy {arn}", lambda: alice.list_policy_versions(PolicyArn=arn)),
            ("iam:ListRoles", f"arn:aws:iam::{ACCOUNT}:role/x/", lambda: alice.list_roles(PathPrefix="/x/")),
            ("iam:CreateGroup", f"arn:aws:iam::{ACCOUNT}:group/g", lambda: alice.create_group(GroupName="g")),
        ):
            with refused("AccessDenied", refusal(action, words)):
                call()


def test_lists_that_name_no_entity_are_denied_in_iam_s_own_words(iam: Any) -> None:
    """Observed: 2015 to 2026, in published reports."""
    alice = client_of(make_user("alice"), "iam")
    with enable_iam_authentication():
        with refused("AccessDenied", refusal("iam:ListPolicies", "policy path /")):
            alice.list_policies()
        with refused("AccessDenied", refusal("iam:ListVirtualMFADevices", f"arn:aws:iam::{ACCOUNT}:mfa/")):
            alice.list_virtual_mfa_devices()
        with refused(
            "AccessDenied", refusal("iam:ListOpenIDConnectProviders", f"arn:aws:iam::{ACCOUNT}:oidc-provider/*")
        ):
            alice.list_open_id_connect_providers()


def test_a_role_session_that_names_no_user_asks_for_one_of_the_session_s_name(iam: Any, sts: Any) -> None:
    """Observed: 2025, a published report of `iam:GetUser on resource: user SESSION-NAME`."""
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))["Role"]["Arn"]
    session = client_of(sts.assume_role(RoleArn=role, RoleSessionName="morning")["Credentials"], "iam")
    message = refusal("iam:GetUser", "user morning").replace(
        f"arn:aws:iam::{ACCOUNT}:user/alice", f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/morning"
    )
    with enable_iam_authentication(), refused("AccessDenied", message):
        session.get_user()
    iam.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=allow("iam:GetUser"))
    text = "Must specify userName when calling with non-User credentials"
    with enable_iam_authentication(), refused("ValidationError", text):
        session.get_user()


def test_tags_of_an_instance_profile_say_nothing_of_the_role_passed_to_it(iam: Any) -> None:
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": {"StringEquals": {key: "red"}}}
        for action, key in (
            ("iam:AddRoleToInstanceProfile", "aws:ResourceTag/team"),
            ("iam:PassRole", "iam:ResourceTag/team"),
        )
    ]
    alice = client_of(make_user("alice", policy(*statements)), "iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
    iam.create_instance_profile(InstanceProfileName="web", Tags=[{"Key": "team", "Value": "red"}])
    with (
        enable_iam_authentication(),
        refused("AccessDenied", refusal("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/worker")),
    ):
        alice.add_role_to_instance_profile(InstanceProfileName="web", RoleName="worker")


def test_the_boundary_of_a_role_guards_all_that_changes_it(iam: Any) -> None:
    """Source: Service Authorization Reference, IAM: the actions that have iam:PermissionsBoundary."""
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    alice = client_of(make_user("alice", allow("iam:*Role*", Condition=bounded)), "iam")
    document = trust({"AWS": ACCOUNT})
    iam.create_role(RoleName="free", AssumeRolePolicyDocument=document)
    with enable_iam_authentication():
        alice.create_role(RoleName="bounded", AssumeRolePolicyDocument=document, PermissionsBoundary=boundary)
        for operation, params in (
            ("get_role", {}),
            ("update_role", {"Description": "x"}),
            ("update_role_description", {"Description": "y"}),
            ("update_assume_role_policy", {"PolicyDocument": document}),
            ("delete_role", {}),
        ):
            name = "iam:" + "".join(word.capitalize() for word in operation.split("_"))
            with refused("AccessDenied", refusal(name, "role free")):
                getattr(alice, operation)(RoleName="free", **params)
            getattr(alice, operation)(RoleName="bounded", **params)
