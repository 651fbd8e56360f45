"""INITIAL_NO_AUTH_ACTION_COUNT and its decorators: which calls are checked."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import (
    UsageError,
    decisions,
    disable_iam_authentication,
    enable_iam_authentication,
    mock_aws,
    set_initial_no_auth_action_count,
)

VARIABLE = "INITIAL_NO_AUTH_ACTION_COUNT"


def list_queues() -> dict[str, Any]:
    return boto3.client("sqs", region_name="us-east-1").list_queues()


def is_refused() -> bool:
    """Whether a call with the dummy credentials is refused, as it is wherever IAM is enforced."""
    try:
        list_queues()
    except ClientError as error:
        return bool(error.response["Error"]["Code"] == "InvalidClientTokenId")
    return False


class TestEnvironment:
    @mock_aws
    def test_unset_never_enforces(self) -> None:
        assert not any(is_refused() for _ in range(10))

    def test_the_first_n_calls_run_unchecked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "2")
        with mock_aws():
            assert [is_refused() for _ in range(4)] == [False, False, True, True]
        with mock_aws():  # counts anew with fresh state
            assert [is_refused() for _ in range(3)] == [False, False, True]

    def test_zero_enforces_from_the_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "0")
        with mock_aws():
            assert is_refused()

    @pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "inf", "0x2"])
    def test_what_is_no_number_is_an_error(self, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, value)
        with pytest.raises(UsageError) as raised:
            mock_aws().start()
        assert str(raised.value) == (
            f"`{VARIABLE}` is `{value}`: give the number of calls that run before IAM is enforced (0: enforce all)"
        )
        monkeypatch.delenv(VARIABLE)
        with mock_aws():  # the failed start left nothing behind
            assert not is_refused()

    @pytest.mark.parametrize("name", ["INITIAL_NO_AUTH_ACTIONS_COUNT", "INITAL_NO_AUTH_ACTION_COUNT"])
    def test_a_misspelt_switch_is_an_error(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, "0")
        with pytest.raises(UsageError, match=f"unknown environment variable `{name}`: did you mean `{VARIABLE}`"):
            mock_aws().start()

    def test_an_unknown_switch_of_ours_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IAMSIM_ENFORCE", "1")
        with pytest.raises(UsageError, match="unknown environment variable `IAMSIM_ENFORCE`"):
            mock_aws().start()


class TestDecorator:
    @mock_aws
    @set_initial_no_auth_action_count(1)
    def test_below_mock_aws(self) -> None:
        assert [is_refused() for _ in range(3)] == [False, True, True]

    @set_initial_no_auth_action_count(1)
    @mock_aws
    def test_above_mock_aws(self) -> None:
        assert [is_refused() for _ in range(3)] == [False, True, True]

    @pytest.mark.asyncio
    @mock_aws
    @set_initial_no_auth_action_count(1)
    async def test_async(self) -> None:
        refused = []
        for _ in range(2):
            await asyncio.sleep(0)
            refused.append(is_refused())
        assert refused == [False, True]

    @mock_aws
    def test_restored_when_it_returns(self) -> None:
        @set_initial_no_auth_action_count(0)
        def inside() -> bool:
            return is_refused()

        assert [is_refused(), inside(), is_refused()] == [False, True, False]

    @mock_aws
    def test_restored_when_it_raises(self) -> None:
        @set_initial_no_auth_action_count(0)
        def inside() -> None:
            list_queues()

        with pytest.raises(ClientError):
            inside()
        assert not is_refused()

    @mock_aws
    def test_counts_anew_on_each_call(self) -> None:
        @set_initial_no_auth_action_count(1)
        def inside() -> list[bool]:
            return [is_refused() for _ in range(2)]

        assert inside() == inside() == [False, True]

    @mock_aws
    def test_nests(self) -> None:
        @set_initial_no_auth_action_count(2)
        def outer() -> list[bool]:
            @set_initial_no_auth_action_count(0)
            def inner() -> bool:
                return is_refused()

            return [is_refused(), inner(), is_refused(), is_refused()]

        assert outer() == [False, True, False, True]

    def test_wins_over_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "0")

        @set_initial_no_auth_action_count(1)
        def inside() -> list[bool]:
            return [is_refused() for _ in range(2)]

        with mock_aws():
            assert inside() == [False, True]
            assert is_refused()

    @pytest.mark.parametrize("count", [-1, "many", None, True])
    def test_a_count_that_is_no_number_is_an_error(self, count: Any) -> None:
        with pytest.raises(UsageError, match=VARIABLE):
            set_initial_no_auth_action_count(count)


class TestContextManagers:
    @mock_aws
    def test_enable(self) -> None:
        with enable_iam_authentication():
            assert is_refused()
        assert not is_refused()

    @mock_aws
    @set_initial_no_auth_action_count(0)
    def test_disable(self) -> None:
        with disable_iam_authentication():
            assert not is_refused()
            with enable_iam_authentication():
                assert is_refused()
            assert not is_refused()
        assert is_refused()

    @mock_aws
    def test_restored_after_an_exception(self) -> None:
        with pytest.raises(ZeroDivisionError), enable_iam_authentication():
            1 / 0  # noqa: B018
        assert not is_refused()

    def test_before_the_mock_starts(self) -> None:
        with enable_iam_authentication(), mock_aws():
            assert is_refused()


@mock_aws
@set_initial_no_auth_action_count(4)
def test_a_user_whose_key_was_made_in_the_first_four_calls() -> None:
    iam = boto3.client("iam", region_name="us-east-1")
    iam.create_user(UserName="reader")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}
    policy = iam.create_policy(PolicyName="describe", PolicyDocument=json.dumps(document))["Policy"]
    iam.attach_user_policy(UserName="reader", PolicyArn=policy["Arn"])
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    ec2 = boto3.client(
        "ec2",
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    assert ec2.describe_instances()["Reservations"] == []
    with pytest.raises(ClientError) as raised:
        ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1)
    assert raised.value.response["Error"]["Code"] == "UnauthorizedOperation"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert raised.value.response["Error"]["Message"].startswith(
        "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/reader is not "
        "authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:"
    )
    assert [decision.allowed for decision in decisions()] == [True, False]
