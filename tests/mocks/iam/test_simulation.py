"""SimulateCustomPolicy, SimulatePrincipalPolicy and the keys that policies ask about."""

from __future__ import annotations

from typing import Any

from iamsim.testing import organization
from tests.mocks.iam.documents import ACCOUNT, allow, deny, make_user, policy, refused

BUCKET = "arn:aws:s3:::b"


def decisions(reply: Any) -> dict[str, str]:
    return {each["EvalActionName"]: each["EvalDecision"] for each in reply["EvaluationResults"]}


def test_custom_policies(iam: Any) -> None:
    reply = iam.simulate_custom_policy(
        PolicyInputList=[allow("s3:*", BUCKET), deny("s3:DeleteBucket")],
        ActionNames=["s3:ListBucket", "s3:DeleteBucket", "sqs:SendMessage"],
        ResourceArns=[BUCKET],
    )
    assert decisions(reply) == {
        "s3:ListBucket": "allowed",
        "s3:DeleteBucket": "explicitDeny",
        "sqs:SendMessage": "implicitDeny",
    }
    first, second, third = (each["MatchedStatements"] for each in reply["EvaluationResults"])
    assert [each["SourcePolicyId"] for each in first] == ["PolicyInputList.1"]
    assert [each["SourcePolicyId"] for each in second] == ["PolicyInputList.2"]
    assert third == []


def test_positions_of_statements(iam: Any) -> None:
    document = (
        '{\n "Version": "2012-10-17",\n "Statement": [\n'
        '  {"Effect": "Allow",\n   "Action": "s3:*", "Resource": "*"}\n ]\n}'
    )
    reply = iam.simulate_custom_policy(PolicyInputList=[document], ActionNames=["s3:ListBucket"])
    matched = reply["EvaluationResults"][0]["MatchedStatements"][0]
    assert matched["StartPosition"] == {"Line": 4, "Column": 3}
    assert matched["EndPosition"] == {"Line": 5, "Column": 38}


def test_several_resources_and_missing_context(iam: Any) -> None:
    document = allow(
        "s3:GetObject", f"{BUCKET}/${{aws:username}}/*", Condition={"Bool": {"aws:SecureTransport": "true"}}
    )
    context = [
        {"ContextKeyName": "aws:username", "ContextKeyValues": ["bob"], "ContextKeyType": "string"},
    ]
    asked = {
        "PolicyInputList": [document],
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": [f"{BUCKET}/bob/x", f"{BUCKET}/alice/x"],
    }
    result = iam.simulate_custom_policy(**asked, ContextEntries=context)["EvaluationResults"][0]
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", ["aws:SecureTransport"])
    context.append({"ContextKeyName": "aws:SecureTransport", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"})
    result = iam.simulate_custom_policy(**asked, ContextEntries=context)["EvaluationResults"][0]
    by_resource = {each["EvalResourceName"]: each["EvalResourceDecision"] for each in result["ResourceSpecificResults"]}
    assert by_resource == {f"{BUCKET}/bob/x": "allowed", f"{BUCKET}/alice/x": "implicitDeny"}


def test_a_principals_policies_with_its_boundary(iam: Any) -> None:
    make_user("alice", allow("s3:*"))
    iam.create_group(GroupName="g")
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=allow("sqs:*"))
    iam.add_user_to_group(GroupName="g", UserName="alice")
    boundary = iam.create_policy(PolicyName="b", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=boundary)
    reply = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/alice", ActionNames=["s3:ListBucket", "sqs:SendMessage"]
    )
    assert decisions(reply) == {"s3:ListBucket": "allowed", "sqs:SendMessage": "implicitDeny"}
    details = [each["PermissionsBoundaryDecisionDetail"] for each in reply["EvaluationResults"]]
    assert [each["AllowedByPermissionsBoundary"] for each in details] == [True, False]
    missing = f"arn:aws:iam::{ACCOUNT}:user/bob"
    with refused("NoSuchEntity", f"The entity with ARN {missing} cannot be found.", 404):
        iam.simulate_principal_policy(PolicySourceArn=missing, ActionNames=["s3:ListBucket"])


def test_organization_policies_and_resource_policies(iam: Any) -> None:
    asked = {"PolicyInputList": [allow("s3:*")], "ActionNames": ["s3:ListBucket"], "ResourceArns": [BUCKET]}
    level = {"ServiceControlPolicyInputList": [allow("sqs:*")]}
    result = iam.simulate_custom_policy(**asked, OrderedOrganizationPolicyInputList=[level])["EvaluationResults"][0]
    assert result["EvalDecision"] == "implicitDeny"
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    caller = f"arn:aws:iam::{ACCOUNT}:user/alice"
    resource_policy = policy(
        {"Effect": "Deny", "Principal": {"AWS": caller}, "Action": "s3:ListBucket", "Resource": BUCKET}
    )
    result = iam.simulate_custom_policy(**asked, ResourcePolicy=resource_policy, CallerArn=caller)["EvaluationResults"][
        0
    ]
    assert result["EvalDecision"] == "explicitDeny"
    assert result["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"
    with refused("InvalidInput", "CallerArn is required when a ResourcePolicy is given", 400):
        iam.simulate_custom_policy(**asked, ResourcePolicy=resource_policy)
    with refused("InvalidInput", "Invalid Service/Action specified: s3:*"):
        iam.simulate_custom_policy(PolicyInputList=[allow("*")], ActionNames=["s3:*"])
    with refused("InvalidInput", "Invalid Service/Action specified: s3:GetNothing"):
        iam.simulate_custom_policy(PolicyInputList=[allow("*")], ActionNames=["s3:GetNothing"])


def test_what_each_policy_says_across_accounts(iam: Any) -> None:
    """A-85, A-88."""
    caller = f"arn:aws:iam::{ACCOUNT}:user/alice"
    grant = policy({"Effect": "Allow", "Principal": {"AWS": caller}, "Action": "s3:ListBucket", "Resource": BUCKET})
    asked = {"ActionNames": ["s3:ListBucket"], "ResourceArns": [BUCKET], "ResourcePolicy": grant}
    owner = {"ResourceOwner": "arn:aws:iam::222222222222:root"}
    for own, decision in ((allow("s3:*"), "allowed"), (allow("sqs:*"), "implicitDeny")):
        reply = iam.simulate_custom_policy(PolicyInputList=[own], CallerArn=caller, **asked, **owner)
        result = reply["EvaluationResults"][0]
        assert result["EvalDecision"] == decision
        assert result["EvalDecisionDetails"] == {"IAM Policy": decision, "Resource Policy": "allowed"}
    reply = iam.simulate_custom_policy(PolicyInputList=[allow("sqs:*")], CallerArn=caller, **asked)
    assert "EvalDecisionDetails" not in reply["EvaluationResults"][0]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/session"
    with refused("InvalidInput", f"ARN {session} is not that of a user, group or role.", 400):
        iam.simulate_custom_policy(PolicyInputList=[allow("s3:*")], CallerArn=session, **asked)


def test_the_organization_of_the_principal(iam: Any) -> None:
    """A-86: its SCPs count, but not in the management account."""
    make_user("alice", allow("s3:*", "*"))
    asked = {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/alice", "ActionNames": ["s3:ListBucket", "s3:GetObject"]}
    no_reads = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
    organization([ACCOUNT], scps=no_reads)
    reply = iam.simulate_principal_policy(**asked)
    assert decisions(reply) == {"s3:ListBucket": "allowed", "s3:GetObject": "explicitDeny"}
    details = [each["OrganizationsDecisionDetail"] for each in reply["EvaluationResults"]]
    assert [each["AllowedByOrganizations"] for each in details] == [True, False]
    assert reply["EvaluationResults"][1]["MatchedStatements"] == []
    organization([], management="999999999999")
    organization([ACCOUNT], management=ACCOUNT, scps=no_reads)
    reply = iam.simulate_principal_policy(**asked)
    assert set(decisions(reply).values()) == {"allowed"}
    assert "OrganizationsDecisionDetail" not in reply["EvaluationResults"][0]


def test_context_keys(iam: Any) -> None:
    condition = {
        "StringEquals": {"aws:PrincipalTag/team": "${aws:RequestTag/team}"},
        "Bool": {"AWS:securetransport": "true"},
    }
    document = allow("s3:*", "arn:aws:s3:::${aws:username, 'nobody'}/*", Condition=condition)
    keys = ["aws:username", "aws:PrincipalTag/team", "aws:RequestTag/team", "AWS:securetransport"]
    assert iam.get_context_keys_for_custom_policy(PolicyInputList=[document])["ContextKeyNames"] == keys
    make_user("alice", document)
    arn = f"arn:aws:iam::{ACCOUNT}:user/alice"
    assert iam.get_context_keys_for_principal_policy(PolicySourceArn=arn)["ContextKeyNames"] == keys
