"""What pytest's report says of a test that fails because a call was denied."""

from __future__ import annotations

import sys

import pytest

from tests.testing.runs import Run

pytest_plugins = ["pytester"]


class TestExplanation:
    def test_of_the_denial_behind_the_error(self, run: Run) -> None:
        result = run("""
def test_one(iamsim):
    s3 = make()
    with user("alice", {"reads": READS}):
        s3.get_object(Bucket="orders", Key="1")
        s3.delete_object(Bucket="orders", Key="1")
""")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            [
                "E *An error occurred (AccessDenied) when calling the DeleteObject*",
                "*- iamsim: why it was denied -*",
                "DENIED: arn:aws:iam::123456789012:user/alice s3:DeleteObject on arn:aws:s3:::orders/1",
                "  because no identity-based policy allows the s3:DeleteObject action",
            ]
        )

    def test_of_credentials_that_nobody_has(self, run: Run) -> None:
        result = run("""
import boto3
@pytest.mark.iamsim(enforce=True)
def test_one():
    boto3.client("ec2").describe_instances()

@pytest.mark.iamsim
def test_two():
    boto3.client("ec2").describe_images(ImageIds=["none"])
""")
        result.assert_outcomes(failed=2)
        result.stdout.fnmatch_lines(
            [
                "*- iamsim: who called -*",
                "IAM is enforced, and the call was signed with credentials that the simulator does not know, such as *",
                "act as somebody (`with as_user(...)`), give the client the access key of an IAM user or role, or*",
            ]
        )
        assert result.stdout.str().count("iamsim: who called") == 1

    def test_where_the_mock_has_ended_and_the_error_was_wrapped(self, run: Run) -> None:
        result = run("""
from iamsim import mock_aws

@mock_aws
def test_one():
    s3 = make()
    with user("alice"):
        try:
            s3.head_object(Bucket="orders", Key="1")
        except ClientError as error:
            raise RuntimeError("no order") from error
""")
        result.stdout.fnmatch_lines(["*RuntimeError: no order", "*why it was denied*", "DENIED: * s3:GetObject on *"])

    def test_denials_that_the_code_has_hidden(self, run: Run) -> None:
        result = run("""
def test_one(iamsim):
    s3 = make()
    with user("alice"):
        try:
            s3.get_object(Bucket="orders", Key="1")
        except ClientError:
            status = 500
    assert status == 200
""")
        result.stdout.fnmatch_lines(
            [
                "*- iamsim: 1 denied in this test -*",
                "arn:aws:iam::123456789012:user/alice: s3:GetObject on arn:aws:s3:::orders/1",
                "    because no identity-based policy allows the s3:GetObject action",
            ]
        )

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="there are no exception groups")
    def test_errors_of_threads_and_groups(self, run: Run) -> None:
        result = run("""
import asyncio, threading

def act():
    boto3.client("sqs").list_queues()

@pytest.mark.filterwarnings("error")
def test_thread(iamsim):
    with user("alice"):
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()

def test_group(iamsim):
    async def both():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(act))
    with user("alice"):
        asyncio.run(both())
""")
        result.assert_outcomes(failed=2)
        assert result.stdout.str().count("iamsim: why it was denied") == 2
        assert result.stdout.str().count("DENIED: arn:aws:iam::123456789012:user/alice sqs:ListQueues") == 2

    def test_in_fixtures_and_subtests(self, run: Run) -> None:
        result = run("""
import unittest

@pytest.fixture
def before(iamsim):
    with user("alice"):
        boto3.client("sqs").list_queues()

@pytest.fixture
def after(iamsim):
    yield
    with user("alice"):
        boto3.client("sqs").list_queues()

def test_setup(before): ...
def test_teardown(after): ...

@pytest.mark.iamsim
class TestIt(unittest.TestCase):
    def test_parts(self):
        user("bob")
        for part in (1, 2):
            with self.subTest(part=part), as_user("bob"):
                boto3.client("sqs").list_queues()
""")
        assert result.stdout.str().count("iamsim: why it was denied") == 4
        assert result.stdout.str().count("DENIED: arn:aws:iam::123456789012:user/alice sqs:ListQueues") == 2
        assert result.stdout.str().count("DENIED: arn:aws:iam::123456789012:user/bob sqs:ListQueues") == 2

    def test_other_failures_are_left_alone(self, run: Run) -> None:
        result = run("""
def test_one(iamsim):
    s3 = make()
    with user("alice"), expect_denied():
        s3.get_object(Bucket="orders", Key="1")

def test_two(iamsim):
    with pytest.raises(ClientError):
        boto3.client("s3").get_object(Bucket="none", Key="1")
    assert False

def test_three(iamsim):
    s3 = make()
    with user("alice"), expect_denied():
        s3.get_object(Bucket="orders", Key="1")
    assert False
""")
        result.assert_outcomes(passed=1, failed=2)
        assert "why it was denied" not in result.stdout.str()
        assert "denied in this test" not in result.stdout.str()
