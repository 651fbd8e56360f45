"""Faults on purpose, soft mode, and the filters of the decision log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from iamsim import Clock, Simulator, UsageError, decisions, enable_iam_authentication, mock_aws
from iamsim.testing import (
    WouldBeDenied,
    as_root,
    as_user,
    assert_allowed,
    deny,
    expect_allowed,
    expect_denied,
    fail,
    role,
    soft_iam_authentication,
    throttle,
    user,
)
from iamsim.testing.acting import Actor
from iamsim.testing.soft import SOFT
from tests.testing.conftest import ALL_OF_S3, ORDER


@contextmanager
def soft() -> Iterator[None]:
    """Soft mode, of which nothing is told at the end of the run."""
    with soft_iam_authentication():
        yield
    SOFT.take_notes()


class TestDeny:
    def test_denies_whoever_calls(self, s3: Any, alice: Actor) -> None:
        for who in (alice, as_root()):
            with who, deny("s3:GetObject") as fault, expect_denied("s3:GetObject", explicit=True, statement="Injected"):
                s3.get_object(Bucket="orders", Key="1")
            assert fault.count == 1
            with who, expect_allowed():
                s3.get_object(Bucket="orders", Key="1")

    def test_also_where_nothing_is_checked(self, s3: Any) -> None:
        with deny("s3:Get*", "arn:aws:s3:::orders/*"), pytest.raises(ClientError) as raised:
            s3.get_object(Bucket="orders", Key="1")
        assert raised.value.response["Error"]["Code"] == "AccessDenied"
        assert raised.value.response["Error"]["Message"].endswith("with an explicit deny in a resource-based policy")
        explanation = decisions()[-1].explain()
        assert "Deny by `deny` at tests/testing/test_faults.py:" in explanation
        assert "in test_also_where_nothing_is_checked" in explanation

    def test_so_often_and_no_more(self, s3: Any) -> None:
        with deny("s3:*", times=1):
            with pytest.raises(ClientError):
                s3.get_object(Bucket="orders", Key="1")
            s3.get_object(Bucket="orders", Key="1")

    def test_only_what_is_meant(self, s3: Any) -> None:
        with deny(["s3:PutObject", "sqs:*"], ["arn:aws:s3:::orders/2*", "arn:aws:sqs:*"]):
            s3.get_object(Bucket="orders", Key="1")
            s3.put_object(Bucket="orders", Key="1", Body=b"")
            with pytest.raises(ClientError):
                s3.put_object(Bucket="orders", Key="2", Body=b"")
            with pytest.raises(ClientError):
                boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="q")

    def test_by_the_operations_name(self, s3: Any) -> None:
        with deny("s3:ListObjectsV2"), pytest.raises(ClientError):  # which needs s3:ListBucket
            s3.list_objects_v2(Bucket="orders")

    def test_arrangements_and_assertions_are_spared(self, aws: Simulator) -> None:
        with deny("*"):
            app = role("app", ALL_OF_S3)
            assert_allowed(app, "s3:GetObject", ORDER)

    def test_its_parameters_by_name(self, s3: Any) -> None:
        with deny(actions="s3:*", resources="arn:aws:s3:::orders/1", times=1), pytest.raises(ClientError):
            s3.get_object(Bucket="orders", Key="1")

    def test_what_is_no_pattern(self) -> None:
        with pytest.raises(UsageError, match="`GetObject` is no pattern of actions: write `service:Action`"):
            deny("GetObject")
        with pytest.raises(UsageError, match=r"AWS has no action `s3:GetObjekt`: did you mean `s3:GetObject`\?"):
            deny("s3:GetObjekt")
        with pytest.raises(UsageError, match="`times` is 0: give the number of calls that are struck"):
            deny("s3:GetObject", times=0)
        deny(["sqs:SendMessageBatch", "s3:ListObjectsV2"])  # operations that are no actions


class TestFail:
    def test_code_status_and_message(self, s3: Any) -> None:
        once = fail("s3:PutObject", code="SlowDown", status=503, times=9)
        with once, pytest.raises(ClientError) as raised:
            s3.put_object(Bucket="orders", Key="2", Body=b"")
        assert raised.value.response["Error"] == {"Code": "SlowDown", "Message": "Please reduce your request rate."}
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert once.count > 1  # botocore has tried again, without waiting
        assert s3.list_objects_v2(Bucket="orders")["KeyCount"] == 1  # nothing was put
        with fail("s3:PutObject", code="MyError", message="mine"), pytest.raises(ClientError, match="mine") as raised:
            s3.put_object(Bucket="orders", Key="2", Body=b"")
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    @pytest.mark.parametrize(
        ("service", "operation", "throttled", "failed", "unavailable"),
        [
            ("s3", "list_buckets", ("SlowDown", 503), "InternalError", "ServiceUnavailable"),
            ("dynamodb", "list_tables", ("ThrottlingException", 400), "InternalServerError", "ServiceUnavailable"),
            ("sqs", "list_queues", ("RequestThrottled", 400), "InternalFailure", "ServiceUnavailable"),
            ("ec2", "describe_vpcs", ("RequestLimitExceeded", 503), "InternalError", "Unavailable"),
            ("iam", "list_users", ("Throttling", 400), "ServiceFailure", "ServiceUnavailable"),
            ("sts", "get_caller_identity", ("Throttling", 400), "InternalFailure", "ServiceUnavailable"),
        ],
    )
    def test_in_the_words_of_each_service(
        self, aws: Simulator, service: str, operation: str, throttled: tuple[str, int], failed: str, unavailable: str
    ) -> None:
        call = getattr(boto3.client(service, region_name="us-east-1"), operation)
        for fault, expected in (
            (throttle(f"{service}:*"), throttled),
            (fail(f"{service}:*", status=500), (failed, 500)),
            (fail(f"{service}:*", status=503), (unavailable, 503)),
        ):
            with fault, pytest.raises(ClientError) as raised:
                call()
            response = raised.value.response
            assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == expected
            assert fault.count == 1 + response["ResponseMetadata"]["RetryAttempts"] > 1
        with throttle(f"{service}:*", times=1) as once:
            call()  # tried again
        assert once.count == 1

    def test_retries_of_the_standard_mode_do_not_wait_either(self, aws: Simulator) -> None:
        config = Config(retries={"mode": "standard", "max_attempts": 3})
        sqs = boto3.client("sqs", region_name="us-east-1", config=config)
        with throttle("sqs:*", times=2) as fault:
            sqs.list_queues()
        assert fault.count == 2

    def test_what_says_no_failure(self) -> None:
        with pytest.raises(
            UsageError, match="`fail` needs the error's `code`; without one, `status=500` or `status=503`"
        ):
            fail("s3:*", status=400)

    def test_a_retry_hides_a_fault_that_strikes_once(self) -> None:
        clock = Clock(at=1_800_000_000)
        with mock_aws(clock=clock):
            table = boto3.client("dynamodb", region_name="us-east-1")
            with fail("dynamodb:*", code="ThrottlingException", times=2) as fault:
                assert table.list_tables()["TableNames"] == []
            assert fault.count == 2
            assert clock.now() > 1_800_000_000  # waiting took simulated time


class TestSoftMode:
    def test_everything_runs_and_warns(self, s3: Any, alice: Actor) -> None:
        with soft(), alice, pytest.warns(WouldBeDenied) as told:
            s3.delete_object(Bucket="orders", Key="1")
        assert str(told[0].message).startswith(
            "arn:aws:iam::123456789012:user/alice would be denied s3:DeleteObject on arn:aws:s3:::orders/1, because no "
            "identity-based policy allows the s3:DeleteObject action (at tests/testing/test_faults.py:"
        )
        assert told[0].filename.endswith("test_faults.py")
        assert [each.action for each in decisions().denied] == ["s3:DeleteObject"]
        assert "Contents" not in s3.list_objects_v2(Bucket="orders")

    def test_calls_that_are_not_authenticated(self, s3: Any) -> None:
        with (
            soft(),
            pytest.warns(WouldBeDenied, match="the call would be refused: InvalidAccessKey"),
        ):
            assert s3.get_object(Bucket="orders", Key="1")["Body"].read() == b"42"

    def test_what_runs_many_checks_notes_each(self, s3: Any, alice: Actor) -> None:
        keys = [{"Key": "1"}, {"Key": "2"}]
        with soft(), alice, pytest.warns(WouldBeDenied):
            assert "Errors" not in s3.delete_objects(Bucket="orders", Delete={"Objects": keys})
        assert len(decisions().denied) == 2

    def test_roles_are_assumed_whatever_they_trust(self, alice: Actor) -> None:
        role("app", ALL_OF_S3, trusts="lambda.amazonaws.com")
        arn, sts = "arn:aws:iam::123456789012:role/", alice.client("sts")

        def assume() -> None:
            for name in ("app", "nobody-made-it"):
                sts.assume_role(RoleArn=arn + name, RoleSessionName="soft")
            as_root().client("sts").assume_role(RoleArn=f"{arn}app", RoleSessionName="soft")
            sts.assume_role_with_web_identity(RoleArn=f"{arn}app", RoleSessionName="soft", WebIdentityToken="no-token")
            sts.get_federation_token(Name="bob")

        with soft(), pytest.warns(WouldBeDenied) as told:
            assume()
        assert [each.action for each in decisions().denied] == [
            "sts:AssumeRole",
            "sts:AssumeRole",
            "sts:AssumeRoleWithWebIdentity",
            "sts:GetFederationToken",
        ]
        assert "Roles may not be assumed by root accounts" in " ".join(str(each.message) for each in told)

    def test_sessions_made_in_soft_mode_act(self, s3: Any, alice: Actor) -> None:
        role("app", ALL_OF_S3, trusts="lambda.amazonaws.com")
        arn = "arn:aws:iam::123456789012:role/app"
        with soft(), pytest.warns(WouldBeDenied):
            issued = alice.client("sts").assume_role(RoleArn=arn, RoleSessionName="soft")["Credentials"]
        keys = (issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])
        with enable_iam_authentication(), expect_allowed("s3:GetObject"):
            boto3.Session(*keys).client("s3").get_object(Bucket="orders", Key="1")

    def test_ends(self, s3: Any, alice: Actor) -> None:
        with soft():
            pass
        with alice, expect_denied():
            s3.delete_object(Bucket="orders", Key="1")


class TestDecisionLog:
    def test_filters(self, aws: Simulator, s3: Any, alice: Actor) -> None:
        app = role("app", ALL_OF_S3)
        for who in (alice, app):
            with who:
                s3.get_object(Bucket="orders", Key="1")
                try:
                    s3.delete_object(Bucket="orders", Key="none")
                except ClientError:
                    assert who is alice
        log = decisions()
        assert len(log) == 4
        assert [each.action for each in log.denied] == ["s3:DeleteObject"]
        assert len(log.allowed) == 3
        assert len(log.filter(action="S3:get*")) == 2
        assert len(log.filter(principal="app")) == len(log.filter(principal="arn:aws:sts::*:assumed-role/app/*")) == 2
        assert len(log.filter(principal="arn:aws:iam::123456789012:user/alice", denied=True)) == 1
        assert len(log.filter(resource="arn:aws:s3:::orders/none")) == 2
        assert len(log.filter(principal="alice").denied.filter(action="s3:*")) == 1
        assert log.filter(principal="bob") == []
        assert log[:2].denied == log.denied
        assert aws.decisions() is log
        assert aws.decisions(denied=True) == log.denied
        (denied,) = log.denied
        assert (denied.effect.value, [each.check_type.value for each in denied.checks]) == (
            "IMPLICIT_DENY",
            ["PRINCIPAL"],
        )

    def test_filters_as_arguments(self, s3: Any, alice: Actor) -> None:
        with alice:
            s3.get_object(Bucket="orders", Key="1")
            with expect_denied():
                s3.delete_object(Bucket="orders", Key="1")
        assert [each.action for each in decisions(denied=True)] == ["s3:DeleteObject"]
        assert len(decisions(action="s3:*", principal="alice", resource=ORDER)) == 2
        assert decisions(principal="bob") == []

    def test_as_json(self, s3: Any, alice: Actor) -> None:
        with alice:
            s3.get_object(Bucket="orders", Key="1")
        [row] = json.loads(decisions().to_json())
        assert (row["service"], row["operation"], row["evaluatedEffect"]) == ("s3", "GetObject", "ALLOW")
        assert json.loads(decisions().denied.to_json(indent=None)) == []


class TestSnapshots:
    def test_everything_goes_back(self, aws: Simulator, s3: Any) -> None:
        clock = aws.cloud.clock
        before = clock.now()
        carol = user("carol", ALL_OF_S3)
        snapshot = aws.snapshot()
        next_id = aws.snapshot().clock["_random"].getrandbits(64)
        s3.delete_object(Bucket="orders", Key="1")
        boto3.client("iam", region_name="us-east-1").delete_user_policy(UserName="carol", PolicyName="policy-1")
        user("bob")
        clock.advance(3_600)
        aws.restore(snapshot)
        assert clock.now() < before + 3_600
        assert clock._random.getrandbits(64) == next_id
        assert s3.get_object(Bucket="orders", Key="1")["Body"].read() == b"42"
        with carol, expect_allowed():
            s3.get_object(Bucket="orders", Key="1")
        with pytest.raises(UsageError, match="no user `bob`"):
            _ = as_user("bob").arn
