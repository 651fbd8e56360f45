"""The ways in which people start the simulator."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import unittest
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

import iamsim
from iamsim import Clock, UnsupportedParameter, UsageError, mock_aws, mock_dynamodb2, mock_ec2, mock_s3, mock_sqs
from tests.testing import module_level

QUEUE = "orders"


def queues() -> list[str]:
    return boto3.client("sqs", region_name="us-east-1").list_queues().get("QueueUrls", [])


def make_queue(name: str = QUEUE) -> str:
    return str(boto3.client("sqs", region_name="us-east-1").create_queue(QueueName=name)["QueueUrl"])


class TestAsDecorator:
    @mock_aws
    def test_without_parentheses(self) -> None:
        assert queues() == []
        make_queue()
        assert len(queues()) == 1

    @mock_aws()
    def test_with_parentheses(self) -> None:
        assert queues() == []
        make_queue()

    @mock_aws(config={"core": {"mock_credentials": True}})
    def test_with_config(self) -> None:
        assert queues() == []

    @mock_s3
    @mock_sqs
    def test_older_names_stacked(self) -> None:
        make_queue()
        assert len(queues()) == 1

    @pytest.mark.asyncio
    @mock_aws
    async def test_async_function(self) -> None:
        await asyncio.sleep(0)
        make_queue()
        await asyncio.sleep(0)
        assert len(queues()) == 1

    def test_config_that_is_not_acted_on_warns(self) -> None:
        with pytest.warns(UnsupportedParameter, match="`lambda.use_docker` of mock_aws's config"):
            mock_aws(config={"lambda": {"use_docker": False}})
        with pytest.raises(UsageError, match="`config` must be a mapping of sections"):
            mock_aws(config={"core": True})

    @pytest.mark.parametrize("name", ["a", "b"])
    @mock_aws
    def test_with_parameters(self, name: str) -> None:
        assert make_queue(name).endswith(f"/123456789012/{name}")

    def test_keeps_name_and_result(self) -> None:
        @mock_aws
        def answer(number: int, *, twice: bool = False) -> int:
            """What it is for."""
            return number * (2 if twice else 1)

        assert answer(3, twice=True) == 6
        assert (answer.__name__, answer.__doc__) == ("answer", "What it is for.")

    def test_generator_lives_inside(self) -> None:
        @mock_aws
        def fixture() -> Iterator[list[str]]:
            make_queue()
            yield queues()
            assert len(queues()) == 1  # the teardown is inside, too

        running = fixture()
        assert len(next(running)) == 1
        assert iamsim.decisions() is not None
        with pytest.raises(StopIteration):
            next(running)
        with pytest.raises(UsageError):
            iamsim.decisions()

    def test_async_generator_lives_inside(self) -> None:
        @mock_aws
        async def fixture() -> AsyncIterator[list[str]]:
            make_queue()
            yield queues()

        async def use() -> list[list[str]]:
            return [found async for found in fixture()]

        assert len(asyncio.run(use())[0]) == 1

    def test_not_a_function(self) -> None:
        with pytest.raises(UsageError, match="decorates functions and classes"):
            mock_aws()("text")  # type: ignore[type-var]


@pytest.fixture
def outer_queue() -> Iterator[str]:
    with mock_aws():
        yield make_queue("outer")


@pytest.fixture
def inner_queue(outer_queue: str) -> Iterator[str]:
    with mock_aws():
        yield make_queue("inner")


def test_nested_fixtures_share_state(inner_queue: str) -> None:
    assert len(queues()) == 2


@pytest.fixture
@mock_aws
def decorated_fixture() -> Iterator[str]:
    yield make_queue("decorated")


def test_decorated_generator_fixture(decorated_fixture: str) -> None:
    assert queues() == [decorated_fixture]


def test_context_manager_gives_the_simulator() -> None:
    with mock_aws() as aws:
        make_queue()
        assert aws.cloud.account == "123456789012"
        with mock_aws() as inner:
            assert inner is aws
            assert len(queues()) == 1
        assert len(queues()) == 1
    with mock_aws():
        assert queues() == []


def test_start_and_stop() -> None:
    mock = mock_aws()
    mock.start()
    try:
        make_queue()
        assert len(queues()) == 1
    finally:
        mock.stop()
    mock.start()
    assert queues() == []
    mock.stop()
    with pytest.raises(UsageError, match="without a `start"):
        mock.stop()


@mock_aws
class TestDecoratedClass:
    def setup_method(self) -> None:
        self.url = make_queue()

    def test_sees_its_setup(self) -> None:
        assert queues() == [self.url]
        make_queue("second")

    def test_has_fresh_state(self) -> None:
        assert queues() == [self.url]

    def teardown_method(self) -> None:
        assert self.url in queues()


@mock_aws
class TestDecoratedClassWithoutSetup:
    def test_first(self) -> None:
        assert queues() == []
        make_queue()

    def test_second(self) -> None:
        assert queues() == []


class Inherited:
    def test_inherited(self) -> None:
        assert queues() == []
        make_queue()

    def test_inherited_again(self) -> None:
        assert queues() == []
        make_queue()


@mock_aws
class TestWithInheritedTests(Inherited):
    pass


@mock_aws
class TestWithSharedSetup:
    url: str

    @classmethod
    def setup_class(cls) -> None:
        cls.url = make_queue()

    def test_one(self) -> None:
        assert self.url in queues()

    def test_two(self) -> None:
        assert self.url in queues()


@mock_aws
class TestCaseWithSetUp(unittest.TestCase):
    def setUp(self) -> None:
        self.url = make_queue()

    def test_sees_its_set_up(self) -> None:
        assert queues() == [self.url]
        make_queue("second")

    def test_has_fresh_state(self) -> None:
        assert queues() == [self.url]

    def tearDown(self) -> None:
        assert self.url in queues()


class TestCaseInherits(TestCaseWithSetUp):
    def test_of_its_own(self) -> None:
        assert queues() == [self.url]


class TestCaseWithRawStart(unittest.TestCase):
    def setUp(self) -> None:
        self.mock = mock_aws()
        self.mock.start()
        self.addCleanup(self.mock.stop)

    def test_works(self) -> None:
        make_queue()
        assert len(queues()) == 1


@mock_aws
class TestAsyncCase(unittest.IsolatedAsyncioTestCase):
    async def test_awaits(self) -> None:
        await asyncio.sleep(0)
        make_queue()
        assert len(queues()) == 1


def test_all_names_are_the_same_object() -> None:
    assert mock_s3 is mock_ec2 is mock_dynamodb2 is mock_aws
    for name in iamsim.testing.names.NAMES:  # type: ignore[attr-defined]
        assert getattr(iamsim, name) is mock_aws


def test_modules_are_there_after_import_iamsim_alone() -> None:
    code = "import iamsim; print(iamsim.testing.as_user.__name__, iamsim.plan.plan.__name__, 'mock_aws' in dir(iamsim))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["as_user", "plan", "True"]
    with pytest.raises(AttributeError, match="module `iamsim` has no attribute `mock_aw`"):
        _ = iamsim.mock_aw


def test_boto_2_names_say_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"`mock_ec2_deprecated` was for boto 2.* use `mock_aws` \(or `mock_ec2`\)"):
        _ = iamsim.mock_ec2_deprecated
    with pytest.raises(AttributeError):
        _ = iamsim.mock_nothing


class TestClientsMadeElsewhere:
    def test_client_made_before_the_mock(self) -> None:
        client = boto3.client("sqs", region_name="us-east-1", aws_access_key_id="mine", aws_secret_access_key="secret")
        with mock_aws():
            client.create_queue(QueueName="early")
            assert len(client.list_queues()["QueueUrls"]) == 1
        with mock_aws():
            assert "QueueUrls" not in client.list_queues()

    @mock_aws
    def test_module_level_client(self) -> None:
        assert module_level.names() == []
        make_queue("seen")
        assert module_level.names() == ["seen"]

    def test_client_without_credentials_made_before(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
        for name in list(os.environ):
            if name.startswith("AWS_"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        client = boto3.Session().client("sqs", region_name="us-east-1")
        with mock_aws():
            assert client.list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200

    def test_client_works_normally_afterwards(self) -> None:
        import botocore.httpsession

        send = botocore.httpsession.URLLib3Session.send
        with mock_aws():
            assert botocore.httpsession.URLLib3Session.send is not send
        assert botocore.httpsession.URLLib3Session.send is send


class TestEnvironment:
    def test_dummy_credentials_and_region(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "real")
        monkeypatch.setenv("AWS_SESSION_TOKEN", "real-token")
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
        monkeypatch.delenv("AWS_REGION", raising=False)
        before = dict(os.environ)
        with mock_aws():
            assert os.environ["AWS_ACCESS_KEY_ID"] == "testing"
            assert "AWS_SESSION_TOKEN" not in os.environ
            assert boto3.client("sqs").meta.region_name == "us-east-1"
        assert dict(os.environ) == before

    def test_restored_after_an_exception(self) -> None:
        before, session = dict(os.environ), boto3.DEFAULT_SESSION
        with pytest.raises(ZeroDivisionError), mock_aws():
            boto3.client("sqs", region_name="us-east-1")
            1 / 0  # noqa: B018
        assert dict(os.environ) == before
        assert boto3.DEFAULT_SESSION is session
        with pytest.raises(UsageError):
            iamsim.decisions()

    def test_the_users_region_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
        with mock_aws():
            assert boto3.client("sqs").meta.region_name == "eu-west-3"

    def test_credentials_can_be_left_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
        with mock_aws(config={"core": {"mock_credentials": False}}):
            assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"


class TestNothingReachesTheNetwork:
    @mock_aws
    def test_raw_https_to_aws_is_simulated(self) -> None:
        url = make_queue()
        answer = requests.get(f"{url}?Action=GetQueueAttributes&AttributeName.1=QueueArn&Version=2012-11-05", timeout=5)
        assert answer.status_code == 200
        assert "arn:aws:sqs:us-east-1:123456789012:orders" in answer.text

    @mock_aws
    def test_what_is_not_simulated_says_so(self) -> None:
        from botocore.exceptions import ClientError

        with pytest.raises(ClientError) as raised:
            boto3.client("braket", region_name="us-east-1").search_jobs(filters=[])
        assert raised.value.response["Error"]["Code"] == "NotMocked"
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert "braket" in raised.value.response["Error"]["Message"]

    @mock_aws
    def test_a_bare_connection_is_refused(self) -> None:
        import socket

        with pytest.raises(UsageError, match=r"a connection to `sqs.us-east-1.amazonaws.com` was refused"):
            socket.create_connection(("sqs.us-east-1.amazonaws.com", 443), timeout=5)

    @mock_aws
    def test_other_hosts_are_left_alone(self) -> None:
        import socket

        assert socket.getaddrinfo("127.0.0.1", 80)


def test_a_clock_of_ones_own() -> None:
    clock = Clock(at=1_800_000_000)
    with mock_aws(clock=clock) as aws:
        url = make_queue()
        sqs = boto3.client("sqs", region_name="us-east-1")
        sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=600)
        assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)  # waits in simulated time
        assert clock.now() == 1_800_000_020
        clock.advance(600)
        assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
        assert aws.cloud.clock is clock
        with pytest.raises(UsageError, match="`clock` belongs to the outermost mock"):
            mock_aws(clock=Clock(at=0)).start()


@mock_aws
def test_regions_and_accounts_are_apart() -> None:
    make_queue()
    assert "QueueUrls" not in boto3.client("sqs", region_name="eu-west-1").list_queues()
    credentials = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn="arn:aws:iam::111122223333:role/other", RoleSessionName="test"
    )["Credentials"]
    other = boto3.client(
        "sqs",
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    assert "QueueUrls" not in other.list_queues()
    assert other.create_queue(QueueName="theirs")["QueueUrl"].endswith("/111122223333/theirs")
    assert len(queues()) == 1


def test_above_a_fixture_it_says_where_it_belongs() -> None:
    with pytest.raises(UsageError, match="put it below"):

        @mock_aws
        @pytest.fixture
        def aws() -> None: ...


UNITTEST = """
import unittest, boto3
from iamsim import enable_iam_authentication, mock_aws
from iamsim.testing import user

class Test(unittest.TestCase):
    @mock_aws
    def test_one(self):
        with user("alice"):
            boto3.client("sqs", region_name="us-east-1").list_queues()

    @mock_aws
    def test_by_nobody(self):
        with enable_iam_authentication():
            boto3.client("sqs", region_name="us-east-1").list_queues()
"""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have no notes")
def test_outside_pytest_the_error_itself_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(UNITTEST)
    command = [sys.executable, "-m", "unittest", "test_it"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stderr
    assert "\niamsim: why it was denied\nchecks: principal's account: DOES NOT ALLOW (decides)\n" in told
    assert "\nDENIED: arn:aws:iam::123456789012:user/alice sqs:ListQueues on arn:" in told
    assert "iamsim/testing/wrap.py" not in told
    assert (
        told.count("\niamsim: IAM is enforced, and the call was signed with credentials that the simulator does") == 1
    )
