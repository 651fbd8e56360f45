"""DecodeAuthorizationMessage: what stands in the blob of a denial. Source: facts section 7."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from iamsim import enable_iam_authentication
from tests.mocks.iam.documents import ACCOUNT, allow, client_of, deny, make_user, refused, trust

BLOB = "Encoded authorization failure message: "
IMAGE = {"ImageId": "ami-0123456789abcdef0", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}


def decoded(client: Any, operation: str, **params: Any) -> dict[str, Any]:
    """The message of a call that is denied."""
    with enable_iam_authentication(), pytest.raises(client.exceptions.ClientError) as caught:
        getattr(client, operation)(**params)
    error = caught.value.response["Error"]
    assert error["Code"] == "UnauthorizedOperation"
    text, _, blob = error["Message"].partition(BLOB)
    assert text.endswith(". ")
    reader = client_of(make_user("reader", allow("sts:DecodeAuthorizationMessage")), "sts")
    with enable_iam_authentication():
        message: dict[str, Any] = json.loads(reader.decode_authorization_message(EncodedMessage=blob)["DecodedMessage"])
    return message


def conditions_of(message: dict[str, Any]) -> dict[str, list[str]]:
    items = message["context"]["conditions"]["items"]
    return {each["key"]: [value["value"] for value in each["values"]["items"]] for each in items}


def test_an_implicit_denial() -> None:
    """A-70 to A-72."""
    key = make_user("bob", allow("ec2:Describe*"), path="/team/")
    message = decoded(client_of(key, "ec2"), "stop_instances", InstanceIds=["i-0123456789abcdef0"])
    resource = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0123456789abcdef0"
    assert list(message) == ["allowed", "explicitDeny", "matchedStatements", "failures", "context"]
    assert (message["allowed"], message["explicitDeny"]) == (False, False)
    assert message["matchedStatements"] == message["failures"] == {"items": []}
    assert message["context"]["principal"] == {
        "id": boto3.client("iam").get_user(UserName="bob")["User"]["UserId"],
        "name": "bob",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/team/bob",
    }
    assert (message["context"]["action"], message["context"]["resource"]) == ("ec2:StopInstances", resource)
    told = conditions_of(message)
    internal = {key: told[f"aws:{key}"] for key in ("Region", "Service", "Account", "Resource", "Type", "ID", "ARN")}
    assert internal == {
        "Region": ["us-east-1"],
        "Service": ["ec2"],
        "Account": [ACCOUNT],
        "Resource": ["instance/i-0123456789abcdef0"],
        "Type": ["instance"],
        "ID": ["i-0123456789abcdef0"],
        "ARN": [resource],
    }


def test_an_explicit_denial() -> None:
    condition = {"StringEquals": {"ec2:InstanceType": ["t3.micro", "t3.small"]}}
    key = make_user("bob", allow("*"), deny(["ec2:RunInstances"], "*", Sid="NoMicros", Condition=condition))
    message = decoded(client_of(key, "ec2"), "run_instances", **IMAGE)
    (statement,) = message["matchedStatements"]["items"]
    assert message["explicitDeny"] is True
    assert statement == {
        "statementId": "NoMicros",
        "effect": "DENY",
        "principals": {"items": [{"value": boto3.client("iam").get_user(UserName="bob")["User"]["UserId"]}]},
        "principalGroups": {"items": []},
        "actions": {"items": [{"value": "ec2:RunInstances"}]},
        "resources": {"items": [{"value": "*"}]},
        "conditions": {
            "items": [{"key": "ec2:InstanceType", "values": {"items": [{"value": "t3.micro"}, {"value": "t3.small"}]}}]
        },
    }
    assert conditions_of(message)["ec2:InstanceType"] == ["t3.micro"]


def test_a_role_session_that_passes_a_role() -> None:
    """A-71: no name; A-73: the action that was missing is the one that is told."""
    iam = boto3.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("ec2:*"))
    iam.create_role(RoleName="app", Path="/x/", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
    iam.create_instance_profile(InstanceProfileName="app")
    iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
    named = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "RoleSessionName": "session"}
    session = boto3.client("sts", region_name="us-east-1").assume_role(**named)
    ec2 = client_of(session["Credentials"], "ec2")
    message = decoded(ec2, "run_instances", **IMAGE, IamInstanceProfile={"Name": "app"})
    assert message["context"]["principal"] == {
        "id": session["AssumedRoleUser"]["AssumedRoleId"],
        "arn": session["AssumedRoleUser"]["Arn"],
    }
    assert message["context"]["action"] == "iam:PassRole"
    assert message["context"]["resource"] == f"arn:aws:iam::{ACCOUNT}:role/x/app"
    assert conditions_of(message)["iam:RoleName"] == ["app"]


def test_it_needs_permission_and_a_real_message() -> None:
    nobody = client_of(make_user("nobody"), "sts")
    text = (
        f"User: arn:aws:iam::{ACCOUNT}:user/nobody is not authorized to perform: sts:DecodeAuthorizationMessage "
        "because no identity-based policy allows the sts:DecodeAuthorizationMessage action"
    )
    with enable_iam_authentication(), refused("AccessDenied", text, 403):
        nobody.decode_authorization_message(EncodedMessage="x")
    reader = client_of(make_user("reader", allow("sts:*")), "sts")
    for nonsense in ("x", "AAAA", "e30=", "-" * 1000):
        with (
            enable_iam_authentication(),
            refused("InvalidAuthorizationMessageException", "The encoded authorization message is not valid.", 400),
        ):
            reader.decode_authorization_message(EncodedMessage=nonsense)
