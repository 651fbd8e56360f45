"""What `user(...)` and `role(...)` make is what the same calls of IAM's API make, member for member."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from iamsim import UsageError, mock_aws
from iamsim.clock import Clock
from iamsim.testing import role, user

READS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
WRITES = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Put*", "Resource": "*"}]}
LIMITS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
MANAGED = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
TAGS = [{"Key": "team", "Value": "red"}]
TRUST_ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
RANDOM = {"UserId", "RoleId", "GroupId", "PolicyId", "RequestId", "date"}


def without_ids(value: Any) -> Any:
    """`value` without what a simulator draws at random."""
    if isinstance(value, dict):
        return {
            key: without_ids(each) for key, each in value.items() if key not in RANDOM and key != "ResponseMetadata"
        }
    return [without_ids(each) for each in value] if isinstance(value, list) else value


def state(arrange: Callable[[Any], object]) -> dict[str, Any]:
    """Everything that IAM's API tells of the account once `arrange` is done, in a simulator of its own."""
    with mock_aws(clock=Clock(at=1_800_000_000)):
        iam = boto3.client("iam", region_name="us-east-1")
        arrange(iam)
        told: dict[str, Any] = {"details": iam.get_account_authorization_details()}
        for each in iam.list_users()["Users"]:
            name = each["UserName"]
            told[f"user {name}"] = iam.get_user(UserName=name)
            told[f"groups of {name}"] = iam.list_groups_for_user(UserName=name)
            told[f"policies of {name}"] = iam.list_user_policies(UserName=name)
            told[f"keys of {name}"] = iam.list_access_keys(UserName=name)
            told[f"tags of {name}"] = iam.list_user_tags(UserName=name)
        for each in iam.list_roles()["Roles"]:
            name = each["RoleName"]
            told[f"role {name}"] = iam.get_role(RoleName=name)
            told[f"policies of {name}"] = iam.list_role_policies(RoleName=name)
            told[f"attached to {name}"] = iam.list_attached_role_policies(RoleName=name)
            told[f"tags of {name}"] = iam.list_role_tags(RoleName=name)
        told["policies"] = iam.list_policies(Scope="Local")
        told["groups"] = iam.list_groups()
    found: dict[str, Any] = without_ids(told)
    return found


def test_a_user_with_everything(tmp_path: Path) -> None:
    (tmp_path / "writes.json").write_text(json.dumps(WRITES))

    def by_helper(iam: Any) -> None:
        user(
            "carol",
            [READS, tmp_path / "writes.json", MANAGED],
            boundary=LIMITS,
            groups={"readers": {"reads": READS}, "empty": []},
            tags={"team": "red"},
            path="/people/",
        )

    def by_api(iam: Any) -> None:
        limits = iam.create_policy(PolicyName="carol-boundary", PolicyDocument=json.dumps(LIMITS))["Policy"]["Arn"]
        iam.create_user(UserName="carol", Path="/people/", Tags=TAGS, PermissionsBoundary=limits)
        iam.put_user_policy(UserName="carol", PolicyName="policy-1", PolicyDocument=json.dumps(READS))
        iam.put_user_policy(UserName="carol", PolicyName="writes", PolicyDocument=json.dumps(WRITES))
        iam.attach_user_policy(UserName="carol", PolicyArn=MANAGED)
        for group in ("readers", "empty"):
            iam.create_group(GroupName=group)
            iam.add_user_to_group(GroupName=group, UserName="carol")
        iam.put_group_policy(GroupName="readers", PolicyName="reads", PolicyDocument=json.dumps(READS))

    made = state(by_helper)
    assert made == state(by_api)
    assert made["user carol"]["User"]["Arn"] == "arn:aws:iam::123456789012:user/people/carol"


def test_a_role_with_everything() -> None:
    def by_helper(iam: Any) -> None:
        role(
            "app",
            {"reads": READS, "queues": MANAGED},
            trusts=["lambda.amazonaws.com", "222222222222"],
            boundary="arn:aws:iam::aws:policy/PowerUserAccess",
            tags={"team": "red"},
            path="/service/",
            max_session_duration_s=7_200,
        )

    def by_api(iam: Any) -> None:
        principal = {"Service": ["lambda.amazonaws.com"], "AWS": ["arn:aws:iam::222222222222:root"]}
        statement = {"Effect": "Allow", "Principal": principal, "Action": TRUST_ACTIONS}
        iam.create_role(
            RoleName="app",
            Path="/service/",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            Tags=TAGS,
            PermissionsBoundary="arn:aws:iam::aws:policy/PowerUserAccess",
            MaxSessionDuration=7_200,
        )
        iam.put_role_policy(RoleName="app", PolicyName="reads", PolicyDocument=json.dumps(READS))
        iam.attach_role_policy(RoleName="app", PolicyArn=MANAGED)

    made = state(by_helper)
    assert made == state(by_api)
    assert made["role app"]["Role"]["MaxSessionDuration"] == 7_200


def test_the_plainest() -> None:
    def by_api(iam: Any) -> None:
        iam.create_user(UserName="dave")
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam::123456789012:root"]},
            "Action": TRUST_ACTIONS,
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.create_role(RoleName="job", AssumeRolePolicyDocument=document)

    assert state(lambda iam: (user("dave"), role("job"))) == state(by_api)


def test_acting_leaves_nothing_behind() -> None:
    def acts(iam: Any) -> None:
        with user("dave"), role("job"):
            boto3.client("sts", region_name="us-east-1").get_caller_identity()

    found, idle = state(acts), state(lambda iam: (user("dave"), role("job")))
    assert found["keys of dave"]["AccessKeyMetadata"] == []
    assert found["role job"]["Role"].pop("RoleLastUsed") != idle["role job"]["Role"].pop("RoleLastUsed")
    assert found["role job"] == idle["role job"]
    assert found["user dave"] == idle["user dave"]


@mock_aws
def test_a_boundary_that_several_have(tmp_path: Path) -> None:
    (tmp_path / "limits.json").write_text(json.dumps(LIMITS))
    for name in ("ann", "bob"):
        user(name, boundary=tmp_path / "limits.json")
    role("app", boundary={"limits": LIMITS})
    (made,) = boto3.client("iam", region_name="us-east-1").list_policies(Scope="Local")["Policies"]
    assert (made["PolicyName"], made["PermissionsBoundaryUsageCount"]) == ("limits", 3)
    with pytest.raises(UsageError, match="A policy called limits already exists"):
        user("carol", boundary={"limits": READS})


@mock_aws
def test_a_trust_policy_in_a_file(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    file = tmp_path / "trust.json"
    file.write_text(json.dumps(trust))
    for name, given in {"a": file, "b": str(file), "c": json.dumps(trust), "d": trust}.items():
        role(name, trusts=given)
    roles = boto3.client("iam", region_name="us-east-1").list_roles()["Roles"]
    assert [each["AssumeRolePolicyDocument"] for each in roles] == [trust] * 4
    with pytest.raises(UsageError, match=r"there is no file `none\.json` below"):
        role("e", trusts="none.json")


@mock_aws
def test_one_group_is_a_group() -> None:
    user("ann", groups="readers")
    groups = boto3.client("iam", region_name="us-east-1").list_groups_for_user(UserName="ann")["Groups"]
    assert [each["GroupName"] for each in groups] == ["readers"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"policies": '{"Version": "2012-10-17", "Statement": [}'},
            "policy `policy-1`, line 1, column 41: Syntax errors in policy. (expected a JSON value, found `}`)",
        ),
        (
            {"policies": {"writes": {"Effect": "allow", "Action": "s3:*", "Resource": "*"}}},
            'policy `writes`, line 5, column 7: The policy failed legacy parsing (Effect is "Allow" or "Deny")',
        ),
        (
            {"boundary": {"Effect": "Allow", "Actions": "s3:*", "Resource": "*"}},
            "policy `ann-boundary`, line 6, column 7: Syntax errors in policy. "
            "(unknown member `Actions` of a statement; did you mean `Action`?)",
        ),
        ({"boundary": [READS, WRITES]}, "`boundary` is 2 policies: it must be one"),
    ],
)
@mock_aws
def test_a_policy_that_iam_refuses(given: Any, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        user("ann", **given)
    assert str(raised.value) == message
