"""What users and roles may do by their own policies: inline, attached, of groups, boundaries, session policies."""

from __future__ import annotations

import boto3
import pytest

from iamsim import set_initial_no_auth_action_count

from .conftest import HOME, Account, Attempt, allow, assume, deny, document

USER = f"arn:aws:iam::{HOME}:user/alice"
QUEUES = f"arn:aws:sqs:us-east-1:{HOME}"


def refusal(action: str, resource: str, reason: str, who: str = USER) -> str:
    return f"User: {who} is not authorized to perform: sqs:{action} on resource: {QUEUES}:{resource} {reason}"


def no(kind: str, action: str) -> str:
    return f"because no {kind} allows the sqs:{action} action"


class TestUsers:
    def test_nothing_is_allowed_by_default(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        home.queue("orders")
        expected = refusal("getqueueurl", "orders", no("identity-based policy", "getqueueurl"))
        assert attempt(sqs.get_queue_url, QueueName="orders") == expected
        expected = refusal("listqueues", "", no("identity-based policy", "listqueues"))
        assert attempt(sqs.list_queues) == expected

    def test_what_does_not_exist_is_not_told_to_who_may_not_ask(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        expected = refusal("getqueueurl", "nothing", no("identity-based policy", "getqueueurl"))
        assert attempt(sqs.get_queue_url, QueueName="nothing") == expected

    def test_the_root_user_may_do_all(self, home: Account, attempt: Attempt) -> None:
        assert attempt(home.root.client("sqs").create_queue, QueueName="orders") == ""

    def test_an_inline_policy(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice", allow("sqs:CreateQueue", f"{QUEUES}:a-*")).client("sqs")
        assert attempt(sqs.create_queue, QueueName="a-1") == ""
        expected = refusal("createqueue", "b-1", no("identity-based policy", "createqueue"))
        assert attempt(sqs.create_queue, QueueName="b-1") == expected
        assert len(home.root.client("sqs").list_queues()["QueueUrls"]) == 1

    def test_policies_come_and_go(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        policy = home.managed("lister", allow("sqs:ListQueues"))
        for is_attached in (True, False):
            change = home.iam.attach_user_policy if is_attached else home.iam.detach_user_policy
            change(UserName="alice", PolicyArn=policy)
            assert (attempt(sqs.list_queues) == "") is is_attached

    def test_the_default_version_of_a_managed_policy_counts(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        policy = home.managed("p", allow("sqs:ListQueues"))
        home.iam.attach_user_policy(UserName="alice", PolicyArn=policy)
        new = {"PolicyArn": policy, "PolicyDocument": document(allow("s3:*"))}
        home.iam.create_policy_version(**new)
        assert attempt(sqs.list_queues) == ""
        home.iam.create_policy_version(**new, SetAsDefault=True)
        assert attempt(sqs.list_queues) != ""

    def test_a_policy_of_aws(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        home.iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess")
        assert attempt(sqs.list_queues) == ""
        assert attempt(sqs.create_queue, QueueName="x") != ""

    def test_groups(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice").client("sqs")
        home.iam.create_group(GroupName="g")
        home.iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=document(allow("sqs:ListQueues")))
        home.iam.attach_group_policy(GroupName="g", PolicyArn=home.managed("p", allow("sqs:CreateQueue")))
        assert attempt(sqs.list_queues) != ""
        home.iam.add_user_to_group(GroupName="g", UserName="alice")
        assert attempt(sqs.list_queues) == attempt(sqs.create_queue, QueueName="x") == ""
        home.iam.remove_user_from_group(GroupName="g", UserName="alice")
        assert attempt(sqs.list_queues) != ""

    def test_a_deny_wins(self, home: Account, attempt: Attempt) -> None:
        statements = (allow("sqs:*"), deny("sqs:CreateQueue", f"{QUEUES}:secret-*"))
        sqs = home.user("alice", *statements).client("sqs")
        assert attempt(sqs.create_queue, QueueName="open") == ""
        expected = refusal("createqueue", "secret-1", "with an explicit deny in an identity-based policy")
        assert attempt(sqs.create_queue, QueueName="secret-1") == expected

    def test_a_deny_in_a_managed_policy_names_it(self, home: Account, attempt: Attempt) -> None:
        """A-5."""
        sqs = home.user("alice", allow("sqs:*")).client("sqs")
        policy = home.managed("never", deny("sqs:CreateQueue"))
        home.iam.attach_user_policy(UserName="alice", PolicyArn=policy)
        expected = refusal("createqueue", "x", f"with an explicit deny in an identity-based policy: {policy}")
        assert attempt(sqs.create_queue, QueueName="x") == expected

    def test_tagging_at_creation_needs_a_permission_of_its_own(self, home: Account, attempt: Attempt) -> None:
        sqs = home.user("alice", allow("sqs:CreateQueue")).client("sqs")
        expected = refusal("tagqueue", "x", no("identity-based policy", "tagqueue"))
        assert attempt(sqs.create_queue, QueueName="x", tags={"a": "b"}) == expected
        assert "QueueUrls" not in home.root.client("sqs").list_queues()
        assert attempt(sqs.create_queue, QueueName="x") == ""


class TestBoundaries:
    @pytest.mark.parametrize(
        ("boundary", "reason"),
        [
            (allow("sqs:*"), ""),
            (allow("s3:*"), no("permissions boundary", "listqueues")),
            (deny("sqs:List*"), "with an explicit deny in a permissions boundary"),
        ],
    )
    def test_a_boundary_caps(self, home: Account, attempt: Attempt, boundary: dict[str, str], reason: str) -> None:
        policy = home.managed("boundary", boundary)
        sqs = home.user("alice", allow("sqs:*"), PermissionsBoundary=policy).client("sqs")
        if "explicit" in reason:
            reason += f": {policy}"
        assert attempt(sqs.list_queues) == (refusal("listqueues", "", reason) if reason else "")

    def test_a_boundary_grants_nothing(self, home: Account, attempt: Attempt) -> None:
        policy = home.managed("boundary", allow("*"))
        sqs = home.user("alice", PermissionsBoundary=policy).client("sqs")
        assert attempt(sqs.list_queues) == refusal("listqueues", "", no("identity-based policy", "listqueues"))


class TestRoles:
    SESSION = f"arn:aws:sts::{HOME}:assumed-role/worker/session"

    def test_the_session_has_the_permissions_of_the_role(self, home: Account, attempt: Attempt) -> None:
        alice = home.user("alice", allow("s3:*"))
        sqs = assume(alice, home.role("worker", {"AWS": USER}, allow("sqs:ListQueues"))).client("sqs")
        assert attempt(sqs.list_queues) == ""
        expected = refusal("createqueue", "x", no("identity-based policy", "createqueue"), self.SESSION)
        assert attempt(sqs.create_queue, QueueName="x") == expected

    def test_a_trust_policy_that_names_the_user_suffices(self, home: Account, attempt: Attempt) -> None:
        sts = home.user("alice").client("sts")
        role = home.role("worker", {"AWS": USER})
        assert attempt(sts.assume_role, RoleArn=role, RoleSessionName="session") == ""

    def test_one_that_names_the_account_leaves_it_to_the_user_s_policies(self, home: Account, attempt: Attempt) -> None:
        role = home.role("worker", {"AWS": HOME})
        sts = home.user("alice").client("sts")
        assert attempt(sts.assume_role, RoleArn=role, RoleSessionName="session") == (
            f"User: {USER} is not authorized to perform: sts:AssumeRole on resource: {role} because no identity-based "
            "policy allows the sts:AssumeRole action"
        )
        sts = home.user("bob", allow("sts:AssumeRole", role)).client("sts")
        assert attempt(sts.assume_role, RoleArn=role, RoleSessionName="session") == ""

    def test_one_that_names_somebody_else(self, home: Account, attempt: Attempt) -> None:
        role = home.role("worker", {"Service": "ec2.amazonaws.com"})
        sts = home.user("alice", allow("sts:*")).client("sts")
        assert attempt(sts.assume_role, RoleArn=role, RoleSessionName="session") == (
            f"User: {USER} is not authorized to perform: sts:AssumeRole on resource: {role} because no role trust "
            "policy allows the sts:AssumeRole action"
        )

    def test_across_accounts_both_sides_must_allow(self, home: Account, abroad: Account, attempt: Attempt) -> None:
        silent, willing = home.user("alice").client("sts"), home.user("bob", allow("sts:AssumeRole")).client("sts")
        role = abroad.role("worker", {"AWS": USER})
        assert attempt(silent.assume_role, RoleArn=role, RoleSessionName="session") == (
            f"User: {USER} is not authorized to perform: sts:AssumeRole on resource: {role} because no identity-based "
            "policy allows the sts:AssumeRole action"
        )
        assert "role trust policy" in attempt(willing.assume_role, RoleArn=role, RoleSessionName="session")
        home.iam.put_user_policy(
            UserName="alice", PolicyName="p", PolicyDocument=document(allow("sts:AssumeRole", role))
        )
        assert attempt(silent.assume_role, RoleArn=role, RoleSessionName="session") == ""

    @pytest.mark.parametrize(
        ("session", "reason"),
        [
            (allow("sqs:ListQueues"), ""),
            (allow("sqs:SendMessage"), no("session policy", "listqueues")),
            (deny("*"), "with an explicit deny in a session policy"),
        ],
    )
    def test_session_policies_cap(self, home: Account, attempt: Attempt, session: dict[str, str], reason: str) -> None:
        alice = home.user("alice")
        role = home.role("worker", {"AWS": USER}, allow("sqs:*"))
        sqs = assume(alice, role, Policy=document(session)).client("sqs")
        assert attempt(sqs.list_queues) == (refusal("listqueues", "", reason, self.SESSION) if reason else "")

    def test_a_managed_session_policy(self, home: Account, attempt: Attempt) -> None:
        alice = home.user("alice")
        role = home.role("worker", {"AWS": USER}, allow("sqs:*"))
        arns = [{"arn": home.managed("p", allow("sqs:CreateQueue"))}]
        sqs = assume(alice, role, PolicyArns=arns).client("sqs")
        assert attempt(sqs.create_queue, QueueName="x") == ""
        assert attempt(sqs.list_queues) == refusal("listqueues", "", no("session policy", "listqueues"), self.SESSION)

    def test_a_role_has_a_boundary_too(self, home: Account, attempt: Attempt) -> None:
        alice, boundary = home.user("alice"), home.managed("boundary", allow("s3:*"))
        role = home.role("worker", {"AWS": USER}, allow("sqs:*"), PermissionsBoundary=boundary)
        sqs = assume(alice, role).client("sqs")
        expected = refusal("listqueues", "", no("permissions boundary", "listqueues"), self.SESSION)
        assert attempt(sqs.list_queues) == expected


@set_initial_no_auth_action_count(4)
def test_enforcement_begins_after_the_set_up(aws: object) -> None:
    """The story of the manual: four calls make a user, and from then on it counts what it may do."""
    iam = boto3.client("iam")
    iam.create_user(UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document(allow("sqs:CreateQueue")))
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="before")
    alice = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1").client("sqs")
    url = alice.create_queue(QueueName="after")["QueueUrl"]
    with pytest.raises(alice.exceptions.ClientError, match="is not authorized to perform: sqs:sendmessage"):
        alice.send_message(QueueUrl=url, MessageBody="x")
