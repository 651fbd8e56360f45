"""Assertions on state, on documents and around calls, and how they explain themselves."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import pytest

from iamsim import Simulator, UsageError, decisions
from iamsim.testing import (
    allowed_actions,
    anonymous,
    as_role,
    assert_allowed,
    assert_denied,
    assert_matrix,
    expect_allowed,
    expect_denied,
    role,
    user,
)
from iamsim.testing.acting import Actor
from iamsim.testing.questions import question
from tests.testing.conftest import ALL_OF_S3, NO_DELETES, ORDER, READS

ALICE = "arn:aws:iam::123456789012:user/alice"


class TestOnState:
    def test_users_by_name_arn_and_actor(self, alice: Actor) -> None:
        for who in ("alice", ALICE, alice):
            assert_allowed(who, "s3:GetObject", ORDER)
            assert_denied(who, ["s3:PutObject", "s3:DeleteObject"], [ORDER, "arn:aws:s3:::orders/2"], by="identity")
        assert len(decisions()) == 0  # nothing was called

    def test_roles(self, aws: Simulator) -> None:
        role("app", ALL_OF_S3)
        for who in ("app", "arn:aws:iam::123456789012:role/app", "arn:aws:sts::123456789012:assumed-role/app/x"):
            assert_allowed(who, "s3:PutObject", ORDER)
        assert_denied(as_role("app", policy=READS), "s3:PutObject", ORDER, by="session", explicit=False)
        assert_denied("anonymous", "s3:GetObject", ORDER)
        assert_denied(anonymous(), "s3:GetObject", ORDER)
        assert_denied("sns.amazonaws.com", "s3:GetObject", ORDER, by="resource")

    def test_what_blocks(self, aws: Simulator) -> None:
        user("bob", [ALL_OF_S3, NO_DELETES], boundary=READS)
        assert_denied("bob", "s3:DeleteObject", ORDER, by="identity", statement="NoDeletes", explicit=True)
        assert_denied("bob", "s3:PutObject", ORDER, by="boundary", explicit=False)
        assert_denied("bob", "s3:DeleteObject", ORDER, by=["identity", "boundary"])
        assert_allowed("bob", "s3:GetObject", ORDER, statement="All")

    def test_resource_policies_and_tags_count(self, s3: Any) -> None:
        user("bob", {"Effect": "Allow", "Action": "sqs:*", "Resource": "*",
                     "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}})  # fmt: skip
        policy = {"Version": "2012-10-17", "Statement": [
            {"Sid": "Locked", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::orders/*"}
        ]}  # fmt: skip
        s3.put_bucket_policy(Bucket="orders", Policy=json.dumps(policy))
        assert_denied("bob", "s3:GetObject", ORDER, by="resource", statement="Locked")
        sqs = boto3.client("sqs", region_name="us-east-1")
        sqs.create_queue(QueueName="red", tags={"team": "red"})
        sqs.create_queue(QueueName="blue", tags={"team": "blue"})
        assert_allowed("bob", "sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:red")
        assert_denied("bob", "sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:blue")

    def test_trust_policies(self, alice: Actor) -> None:
        app = role("app", trusts=alice)
        user("bob")
        arn = app.principal.entity_arn
        assert_allowed("alice", "sts:AssumeRole", arn)
        assert_denied("bob", "sts:AssumeRole", arn, by="trust")

    def test_context(self, aws: Simulator) -> None:
        user("carol", ALL_OF_S3 | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}})
        assert_denied("carol", "s3:GetObject", ORDER)
        assert_allowed("carol", "s3:GetObject", ORDER, context={"aws:MultiFactorAuthPresent": True})

    def test_services_without_a_mock(self, aws: Simulator) -> None:
        user("carol", {"Effect": "Allow", "Action": "braket:*", "Resource": "*"})
        assert_allowed("carol", "braket:GetJob", "arn:aws:braket:us-east-1:123456789012:job/1")

    def test_who_is_not_known(self, alice: Actor) -> None:
        with pytest.raises(UsageError, match="no user or role `alise`: did you mean `alice`"):
            assert_denied("alise", "s3:GetObject")
        role("alice")
        with pytest.raises(UsageError, match=r"`alice` is a user and a role: give `arn:.*` or `arn:"):
            assert_denied("alice", "s3:GetObject")


class TestOnDocuments:
    def test_without_a_simulator(self, tmp_path: Path) -> None:
        (tmp_path / "reads.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [READS]}))
        assert_allowed("alice", "s3:GetObject", ORDER, identity_policies=[tmp_path / "reads.json"])
        assert_denied("alice", "s3:PutObject", ORDER, identity_policies=READS, by="identity")
        assert_denied("alice", "s3:GetObject", ORDER, identity_policies=READS, boundary=NO_DELETES, by="boundary")
        assert_denied("alice", "s3:GetObject", ORDER, identity_policies=READS, scps=NO_DELETES, by="scp")
        assert_denied("alice", "s3:GetObject", ORDER, identity_policies=[], explicit=False)
        managed = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
        assert_allowed("alice", "s3:GetObject", ORDER, identity_policies=managed)

    def test_policies_for_short(self) -> None:
        assert_allowed("alice", "s3:GetObject", ORDER, policies=READS)
        assert_denied("alice", "s3:GetObject", ORDER, policies=READS, permissions_boundary=NO_DELETES, by="boundary")
        for word in ("identity-based", "IDENTITY_BASED_POLICY", "identity_policies"):
            assert_denied("alice", "s3:PutObject", ORDER, policies=READS, by=word)

    def test_what_is_no_resource(self) -> None:
        with pytest.raises(UsageError, match="`orders/1` is no resource: give an ARN"):
            assert_denied("alice", "s3:GetObject", "orders/1", policies=READS)

    def test_own_folders(self) -> None:
        own = ALL_OF_S3 | {"Resource": "arn:aws:s3:::home/${aws:username}/*"}
        assert_allowed("alice", "s3:PutObject", "arn:aws:s3:::home/alice/x", identity_policies=own)
        assert_denied("alice", "s3:PutObject", "arn:aws:s3:::home/bob/x", identity_policies=own)

    def test_public_buckets(self) -> None:
        public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
        more: dict[str, Any] = {"resource_policy": public, "resource_account": "222222222222"}
        assert_allowed("anonymous", "s3:GetObject", ORDER, **more)
        more |= {"s3_block_public_access": True}
        assert_denied("anonymous", "s3:GetObject", ORDER, by="block_public_access", **more)

    @pytest.mark.parametrize(
        ("action", "options", "message"),
        [
            ("s3:GetObjct", {}, "AWS has no action `s3:GetObjct`: did you mean `s3:GetObject`?"),
            ("GetObject", {}, "`GetObject` is no action: write `service:Action`, such as `s3:GetObject`"),
            ("Get*", {}, "`Get*` is no pattern of actions: write `service:Action`, such as `s3:Get*`"),
            ("s3:Gte*", {}, "AWS has no action that `s3:Gte*` matches"),
            ("sqs:*", {}, "`sqs:*` matches 20 actions, none of which is about `arn:aws:s3:::orders/1`"),
            ("s3:GetObject", {"by": "bundary"}, "nothing is denied by `bundary`: did you mean `boundary`?"),
            ("s3:GetObject", {"spcs": []}, "`spcs` is nothing that an assertion takes: did you mean `scps`?"),
            ("s3:GetObject", {"context": {"SourceIp": "::1"}}, "`SourceIp` is no condition key: write `aws:SourceIp`"),
            ("s3:GetObject", {"mfa": True}, "`mfa` is nothing that an assertion takes: known are boundary, identity_p"),
        ],
    )
    def test_mistakes_are_not_denials(self, action: str, options: dict[str, Any], message: str) -> None:
        with pytest.raises(UsageError) as raised:
            assert_denied("alice", action, ORDER, **{"identity_policies": READS, **options})
        assert str(raised.value).startswith(message)


def failure(function: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as raised:
        function(*args, **options)
    return str(raised.value)


def anywhere(text: str) -> str:
    """`text` with N for the lines of Python files."""
    return re.sub(r"(\.py):\d+", r"\1:N", text)


class TestFailuresExplainThemselves:
    def test_a_missing_allow(self, alice: Actor) -> None:
        head, explanation = failure(assert_allowed, "alice", "s3:DeleteObject", ORDER).split("\n\n")
        assert head == MISSING_ALLOW
        assert explanation == question("alice", "s3:DeleteObject", ORDER, None, {}).explain()

    def test_a_deny(self, aws: Simulator) -> None:
        user("bob", {"all": ALL_OF_S3, "safety": NO_DELETES})
        head, explanation = failure(assert_allowed, "bob", "s3:DeleteObject", ORDER).split("\n\n")
        assert anywhere(head) == A_DENY
        assert explanation == question("bob", "s3:DeleteObject", ORDER, None, {}).explain()

    def test_what_should_be_denied(self, alice: Actor) -> None:
        head, explanation = failure(assert_denied, "alice", "s3:GetObject", ORDER).split("\n\n")
        assert anywhere(head) == ALLOWED
        assert explanation == question("alice", "s3:GetObject", ORDER, None, {}).explain()

    @pytest.mark.parametrize(
        ("options", "first_line"),
        [
            (
                {"by": "boundary"},
                "expected to be denied by the permissions boundary, is by the identity-based policies: ",
            ),
            ({"by": ["identity", "scp"]}, "expected to be blocked by identity, scp, is by identity: "),
            ({"explicit": False}, "expected that an Allow is missing, but a Deny matches: "),
            ({"statement": "DenyAll"}, "expected statement `DenyAll` to decide, it was `NoDeletes`: "),
        ],
    )
    def test_another_reason(self, aws: Simulator, options: dict[str, Any], first_line: str) -> None:
        user("bob", {"all": ALL_OF_S3, "safety": NO_DELETES})
        text = failure(assert_denied, "bob", "s3:DeleteObject", ORDER, **options)
        who = "arn:aws:iam::123456789012:user/bob"
        assert text.splitlines()[0] == f"{first_line}{who} s3:DeleteObject on {ORDER}"

    def test_pytest_shows_the_callers_line(self, alice: Actor) -> None:
        with pytest.raises(AssertionError) as raised:
            assert_allowed("alice", "s3:DeleteObject", ORDER)
        hidden = [entry.frame.f_locals.get("__tracebackhide__") for entry in raised.traceback]
        assert hidden == [None, True, True]


MISSING_ALLOW = """\
expected to be allowed, is denied: arn:aws:iam::123456789012:user/alice s3:DeleteObject on arn:aws:s3:::orders/1
checks: principal's account: DOES NOT ALLOW (decides)
decided by the identity-based policies: no Allow matches"""
A_DENY = """\
expected to be allowed, is denied: arn:aws:iam::123456789012:user/bob s3:DeleteObject on arn:aws:s3:::orders/1
checks: principal's account: DENIES (decides)
decided by the identity-based policies: a Deny matches
  safety, NoDeletes (user bob, tests/testing/test_assertions.py:N in test_a_deny):
  {"Sid": "NoDeletes", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}"""
ALLOWED = """\
expected to be denied, is allowed: arn:aws:iam::123456789012:user/alice s3:GetObject on arn:aws:s3:::orders/1
checks: principal's account: allows (decides)
allowed by
  reads, Reads (user alice, tests/testing/conftest.py:N in alice):
  {"Sid": "Reads", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}"""


class TestAroundCalls:
    def test_expect_denied(self, s3: Any, alice: Actor) -> None:
        with alice, expect_denied("s3:DeleteObject", by="identity") as refused:
            s3.delete_object(Bucket="orders", Key="1")
        assert refused.decision is not None
        assert refused.decision.action == "s3:DeleteObject"
        assert "AccessDenied" in str(refused.error)

    def test_expect_denied_where_the_code_catches_it(self, s3: Any, alice: Actor) -> None:
        orders = "arn:aws:s3:::orders/*"
        with alice, expect_denied("s3:delete*", orders) as refused, suppress(s3.exceptions.ClientError):
            s3.delete_object(Bucket="orders", Key="1")
        assert refused.error is None
        assert refused.decision is not None

    def test_expect_denied_through_the_codes_own_error(self, s3: Any, alice: Actor) -> None:
        with alice, expect_denied() as refused:
            try:
                s3.head_object(Bucket="orders", Key="1")
                s3.delete_object(Bucket="orders", Key="1")
            except s3.exceptions.ClientError as error:
                raise RuntimeError("order could not be deleted") from error
        assert isinstance(refused.error, RuntimeError)

    def test_other_errors_are_not_taken(self, s3: Any, alice: Actor) -> None:
        with pytest.raises(ZeroDivisionError), alice, expect_denied():
            1 / 0  # noqa: B018
        with pytest.raises(s3.exceptions.NoSuchKey), alice, expect_denied():
            s3.get_object(Bucket="orders", Key="none")

    def test_nothing_was_denied(self, s3: Any, alice: Actor) -> None:
        with pytest.raises(AssertionError) as raised, alice, expect_denied("s3:GetObject"):
            s3.get_object(Bucket="orders", Key="1")
        assert str(raised.value) == (
            "expected s3:GetObject to be denied: in this block were\n  allowed: s3:GetObject on arn:aws:s3:::orders/1"
        )

    def test_nothing_was_checked(self, s3: Any) -> None:
        with pytest.raises(AssertionError) as raised, expect_denied("s3:GetObject"):
            s3.get_object(Bucket="orders", Key="1")
        assert str(raised.value) == (
            "expected s3:GetObject to be denied: no call was checked in this block: act as somebody "
            "(`with as_user(...)`) or switch IAM on (`enable_iam_authentication()`)"
        )

    def test_another_action_was_denied(self, s3: Any, alice: Actor) -> None:
        with (
            pytest.raises(AssertionError, match="expected s3:GetObject to be denied, this was: "),
            alice,
            expect_denied("s3:GetObject"),
        ):
            s3.delete_object(Bucket="orders", Key="1")

    def test_denied_by_something_else(self, s3: Any, alice: Actor) -> None:
        with (
            pytest.raises(AssertionError, match="expected to be denied by the permissions boundary"),
            alice,
            expect_denied("s3:DeleteObject", by="boundary"),
        ):
            s3.delete_object(Bucket="orders", Key="1")

    def test_expect_allowed(self, s3: Any, alice: Actor) -> None:
        with alice, expect_allowed("s3:GetObject"):
            s3.get_object(Bucket="orders", Key="1")
        with (
            pytest.raises(AssertionError, match="expected every call to be allowed, this one is denied"),
            alice,
            expect_allowed(),
        ):
            s3.delete_object(Bucket="orders", Key="1")
        with (
            pytest.raises(AssertionError, match="expected s3:PutObject to be allowed: in this block were"),
            alice,
            expect_allowed("s3:PutObject"),
        ):
            s3.get_object(Bucket="orders", Key="1")
        with pytest.raises(AssertionError, match="no call was checked"), expect_allowed():
            s3.get_object(Bucket="orders", Key="1")


class TestManyAtOnce:
    def test_allowed_actions(self, alice: Actor) -> None:
        candidates = ["s3:GetObject", "s3:PutObject", "s3:GetObjectTagging", "s3:GetObject"]
        assert allowed_actions("alice", ORDER, candidates=candidates) == ["s3:GetObject", "s3:GetObjectTagging"]
        assert allowed_actions("alice", ORDER) == allowed_actions("alice", ORDER, "s3:*")
        with pytest.raises(UsageError, match=r"say which actions on `\*` are meant"):
            allowed_actions("alice")
        found = allowed_actions("alice", ORDER, candidates="s3:*Object")
        assert found == ["s3:GetObject"]
        assert allowed_actions("bob", ORDER, candidates="s3:*Object", identity_policies=NO_DELETES) == []

    def test_patterns_mean_what_can_be_about_the_resource(self, alice: Actor) -> None:
        assert_allowed("alice", "s3:Get*", ORDER)
        assert_denied("alice", ["s3:Put*", "s3:Delete*"], [ORDER, "arn:aws:s3:::orders"])
        found = allowed_actions("alice", "arn:aws:s3:::orders", candidates="s3:ListBucket*")
        assert found == ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"]
        assert "s3:ListAllMyBuckets" in allowed_actions("alice", candidates="s3:List*")
        text = failure(assert_allowed, "alice", "s3:*Object", ORDER)
        assert text.startswith(
            "expected to be allowed, is denied: arn:aws:iam::123456789012:user/alice s3:DeleteObject "
        )

    def test_matrix(self, alice: Actor) -> None:
        app, for_alice = role("app", ALL_OF_S3), READS | {"Principal": {"AWS": ALICE}}
        assert_matrix(
            """
                                                   alice  app    guest
            s3:GetObject     arn:aws:s3:::orders/1 allow  allow  deny
            s3:DeleteObject  arn:aws:s3:::orders/1 deny   allow  -
            """,
            principals={"app": app, "guest": {"principal": "anonymous", "resource_policy": for_alice}},
        )
        assert_matrix({("alice", "s3:GetObject", ORDER): True, ("alice", "s3:PutObject", ORDER): "deny"})

    def test_a_wrong_matrix_shows_the_table(self, alice: Actor) -> None:
        role("app", ALL_OF_S3)
        text = failure(
            assert_matrix,
            """
                                                   alice  app
            s3:GetObject     arn:aws:s3:::orders/1 deny   allow
            s3:DeleteObject  arn:aws:s3:::orders/1 deny   deny
            """,
        )
        assert text.split("\n\nexpected")[0] == MATRIX
        assert text.count("expected to be denied, is allowed: ") == 2

    def test_patterns_in_a_matrix(self, alice: Actor) -> None:
        assert_matrix({("alice", "s3:Get*", ORDER): True, ("alice", "s3:Put*", ORDER): False})
        text = failure(assert_matrix, {("alice", "s3:*Object", ORDER): False})
        assert "\ns3:*Object  arn:aws:s3:::orders/1  >> some\n\nexpected to be denied, is allowed: " in text
        assert "user/alice s3:GetObject on" in text

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ("", "the table of `assert_matrix` has no cells"),
            ("a b\ns3:GetObject * allow", "line 2 of the table: an action, a resource and 2 cells are wanted (a, b), "),
            ("a\ns3:GetObject * perhaps", "cell `perhaps` (a s3:GetObject *): write `allow`, `deny`, or `-`"),
        ],
    )
    def test_a_bad_table(self, table: str, message: str) -> None:
        with pytest.raises(UsageError) as raised:
            assert_matrix(table)
        assert str(raised.value).startswith(message)


MATRIX = """\
2 of 4 cells are not as expected (marked >>)

                                        alice     app
s3:GetObject     arn:aws:s3:::orders/1  >> allow  allow
s3:DeleteObject  arn:aws:s3:::orders/1  deny      >> allow"""
