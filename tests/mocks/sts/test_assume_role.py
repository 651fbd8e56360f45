"""AssumeRole: who may, what the session is, and what it may do."""

from __future__ import annotations

import random
import string
from typing import Any

import boto3
import pytest

from iamsim import Simulator, enable_iam_authentication
from tests.mocks.iam.documents import ACCOUNT, OTHER_ACCOUNT, allow, client_of, deny, make_user, refused, trust

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
NAMED = {"RoleArn": ROLE, "RoleSessionName": "session"}


def make_role(
    principal: Any, *policies: str, name: str = "r", action: Any = "sts:AssumeRole", **condition: Any
) -> None:
    iam = boto3.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(principal, action, **condition))
    for index, document in enumerate(policies):
        iam.put_role_policy(RoleName=name, PolicyName=f"p{index}", PolicyDocument=document)


def not_trusted(action: str = "sts:AssumeRole", who: str = ALICE) -> str:
    return (
        f"User: {who} is not authorized to perform: {action} on resource: {ROLE} because no role trust policy allows "
        f"the {action} action"
    )


def test_while_nothing_is_enforced_any_role_can_be_assumed(sts: Any) -> None:
    reply = sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER_ACCOUNT}:role/x/dev", RoleSessionName="me")
    arn = f"arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/dev/me"
    assert reply["AssumedRoleUser"]["Arn"] == arn
    assert reply["AssumedRoleUser"]["AssumedRoleId"].startswith("AROA")
    assert reply["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert "PackedPolicySize" not in reply
    identity = client_of(reply["Credentials"], "sts").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (OTHER_ACCOUNT, arn)
    assert identity["UserId"] == reply["AssumedRoleUser"]["AssumedRoleId"]


def test_a_session_has_the_roles_permissions(iam: Any) -> None:
    make_role({"AWS": ACCOUNT}, allow("iam:GetRole"))
    sts = client_of(make_user("alice", allow("sts:AssumeRole")), "sts")
    with enable_iam_authentication():
        session = sts.assume_role(**NAMED)["Credentials"]
        inside = client_of(session, "iam")
        assert inside.get_role(RoleName="r")["Role"]["RoleLastUsed"]["Region"] == "us-east-1"
        session_arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session"
        with refused(
            "AccessDenied",
            f"User: {session_arn} is not authorized to perform: iam:GetUser on resource: user alice because no "
            "identity-based policy allows the iam:GetUser action",
            403,
        ):
            inside.get_user(UserName="alice")
    iam.delete_role_policy(RoleName="r", PolicyName="p0")
    with enable_iam_authentication(), pytest.raises(inside.exceptions.ClientError, match="iam:GetRole"):
        inside.get_role(RoleName="r")


def test_the_trust_policy_decides(iam: Any) -> None:
    iam.create_user(UserName="bob")
    make_role({"AWS": f"arn:aws:iam::{ACCOUNT}:user/bob"})
    sts = client_of(make_user("alice", allow("sts:AssumeRole")), "sts")
    with enable_iam_authentication(), refused("AccessDenied", not_trusted(), 403):
        sts.assume_role(**NAMED)
    iam.update_assume_role_policy(RoleName="r", PolicyDocument=trust({"AWS": ALICE}))
    with enable_iam_authentication():
        sts.assume_role(**NAMED)


def test_who_is_named_needs_no_policy_and_an_account_needs_one(iam: Any) -> None:
    sts = client_of(make_user("alice"), "sts")
    make_role({"AWS": ALICE})
    with enable_iam_authentication():
        sts.assume_role(**NAMED)
    iam.update_assume_role_policy(RoleName="r", PolicyDocument=trust({"AWS": ACCOUNT}))
    with (
        enable_iam_authentication(),
        refused(
            "AccessDenied",
            f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {ROLE} because no identity-based "
            "policy allows the sts:AssumeRole action",
        ),
    ):
        sts.assume_role(**NAMED)


def test_a_role_that_does_not_exist(iam: Any) -> None:
    sts = client_of(make_user("alice", allow("sts:AssumeRole")), "sts")
    with enable_iam_authentication(), refused("AccessDenied", not_trusted(), 403):
        sts.assume_role(**NAMED)
    with refused("ValidationError", f"{ALICE} is invalid", 400):
        sts.assume_role(RoleArn=ALICE, RoleSessionName="session")


def test_a_user_made_anew_is_not_the_one_that_was_trusted(iam: Any) -> None:
    iam.create_user(UserName="alice")
    make_role({"AWS": ALICE})
    iam.delete_user(UserName="alice")
    sts = client_of(make_user("alice", allow("sts:AssumeRole")), "sts")
    with enable_iam_authentication(), refused("AccessDenied", not_trusted()):
        sts.assume_role(**NAMED)


def test_another_accounts_role_needs_both_sides(sts: Any) -> None:
    other_role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/r"
    admin = sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER_ACCOUNT}:role/x", RoleSessionName="admin")["Credentials"]
    other = client_of(admin, "iam")
    other.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ALICE}))
    other.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("iam:ListRoles"))
    alice = client_of(make_user("alice"), "sts")
    with (
        enable_iam_authentication(),
        refused(
            "AccessDenied",
            f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {other_role} because no "
            "identity-based policy allows the sts:AssumeRole action",
        ),
    ):
        alice.assume_role(RoleArn=other_role, RoleSessionName="me")
    boto3.client("iam").put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=allow("sts:*", other_role))
    with enable_iam_authentication():
        session = alice.assume_role(RoleArn=other_role, RoleSessionName="me")["Credentials"]
        assert [role["RoleName"] for role in client_of(session, "iam").list_roles()["Roles"]] == ["r"]


def test_external_id_and_session_name_as_conditions() -> None:
    sts = client_of(make_user("alice"), "sts")
    make_role({"AWS": ALICE}, Condition={"StringEquals": {"sts:ExternalId": "e1", "sts:RoleSessionName": "session"}})
    with enable_iam_authentication():
        sts.assume_role(**NAMED, ExternalId="e1")
        for wrong in ({}, {"ExternalId": "e2"}):
            with refused("AccessDenied", not_trusted()):
                sts.assume_role(**NAMED, **wrong)
        with refused("AccessDenied", not_trusted()):
            sts.assume_role(RoleArn=ROLE, RoleSessionName="other", ExternalId="e1")


def test_root_may_not_assume(sts: Any, aws: Simulator) -> None:
    make_role({"AWS": ACCOUNT})
    token = client_of(sts.get_session_token()["Credentials"], "sts")
    with enable_iam_authentication(), refused("AccessDenied", "Roles may not be assumed by root accounts.", 403):
        token.assume_role(**NAMED)


def test_durations(iam: Any, sts: Any) -> None:
    make_role({"AWS": ACCOUNT})
    too_long = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    with refused("ValidationError", too_long, 400):
        sts.assume_role(**NAMED, DurationSeconds=3601)
    iam.update_role(RoleName="r", MaxSessionDuration=7200)
    session = sts.assume_role(**NAMED, DurationSeconds=7200)["Credentials"]
    chained = client_of(session, "sts")
    with refused(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    ):
        chained.assume_role(**NAMED, DurationSeconds=3601)
    chained.assume_role(**NAMED, DurationSeconds=3600)


def test_sessions_expire(aws: Simulator, sts: Any) -> None:
    make_role({"AWS": ACCOUNT}, allow("iam:ListRoles"))
    credentials = sts.assume_role(**NAMED, DurationSeconds=900)["Credentials"]
    session = client_of(credentials, "iam")
    with enable_iam_authentication():
        session.list_roles()
    aws.cloud.credentials[credentials["AccessKeyId"]].expires_at = aws.cloud.clock.now() - 1
    with (
        enable_iam_authentication(),
        refused("ExpiredToken", "The security token included in the request is expired", 403),
    ):
        session.list_roles()


def test_session_policies_cap(iam: Any, sts: Any) -> None:
    make_role({"AWS": ACCOUNT}, allow("iam:*"))
    own = iam.create_policy(PolicyName="own", PolicyDocument=allow("iam:ListUsers"))["Policy"]["Arn"]
    reply = sts.assume_role(**NAMED, Policy=allow("iam:ListRoles"), PolicyArns=[{"arn": own}])
    assert 0 < reply["PackedPolicySize"] < 100
    session = client_of(reply["Credentials"], "iam")
    with enable_iam_authentication():
        session.list_roles()
        session.list_users()
        with refused(
            "AccessDenied",
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/r/session is not authorized to perform: iam:GetRole on "
            "resource: role r because no session policy allows the iam:GetRole action",
        ):
            session.get_role(RoleName="r")
    with refused("MalformedPolicyDocument", "Syntax errors in policy.", 400):
        sts.assume_role(**NAMED, Policy="{}")
    missing = f"arn:aws:iam::{ACCOUNT}:policy/missing"
    with refused("MalformedPolicyDocument", f"Policy {missing} does not exist or is not attachable."):
        sts.assume_role(**NAMED, PolicyArns=[{"arn": missing}])


def test_session_tags_need_tag_session(iam: Any) -> None:
    sts = client_of(make_user("alice"), "sts")
    make_role({"AWS": ALICE}, allow("iam:GetUser", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}))
    tags = [{"Key": "team", "Value": "red"}]
    with enable_iam_authentication(), refused("AccessDenied", not_trusted("sts:TagSession")):
        sts.assume_role(**NAMED, Tags=tags)
    iam.update_assume_role_policy(
        RoleName="r", PolicyDocument=trust({"AWS": ALICE}, ["sts:AssumeRole", "sts:TagSession"])
    )
    with enable_iam_authentication():
        tagged = client_of(sts.assume_role(**NAMED, Tags=tags)["Credentials"], "iam")
        assert tagged.get_user(UserName="alice")["User"]["UserName"] == "alice"


def test_transitive_tags_go_along_and_cannot_be_passed_again(sts: Any, aws: Simulator) -> None:
    tags = [{"Key": "Team", "Value": "red"}, {"Key": "cost", "Value": "1"}]
    first = sts.assume_role(**NAMED, Tags=tags, TransitiveTagKeys=["Team"])["Credentials"]
    chained = client_of(first, "sts")
    second = chained.assume_role(**NAMED, Tags=[{"Key": "cost", "Value": "2"}])["Credentials"]
    session = aws.cloud.credentials[second["AccessKeyId"]].principal.session
    assert session is not None
    assert (session.tags, session.is_chained) == ({"cost": "2", "Team": "red"}, True)
    with refused(
        "InvalidParameterValue",
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the "
        "calling session.",
        400,
    ):
        chained.assume_role(**NAMED, Tags=[{"Key": "team", "Value": "blue"}])
    with refused("InvalidParameterValue", "The specified transitive tag key must be included in the requested tags."):
        sts.assume_role(**NAMED, TransitiveTagKeys=["Team"])
    with refused("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."):
        sts.assume_role(**NAMED, Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])


def test_a_source_identity_stays(iam: Any, sts: Any) -> None:
    first = sts.assume_role(**NAMED, SourceIdentity="me")
    assert first["SourceIdentity"] == "me"
    chained = client_of(first["Credentials"], "sts")
    assert chained.assume_role(**NAMED)["SourceIdentity"] == "me"
    with refused(
        "AccessDenied",
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/r/session is not authorized to perform: sts:SetSourceIdentity on "
        f"resource: {ROLE}",
        403,
    ):
        chained.assume_role(**NAMED, SourceIdentity="other")


def test_setting_a_source_identity_needs_permission() -> None:
    sts = client_of(make_user("alice"), "sts")
    make_role({"AWS": ALICE})
    with enable_iam_authentication(), refused("AccessDenied", not_trusted("sts:SetSourceIdentity")):
        sts.assume_role(**NAMED, SourceIdentity="me")


def test_policies_that_are_too_large(iam: Any, sts: Any) -> None:
    arns = [iam.create_policy(PolicyName=f"{i}" * 128, PolicyDocument=allow("*"))["Policy"]["Arn"] for i in range(10)]
    passed = [{"arn": arn} for arn in arns]
    too_large = allow(["iam:" + "x" * 100 for _ in range(5)])
    size = len(too_large) + sum(map(len, arns))
    message = f"Packed size of session policy consumes {-(-100 * size // 2048)}% of allotted space."
    with refused("PackedPolicyTooLarge", message, 400):
        sts.assume_role(**NAMED, PolicyArns=passed, Policy=too_large)
    with refused("PackedPolicyTooLarge", "Packed size of session tags consumes 152% of allotted space."):
        sts.assume_role(**NAMED, Tags=[{"Key": f"{index}", "Value": _noise(index)} for index in range(20)])


def _noise(seed: int) -> str:
    """Text that cannot be compressed much."""
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=200))


def test_a_denied_user_and_revoked_sessions(iam: Any, sts: Any) -> None:
    make_role({"AWS": ACCOUNT}, allow("iam:ListRoles"))
    session = client_of(sts.assume_role(**NAMED)["Credentials"], "iam")
    revoke = deny("*", Condition={"DateLessThan": {"aws:TokenIssueTime": "2999-01-01T00:00:00Z"}})
    iam.put_role_policy(RoleName="r", PolicyName="AWSRevokeOlderSessions", PolicyDocument=revoke)
    with enable_iam_authentication(), pytest.raises(session.exceptions.ClientError, match="explicit deny"):
        session.list_roles()


def test_the_session_token_can_be_padded(sts: Any) -> None:
    reply = sts.assume_role(**NAMED, MinimumSessionTokenSize=2048)
    assert len(reply["Credentials"]["SessionToken"]) == reply["SessionTokenSize"] == 2048
    assert reply["SessionTokenUtilization"] == 50
