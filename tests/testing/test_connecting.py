"""Everything that testers hold in the hand, about a server that runs elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from iamsim import Simulator, UsageError, decisions, disable_iam_authentication, enable_iam_authentication, mock_aws
from iamsim.enforcement import Enforcement
from iamsim.policy import Access, Policies, Policy, Principal, PrincipalKind, Session, evaluate
from iamsim.policy.exchange import answer_from_data, question_to_data
from iamsim.server import ServerThread
from iamsim.testing import (
    allowed_actions,
    anonymous,
    as_role,
    as_root,
    as_service,
    as_user,
    assert_allowed,
    assert_denied,
    assert_matrix,
    connect,
    deny,
    expect_allowed,
    expect_denied,
    from_network,
    role,
    soft_iam_authentication,
    user,
)
from tests.testing import module_level
from tests.testing.conftest import ALL_OF_S3, NO_DELETES, ORDER, READS

HOME = "123456789012"


@pytest.fixture(params=["never", "always"])
def server(request: pytest.FixtureRequest) -> Iterator[ServerThread]:
    """A server that enforces IAM, or does not; its simulator is not the one that is on in this process."""
    enforcement = Enforcement({"never": None, "always": 0}[request.param])
    with ServerThread(Simulator(enforcement=enforcement)) as running:
        yield running


@pytest.fixture
def remote(server: ServerThread) -> Iterator[Simulator]:
    with connect(server.url) as simulator:
        s3 = as_root().client("s3")
        s3.create_bucket(Bucket="orders")
        with disable_iam_authentication():
            s3.put_object(Bucket="orders", Key="1", Body=b"42")
        yield simulator


@pytest.fixture
def s3(remote: Simulator) -> Any:
    return boto3.client("s3", region_name="us-east-1")


def who(client: Any = None) -> str:
    return str((client or boto3.client("sts", region_name="us-east-1")).get_caller_identity()["Arn"])


class TestActing:
    def test_default_clients_act_there_and_are_checked(self, s3: Any, server: ServerThread) -> None:
        user("alice", {"reads": READS})
        with as_user("alice"):
            assert who() == f"arn:aws:iam::{HOME}:user/alice"
            assert s3.get_object(Bucket="orders", Key="1")["Body"].read() == b"42"
            with pytest.raises(ClientError, match="AccessDenied"):
                s3.delete_object(Bucket="orders", Key="1")
            with pytest.raises(ClientError, match="user/alice is not authorized to perform: sqs:listqueues"):
                module_level.names()
        assert [each.principal for each in server.simulator.decisions.denied][-2:] == [
            f"arn:aws:iam::{HOME}:user/alice"
        ] * 2

    def test_roles_services_root_and_nobody(self, s3: Any) -> None:
        role("app", ALL_OF_S3)
        assert as_role("app", session_name="night").arn == f"arn:aws:sts::{HOME}:assumed-role/app/night"
        with as_role("app", policy=READS):
            s3.get_object(Bucket="orders", Key="1")
            with expect_denied("s3:DeleteObject", by="session"):
                s3.delete_object(Bucket="orders", Key="1")
        with as_service("sns.amazonaws.com", source_arn="arn:aws:sns:us-east-1:1:t"), expect_denied(by="resource"):
            s3.get_object(Bucket="orders", Key="1")
        with as_root("222222222222"), expect_denied("s3:GetObject"):
            s3.get_object(Bucket="orders", Key="1")
        with anonymous(), expect_denied("s3:GetObject"):
            s3.get_object(Bucket="orders", Key="1")

    def test_own_clients(self, remote: Simulator) -> None:
        alice = user("alice", READS)
        assert who(alice.client("sts")).endswith("user/alice")
        with pytest.raises(ClientError, match="AccessDenied"):
            alice.client("s3").delete_object(Bucket="orders", Key="1")

    def test_switches_say_whether_a_call_is_checked(self, s3: Any) -> None:
        with enable_iam_authentication(), pytest.raises(ClientError, match="InvalidAccessKeyId"):
            s3.list_buckets()
        with disable_iam_authentication():
            assert len(s3.list_buckets()["Buckets"]) == 1

    def test_presigned_urls(self, s3: Any) -> None:
        with user("alice", READS):
            url = s3.generate_presigned_url("get_object", {"Bucket": "orders", "Key": "1"})
            assert requests.get(url, timeout=5).content == b"42"

    def test_near_names(self, remote: Simulator) -> None:
        user("alice")
        with pytest.raises(UsageError, match="no user `alise`: did you mean `alice`"):
            as_user("alise").__enter__()


class TestAsserting:
    def test_on_its_state(self, remote: Simulator, tmp_path: Path) -> None:
        (tmp_path / "p.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [ALL_OF_S3, NO_DELETES]}))
        user("alice", {"reads": READS}, tags={"team": "red"})
        role("app", tmp_path / "p.json")
        assert_allowed("alice", "s3:GetObject", ORDER)
        assert_denied("app", "s3:DeleteObject", ORDER, by="identity", statement="NoDeletes", explicit=True)
        assert allowed_actions("alice", ORDER, candidates="s3:*Object") == ["s3:GetObject"]
        assert_matrix({("alice", "s3:GetObject", ORDER): True, ("app", "s3:DeleteObject", ORDER): False})
        with pytest.raises(AssertionError, match=r"safety|p, NoDeletes \(role app, .*p.json, line 1\)"):
            assert_allowed("app", "s3:DeleteObject", ORDER)

    def test_around_calls(self, s3: Any) -> None:
        with user("alice", READS), expect_allowed("s3:GetObject"):
            s3.get_object(Bucket="orders", Key="1")
        with as_user("alice"), expect_denied("s3:DeleteObject", by="identity") as refused:
            s3.delete_object(Bucket="orders", Key="1")
        assert refused.decision is not None
        assert "no identity-based policy allows" in refused.decision.explain()
        assert [each.action for each in decisions(principal="alice", denied=True)] == ["s3:DeleteObject"]

    def test_decisions_are_those_since_the_connection(self, server: ServerThread) -> None:
        for _ in range(2):
            with connect(server.url) as remote:
                with user(f"user{len(server.simulator.decisions)}"), expect_denied():
                    boto3.client("sqs").list_queues()
                assert len(remote.decisions.denied) == 1
            assert len(remote.decisions.denied) == 1  # afterwards, too

    def test_reset(self, remote: Simulator, s3: Any) -> None:
        remote.reset()
        with disable_iam_authentication():
            assert s3.list_buckets()["Buckets"] == []
        with user("alice"), expect_denied():
            s3.list_buckets()


class TestWhatDoesNotWork:
    def test_says_so(self, s3: Any) -> None:
        for context in (deny("s3:*"), soft_iam_authentication(), from_network("198.51.100.7")):
            with pytest.raises(UsageError, match="not through `connect`"), context:
                s3.list_buckets()
        with pytest.raises(UsageError, match="not through `connect`"), from_network("198.51.100.7"):
            assert_allowed(as_root(), "s3:GetObject", ORDER)

    def test_inside_a_mock(self) -> None:
        with mock_aws(), pytest.raises(UsageError, match="a mock is on"):
            connect("http://127.0.0.1:1").start()

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("127.0.0.1:5000", "`127.0.0.1:5000` is no server: give its URL, such as `http://127.0.0.1:5000`"),
            ("http://127.0.0.1:1", "no server answers at http://127.0.0.1:1: start one with `iamsim serve`"),
        ],
    )
    def test_no_server(self, url: str, message: str) -> None:
        with pytest.raises(UsageError) as raised:
            connect(url).start()
        assert str(raised.value).startswith(message)
        with mock_aws():
            pass  # nothing is left on


def test_a_decision_travels_as_data() -> None:
    reads = Policy.parse({"Version": "2012-10-17", "Statement": [READS]}, name="reads", source="role app")
    session = Session(1.0, 2.0, (reads,), {"team": "red"}, frozenset({"team"}), context={"ec2:x": ["1", "2"]})
    arn = f"arn:aws:sts::{HOME}:assumed-role/app/s"
    principal = Principal(
        PrincipalKind.ROLE_SESSION, HOME, arn, "A:s", entity_arn=f"arn:aws:iam::{HOME}:role/app", session=session
    )
    access = Access(principal, "s3:PutObject", ORDER, HOME, {"aws:TagKeys": ["a"], "aws:username": "x"})
    evaluation = evaluate(
        access, Policies((reads,), reads, (reads,), (), scps=((reads,), (reads,)), scp_targets=("r", "a"))
    )
    made_again = answer_from_data(json.loads(json.dumps(question_to_data(evaluation))))
    assert made_again.access == access
    assert made_again.policies == evaluation.policies
    assert made_again.to_dict() == evaluation.to_dict()
    assert made_again.explain() == evaluation.explain()
    with pytest.raises(ValueError, match="not an access with policies"):
        answer_from_data({"access": {"$": "os"}, "policies": 1})
