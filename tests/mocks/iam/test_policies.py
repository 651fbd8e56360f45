"""Managed and inline policies, attachments and boundaries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mocks.iam.documents import ACCOUNT, ADMIN, allow, policy, refused, trust

DOCUMENT = allow("s3:GetObject", "arn:aws:s3:::b/a b*")
SERVICE_ROLE_POLICY = "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"


def test_a_managed_policy_as_created_and_read(iam: Any) -> None:
    created = iam.create_policy(PolicyName="p", Path="/x/", PolicyDocument=DOCUMENT, Description="d")["Policy"]
    arn = f"arn:aws:iam::{ACCOUNT}:policy/x/p"
    assert (created["Arn"], created["DefaultVersionId"], created["AttachmentCount"]) == (arn, "v1", 0)
    assert created["PolicyId"].startswith("ANPA")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Description"] == "d"
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert (version["Document"], version["IsDefaultVersion"]) == (json.loads(DOCUMENT), True)
    with refused("EntityAlreadyExists", "A policy called P already exists. Duplicate names are not allowed.", 409):
        iam.create_policy(PolicyName="P", PolicyDocument=DOCUMENT)


def test_five_versions(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    for number in range(2, 6):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow(f"s3:{number}"), SetAsDefault=number == 3)
    with refused(
        "LimitExceeded",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing "
        "version.",
        409,
    ):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [each["VersionId"] for each in versions] == ["v5", "v4", "v3", "v2", "v1"]
    assert [each["IsDefaultVersion"] for each in versions] == [False, False, True, False, False]
    with refused("DeleteConflict", "Cannot delete the default version of a policy.", 409):
        iam.delete_policy_version(PolicyArn=arn, VersionId="v3")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    assert iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)["PolicyVersion"]["VersionId"] == "v6"
    with refused(
        "DeleteConflict",
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The "
        "default version is deleted with the policy.",
    ):
        iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity", f"Policy {arn} version v9 does not exist or is not attachable."):
        iam.set_default_policy_version(PolicyArn=arn, VersionId="v9")


def test_policies_of_aws(iam: Any) -> None:
    found = iam.get_policy(PolicyArn=ADMIN)["Policy"]
    assert (found["PolicyName"], found["Path"], found["IsAttachable"]) == ("AdministratorAccess", "/", True)
    version = iam.get_policy_version(PolicyArn=ADMIN, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    assert version["Document"]["Statement"][0] == {"Effect": "Allow", "Action": "*", "Resource": "*"}
    with refused("AccessDenied", "Policy is outside your own account.", 403):
        iam.delete_policy(PolicyArn=ADMIN)
    missing = "arn:aws:iam::aws:policy/NoSuchPolicy"
    with refused("NoSuchEntity", f"Policy {missing} was not found.", 404):
        iam.get_policy(PolicyArn=missing)
    iam.create_user(UserName="alice")
    with refused("NoSuchEntity", f"Policy {missing} does not exist or is not attachable."):
        iam.attach_user_policy(UserName="alice", PolicyArn=missing)
    with refused("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.", 400):
        iam.attach_user_policy(UserName="alice", PolicyArn=SERVICE_ROLE_POLICY)
    with refused("InvalidInput", "ARN not-an-arn-not-an-arn is not valid.", 400):
        iam.get_policy(PolicyArn="not-an-arn-not-an-arn")


def test_list_policies(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", Path="/x/", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_user(UserName="alice", PermissionsBoundary=arn)
    iam.attach_user_policy(UserName="alice", PolicyArn=ADMIN)
    pages = iam.get_paginator("list_policies").paginate(Scope="AWS")
    names = [each["PolicyName"] for page in pages for each in page["Policies"]]
    assert len(names) > 1000
    assert names == sorted(names)
    assert [each["Arn"] for each in iam.list_policies(Scope="Local")["Policies"]] == [arn]
    assert [each["Arn"] for each in iam.list_policies(OnlyAttached=True)["Policies"]] == [arn, ADMIN]
    bounding = iam.list_policies(PolicyUsageFilter="PermissionsBoundary")["Policies"]
    assert [(each["Arn"], each["PermissionsBoundaryUsageCount"]) for each in bounding] == [(arn, 1)]
    assert [each["Arn"] for each in iam.list_policies(PathPrefix="/x/")["Policies"]] == [arn]


def test_attachments(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_user(UserName="alice")
    iam.create_group(GroupName="g")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    for kind, name in (("user", {"UserName": "alice"}), ("group", {"GroupName": "g"}), ("role", {"RoleName": "r"})):
        attach = getattr(iam, f"attach_{kind}_policy")
        attach(**name, PolicyArn=arn)
        attach(**name, PolicyArn=arn)
        listed = getattr(iam, f"list_attached_{kind}_policies")(**name)["AttachedPolicies"]
        assert listed == [{"PolicyName": "p", "PolicyArn": arn}]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 3
    entities = iam.list_entities_for_policy(PolicyArn=arn)
    assert [entities[f"Policy{kind}s"][0][f"{kind}Name"] for kind in ("User", "Group", "Role")] == ["alice", "g", "r"]
    assert iam.list_entities_for_policy(PolicyArn=arn, EntityFilter="Role")["PolicyUsers"] == []
    with refused("DeleteConflict", "Cannot delete a policy attached to entities.", 409):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_user_policy(UserName="alice", PolicyArn=arn)
    with refused("NoSuchEntity", f"Policy {arn} was not found."):
        iam.detach_user_policy(UserName="alice", PolicyArn=arn)
    iam.detach_group_policy(GroupName="g", PolicyArn=arn)
    iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


def test_ten_policies_may_be_attached(iam: Any) -> None:
    iam.create_user(UserName="alice")
    for index in range(11):
        arn = iam.create_policy(PolicyName=f"p{index}", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
        if index < 10:
            iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    with refused("LimitExceeded", "Cannot exceed quota for PoliciesPerUser: 10", 409):
        iam.attach_user_policy(UserName="alice", PolicyArn=arn)


@pytest.mark.parametrize("kind", ["user", "group", "role"])
def test_inline_policies(iam: Any, kind: str) -> None:
    named = {f"{kind.capitalize()}Name": "x"}
    more = {"AssumeRolePolicyDocument": trust({"AWS": ACCOUNT})} if kind == "role" else {}
    getattr(iam, f"create_{kind}")(**named, **more)
    put, get = getattr(iam, f"put_{kind}_policy"), getattr(iam, f"get_{kind}_policy")
    put(**named, PolicyName="b", PolicyDocument=DOCUMENT)
    put(**named, PolicyName="a", PolicyDocument=DOCUMENT)
    assert get(**named, PolicyName="a")["PolicyDocument"] == json.loads(DOCUMENT)
    assert getattr(iam, f"list_{kind}_policies")(**named)["PolicyNames"] == ["a", "b"]
    getattr(iam, f"delete_{kind}_policy")(**named, PolicyName="a")
    with refused("NoSuchEntity", f"The {kind} policy with name a cannot be found.", 404):
        get(**named, PolicyName="a")
    limit = {"user": 2048, "group": 5120, "role": 10240}[kind]
    with refused("LimitExceeded", f"Maximum policy size of {limit} bytes exceeded for {kind} x", 409):
        put(**named, PolicyName="c", PolicyDocument=allow(["s3:" + "x" * 100] * (limit // 100)))


def test_documents_are_checked(iam: Any) -> None:
    iam.create_user(UserName="alice")
    for document, message in (
        ("{", "Syntax errors in policy."),
        (json.dumps({"Statement": []}), "Syntax errors in policy."),
        (
            json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}),
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (policy({"Effect": "Allow", "Action": "s3:*"}), "Policy statement must contain resources."),
        (allow("s3"), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        (allow("s3:*", "x"), 'Resource x must be in ARN format or "*".'),
        (allow("s3:*", Principal="*"), "Policy document should not specify a principal."),
    ):
        with refused("MalformedPolicyDocument", message, 400):
            iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document)
    with refused("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"):
        iam.create_policy(PolicyName="p", PolicyDocument=allow(["s3:" + "x" * 100] * 62))


def test_boundaries(iam: Any) -> None:
    iam.create_user(UserName="alice", PermissionsBoundary=ADMIN)
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": ADMIN}
    assert iam.get_user(UserName="alice")["User"]["PermissionsBoundary"] == boundary
    iam.delete_user_permissions_boundary(UserName="alice")
    assert "PermissionsBoundary" not in iam.get_user(UserName="alice")["User"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=ADMIN)
    usage = iam.list_entities_for_policy(PolicyArn=ADMIN, PolicyUsageFilter="PermissionsBoundary")["PolicyUsers"]
    assert [user["UserName"] for user in usage] == ["alice"]


def test_authorization_details_have_everything(iam: Any) -> None:
    iam.create_group(GroupName="g")
    iam.create_user(UserName="alice")
    iam.add_user_to_group(GroupName="g", UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=DOCUMENT)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    iam.attach_role_policy(RoleName="r", PolicyArn=ADMIN)
    found = iam.get_account_authorization_details()
    assert found["UserDetailList"][0]["GroupList"] == ["g"]
    expected = [{"PolicyName": "p", "PolicyDocument": json.loads(DOCUMENT)}]
    assert found["UserDetailList"][0]["UserPolicyList"] == expected
    assert found["RoleDetailList"][0]["AttachedManagedPolicies"][0]["PolicyArn"] == ADMIN
    assert found["Policies"][0]["PolicyVersionList"][0]["Document"]["Statement"][0]["Action"] == "*"
    only = iam.get_account_authorization_details(Filter=["Group"])
    assert (only["UserDetailList"], [group["GroupName"] for group in only["GroupDetailList"]]) == ([], ["g"])
    pages = iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 1})
    assert len(list(pages)) == 4
