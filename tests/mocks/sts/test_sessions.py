"""GetCallerIdentity, GetSessionToken, GetFederationToken, AssumeRoot and the diagnostic operations."""

from __future__ import annotations

import base64
import zlib
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest

from iamsim import Simulator, enable_iam_authentication
from tests.mocks.iam.documents import ACCOUNT, ADMIN, OTHER_ACCOUNT, allow, client_of, deny, make_user, refused

NO_TOKEN = "The security token included in the request is invalid."


def test_the_unknown_caller_is_the_root_user(sts: Any) -> None:
    identity = sts.get_caller_identity()
    del identity["ResponseMetadata"]
    assert identity == {"UserId": ACCOUNT, "Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:root"}


def test_who_i_am_is_no_secret(iam: Any) -> None:
    sts = client_of(make_user("alice", deny("*"), path="/x/"), "sts")
    user = iam.get_user(UserName="alice")["User"]
    with enable_iam_authentication():
        identity = sts.get_caller_identity()
    assert (identity["Arn"], identity["UserId"]) == (user["Arn"], user["UserId"])


def test_a_session_token_stands_for_the_user(iam: Any) -> None:
    key = make_user("alice", allow("iam:*"))
    with enable_iam_authentication():
        session = client_of(key, "sts").get_session_token(DurationSeconds=900)["Credentials"]
        assert session["AccessKeyId"].startswith("ASIA")
        assert 0 < (session["Expiration"] - datetime.now(timezone.utc)).total_seconds() <= 900
        sts = client_of(session, "sts")
        assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/alice"
        with refused("AccessDenied", "Cannot call GetSessionToken with session credentials", 403):
            sts.get_session_token()
        with refused("InvalidClientTokenId", NO_TOKEN, 403):
            client_of(session, "iam").get_user()


def test_sessions_end_with_their_user(iam: Any) -> None:
    key = make_user("alice")
    session = client_of(key, "sts").get_session_token()["Credentials"]
    iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="alice")
    with enable_iam_authentication(), refused("InvalidClientTokenId", NO_TOKEN, 403):
        client_of(session, "sts").get_caller_identity()


def test_a_federated_user_may_what_both_allow() -> None:
    sts = client_of(make_user("alice", allow(["sts:GetFederationToken", "sqs:*"])), "sts")
    with enable_iam_authentication():
        reply = sts.get_federation_token(Name="visitor", Policy=allow("sqs:ListQueues"))
        assert reply["FederatedUser"] == {
            "FederatedUserId": f"{ACCOUNT}:visitor",
            "Arn": f"arn:aws:sts::{ACCOUNT}:federated-user/visitor",
        }
        assert reply["PackedPolicySize"] > 0
        sqs = client_of(reply["Credentials"], "sqs")
        sqs.list_queues()
        with pytest.raises(sqs.exceptions.ClientError, match="no session policy allows"):
            sqs.create_queue(QueueName="q")
        without = client_of(sts.get_federation_token(Name="visitor")["Credentials"], "sqs")
        with pytest.raises(without.exceptions.ClientError, match="no session policy allows"):
            without.list_queues()
        with refused("InvalidClientTokenId", NO_TOKEN):
            client_of(reply["Credentials"], "iam").list_users()


def test_federation_tokens_need_permission() -> None:
    sts = client_of(make_user("alice"), "sts")
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/visitor"
    with (
        enable_iam_authentication(),
        refused(
            "AccessDenied",
            f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: sts:GetFederationToken on "
            f"resource: {arn} because no identity-based policy allows the sts:GetFederationToken action",
            403,
        ),
    ):
        sts.get_federation_token(Name="visitor")


def test_assume_root_for_a_task() -> None:
    sts = client_of(make_user("alice", allow("sts:AssumeRoot", f"arn:aws:iam::{OTHER_ACCOUNT}:root")), "sts")
    task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
    with enable_iam_authentication():
        root = sts.assume_root(TargetPrincipal=OTHER_ACCOUNT, TaskPolicyArn=task)["Credentials"]
        assert client_of(root, "sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{OTHER_ACCOUNT}:root"
        with refused("ValidationError", f"{ADMIN} is not a root task policy", 400):
            sts.assume_root(TargetPrincipal=OTHER_ACCOUNT, TaskPolicyArn={"arn": ADMIN})
        with pytest.raises(sts.exceptions.ClientError, match="sts:AssumeRoot"):
            sts.assume_root(TargetPrincipal="999999999999", TaskPolicyArn=task)


def test_assume_root_wants_an_endpoint_of_a_region_and_another_account() -> None:
    """A-68."""
    key = make_user("alice", allow("sts:AssumeRoot"))
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    world = boto3.client("sts", region_name="us-east-1", endpoint_url="https://sts.amazonaws.com", **keys)
    task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
    with enable_iam_authentication():
        with pytest.raises(world.exceptions.ClientError, match=r"AccessDenied.* not supported at the global endpoint"):
            world.assume_root(TargetPrincipal=OTHER_ACCOUNT, TaskPolicyArn=task)
        sts = client_of(key, "sts")
        with pytest.raises(
            sts.exceptions.ClientError, match=r"AccessDenied.* not authorized to perform: sts:AssumeRoot"
        ):
            sts.assume_root(TargetPrincipal=ACCOUNT, TaskPolicyArn=task)


def test_whose_key(sts: Any) -> None:
    key = make_user("alice")
    assert sts.get_access_key_info(AccessKeyId=key["AccessKeyId"])["Account"] == ACCOUNT
    with refused("ValidationError", "The access key AKIAIOSFODNN7EXAMPLE does not exist.", 400):
        sts.get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")


def test_what_cannot_be_honoured_is_said(sts: Any, aws: Simulator) -> None:
    with refused("InvalidAuthorizationMessageException", "The encoded authorization message is not valid.", 400):
        sts.decode_authorization_message(EncodedMessage="nonsense")
    for text in (b"[" * 100_000, b"\xff", b"{"):
        blob = base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")
        with pytest.raises(sts.exceptions.InvalidAuthorizationMessageException):
            sts.decode_authorization_message(EncodedMessage=blob)
    with refused(
        "NotMocked", "iamsim hands out no trade-in tokens, so that GetDelegatedAccessToken has nothing to trade in", 501
    ):
        sts.get_delegated_access_token(TradeInToken="t")
