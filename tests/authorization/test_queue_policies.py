"""Queue policies: within an account, across accounts, and for everybody."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config

from iamsim import Simulator, enable_iam_authentication

from .conftest import ABROAD, HOME, REGION, Account, Attempt, allow, assume, deny

QUEUE = f"arn:aws:sqs:{REGION}:{HOME}:orders"
ALICE, BOB = f"arn:aws:iam::{HOME}:user/alice", f"arn:aws:iam::{ABROAD}:user/bob"
NO_IDENTITY = "because no identity-based policy allows the {0} action"
NO_RESOURCE = "because no resource-based policy allows the {0} action"


def to(principal: Any, action: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    """A statement of the queue policy."""
    who = principal if principal == "*" else {"AWS": principal}
    return {"Effect": effect, "Principal": who, "Action": action, "Resource": QUEUE, **more}


def refusal(who: str, action: str, reason: str) -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {QUEUE} {reason.format(action)}"


class TestWithinAnAccount:
    def test_the_queue_policy_alone_suffices(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        url = home.queue("orders", to(ALICE, "sqs:SendMessage"))
        assert attempt(sqs.send_message, QueueUrl=url, MessageBody="x") == ""
        expected = refusal(ALICE, "sqs:receivemessage", NO_IDENTITY)
        assert attempt(sqs.receive_message, QueueUrl=url) == expected

    def test_the_account_as_principal_leaves_it_to_the_user_s_policies(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        url = home.queue("orders", to(HOME, "sqs:*"))
        expected = refusal(ALICE, "sqs:sendmessage", NO_IDENTITY)
        assert attempt(sqs.send_message, QueueUrl=url, MessageBody="x") == expected

    def test_its_deny_wins(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice", allow("sqs:*")).client("sqs")
        url = home.queue("orders", to("*", "sqs:*"), to(ALICE, "sqs:SendMessage", "Deny"))
        expected = refusal(ALICE, "sqs:sendmessage", "with an explicit deny in a resource-based policy")
        assert attempt(sqs.send_message, QueueUrl=url, MessageBody="x") == expected
        assert attempt(sqs.send_message_batch, QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}]) == expected
        assert attempt(sqs.receive_message, QueueUrl=url) == ""

    def test_a_role_or_its_session_may_be_named(self, home: Account, attempt: Attempt) -> None:
        alice = home.user("alice")
        role = home.role("worker", {"AWS": ALICE})
        session = f"arn:aws:sts::{HOME}:assumed-role/worker/session"
        url = home.queue("orders", to(role, "sqs:SendMessage"), to(session, "sqs:ReceiveMessage"))
        ours, other = (assume(alice, role, name).client("sqs") for name in ("session", "other"))
        assert attempt(ours.send_message, QueueUrl=url, MessageBody="x") == ""
        assert attempt(other.send_message, QueueUrl=url, MessageBody="x") == ""
        assert attempt(ours.receive_message, QueueUrl=url) == ""
        expected = refusal(session.replace("/session", "/other"), "sqs:receivemessage", NO_IDENTITY)
        assert attempt(other.receive_message, QueueUrl=url) == expected

    def test_actions_are_written_in_any_case(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        url = home.queue("orders", to(ALICE, ["SQS:SendMessage", "sqs:receivemessage"]))
        assert attempt(sqs.send_message, QueueUrl=url, MessageBody="x") == ""
        assert attempt(sqs.receive_message, QueueUrl=url) == ""


class TestAcrossAccounts:
    def test_both_sides_must_allow(self, home: Account, abroad: Account, attempt: Attempt) -> None:
        bob, carol = abroad.user("bob", allow("sqs:*")).client("sqs"), abroad.user("carol").client("sqs")
        closed = home.queue("closed")
        url = home.queue("orders", to([BOB, BOB.replace("bob", "carol")], "sqs:SendMessage"))
        assert attempt(bob.send_message, QueueUrl=url, MessageBody="x") == ""
        expected = refusal(BOB.replace("bob", "carol"), "sqs:sendmessage", NO_IDENTITY)
        assert attempt(carol.send_message, QueueUrl=url, MessageBody="x") == expected
        expected = refusal(BOB, "sqs:sendmessage", NO_RESOURCE).replace("orders", "closed")
        assert attempt(bob.send_message, QueueUrl=closed, MessageBody="x") == expected

    def test_the_message_arrives_in_the_owner_s_queue(self, home: Account, abroad: Account) -> None:
        bob = abroad.user("bob", allow("sqs:*")).client("sqs")
        home.queue("orders", to(ABROAD, ["sqs:GetQueueUrl", "sqs:SendMessage"]))
        with enable_iam_authentication():
            url = bob.get_queue_url(QueueName="orders", QueueOwnerAWSAccountId=HOME)["QueueUrl"]
            bob.send_message(QueueUrl=url, MessageBody="hello")
            [message] = home.root.client("sqs").receive_message(QueueUrl=url, AttributeNames=["SenderId"])["Messages"]
        assert message["Body"] == "hello"
        assert message["Attributes"]["SenderId"] == abroad.iam.get_user(UserName="bob")["User"]["UserId"]

    def test_the_name_alone_means_the_caller_s_own_account(self, home: Account, abroad: Account) -> None:
        bob = abroad.user("bob", allow("sqs:*")).client("sqs")
        home.queue("orders", to("*", "sqs:*"))
        with enable_iam_authentication(), pytest.raises(bob.exceptions.QueueDoesNotExist):
            bob.get_queue_url(QueueName="orders")

    @pytest.mark.parametrize(
        ("operation", "params"),
        [
            ("add_permission", {"Label": "x", "AWSAccountIds": [ABROAD], "Actions": ["SendMessage"]}),
            ("delete_queue", {}),
            ("list_queue_tags", {}),
            ("remove_permission", {"Label": "x"}),
            ("set_queue_attributes", {"Attributes": {"DelaySeconds": "1"}}),
            ("tag_queue", {"Tags": {"a": "b"}}),
            ("untag_queue", {"TagKeys": ["a"]}),
        ],
    )
    def test_what_only_the_owner_s_account_may_do(
        self, home: Account, abroad: Account, attempt: Attempt, operation: str, params: dict[str, Any]
    ) -> None:
        """R-148: the queue policy's grant does not count."""
        bob, alice = abroad.user("bob", allow("sqs:*")), home.user("alice")
        url = home.queue("orders", to([BOB, ALICE], "sqs:*"))
        expected = refusal(BOB, f"sqs:{operation.replace('_', '')}", NO_RESOURCE)
        assert attempt(getattr(bob.client("sqs"), operation), QueueUrl=url, **params) == expected
        if operation != "remove_permission":  # there is none of that label
            assert attempt(getattr(alice.client("sqs"), operation), QueueUrl=url, **params) == ""

    @pytest.mark.parametrize("operation", ["start_message_move_task", "list_message_move_tasks"])
    def test_nor_move_tasks(self, home: Account, abroad: Account, attempt: Attempt, operation: str) -> None:
        bob = abroad.user("bob", allow("sqs:*")).client("sqs")
        home.queue("orders", to(BOB, "sqs:*"))
        expected = refusal(BOB, f"sqs:{operation.replace('_', '')}", NO_RESOURCE)
        assert attempt(getattr(bob, operation), SourceArn=QUEUE) == expected

    def test_add_permission(self, home: Account, abroad: Account, attempt: Attempt) -> None:
        bob = abroad.user("bob", allow("sqs:*")).client("sqs")
        url = home.queue("orders")
        assert attempt(bob.send_message, QueueUrl=url, MessageBody="x") != ""
        owner = home.root.client("sqs")
        owner.add_permission(QueueUrl=url, Label="bobs", AWSAccountIds=[ABROAD], Actions=["SendMessage"])
        assert attempt(bob.send_message, QueueUrl=url, MessageBody="x") == ""
        owner.remove_permission(QueueUrl=url, Label="bobs")
        assert attempt(bob.send_message, QueueUrl=url, MessageBody="x") != ""


class TestEverybody:
    def unsigned(self) -> Any:
        return boto3.client("sqs", region_name=REGION, config=Config(signature_version=UNSIGNED))

    def test_a_queue_may_be_open(self, home: Account, attempt: Attempt) -> None:
        url = home.queue("orders", to("*", "sqs:SendMessage"))
        assert attempt(self.unsigned().send_message, QueueUrl=url, MessageBody="x") == ""
        assert requests.get(f"{url}?Action=SendMessage&MessageBody=x", timeout=10).status_code == 200

    def test_or_not(self, home: Account, attempt: Attempt) -> None:
        url = home.queue("orders", to("*", "sqs:SendMessage"))
        expected = refusal("anonymous", "sqs:receivemessage", NO_RESOURCE)
        assert attempt(self.unsigned().receive_message, QueueUrl=url) == expected

    def test_a_denial_in_the_query_protocol(self, home: Account) -> None:
        url = home.queue("orders")
        with enable_iam_authentication():
            answer = requests.get(f"{url}?Action=SendMessage&MessageBody=x", timeout=10)
        message = refusal("anonymous", "sqs:sendmessage", NO_RESOURCE)
        assert answer.status_code == 403
        assert f"<Code>AccessDenied</Code><Message>{message}</Message>" in answer.text


def test_a_denied_call_changes_nothing(aws: Simulator, home: Account, attempt: Attempt) -> None:
    sqs = home.user("alice", deny("*")).client("sqs")
    url = home.queue("orders")
    for operation, params in (
        (sqs.send_message, {"MessageBody": "x"}),
        (sqs.purge_queue, {}),
        (sqs.delete_queue, {}),
        (sqs.tag_queue, {"Tags": {"a": "b"}}),
    ):
        assert attempt(operation, QueueUrl=url, **params) != ""
    owner = home.root.client("sqs")
    counts = owner.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert counts == {"ApproximateNumberOfMessages": "0"}
    assert "Tags" not in owner.list_queue_tags(QueueUrl=url)
