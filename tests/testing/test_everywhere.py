"""One story, told in every way in which people run tests: pytest and unittest, decorators, fixtures, async, server."""

from __future__ import annotations

import sys

import pytest

pytest_plugins = ["pytester"]

STORY = '''
import asyncio, threading, unittest
import boto3, pytest
from iamsim import decisions, mock_aws
from iamsim.testing import (
    allowed_actions, anonymous, as_role, as_root, as_user, assert_allowed, assert_denied, assert_matrix, deny,
    expect_allowed, expect_denied, role, throttle, user,
)

S3 = boto3.client("s3", region_name="us-east-1")
READS = {"Sid": "Reads", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
RED = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
LIMITS = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": RED}
OBJECT = "arn:aws:s3:::orders/1"


def story(client=None, **options):
    """Arranges, acts and asserts, through default clients made here and at the top of the module."""
    arrange()
    with as_user("alice"), expect_allowed("s3:GetObject"):
        (client or S3).get_object(Bucket="orders", Key="1")
    with as_user("alice"), expect_denied("s3:DeleteObject", by="identity"):
        (client or boto3.client("s3", **options)).delete_object(Bucket="orders", Key="1")
    with as_role("app", tags={"team": "red"}), expect_allowed():
        (client or S3).get_object(Bucket="orders", Key="1")
        with as_role("app"), expect_denied(by="boundary"):
            (client or S3).get_object(Bucket="orders", Key="1")
    with anonymous(), expect_denied("s3:GetObject"):
        (client or S3).get_object(Bucket="orders", Key="1")
    with as_user("alice"):
        found = []
        thread = threading.Thread(target=lambda: found.append((client or S3).get_object(Bucket="orders", Key="1")))
        thread.start()
        thread.join()
    assert len(found) == 1
    with throttle("s3:GetObject", times=1) as fault, as_root():
        (client or S3).get_object(Bucket="orders", Key="1")
    assert fault.count == 1
    assert_denied("alice", "s3:DeleteObject", OBJECT)
    assert allowed_actions("alice", OBJECT, candidates="s3:*Object") == ["s3:GetObject"]
    assert [each.action for each in decisions(denied=True, principal="alice")] == ["s3:DeleteObject"]


def arrange():
    as_root().client("s3").create_bucket(Bucket="orders")
    as_root().client("s3").put_object(Bucket="orders", Key="1", Body=b"42")
    user("alice", READS)
    role("app", READS, boundary=LIMITS)


@mock_aws
def test_decorator():
    story()

def test_context_manager():
    with mock_aws():
        story()

def test_fixture(iamsim):
    story()

@pytest.mark.parametrize("time", [1, 2])
def test_fixture_of_the_session(iamsim_session, time):
    story()

@pytest.mark.iamsim(account="222222222222")
def test_marker():
    story()

@pytest.mark.iamsim(enforce=True)
def test_marker_with_enforcement():
    story()

@pytest.fixture
def by_a_fixture():
    with mock_aws():
        yield

def test_fixture_of_ones_own(by_a_fixture):
    story()

@pytest.fixture
@mock_aws
def decorated_fixture():
    yield

def test_decorated_fixture(decorated_fixture):
    story()

@mock_aws
def test_asynchronous():
    async def main():
        await asyncio.to_thread(story)
    asyncio.run(main())

@mock_aws
async def test_coroutine():
    story()

@mock_aws
class TestClass:
    def test_one(self):
        story()

    def test_two(self):
        story()

class TestInSetup:
    def setup_method(self):
        self.mock = mock_aws()
        self.mock.start()

    def teardown_method(self):
        self.mock.stop()

    def test_one(self):
        story()

@mock_aws
class Case(unittest.TestCase):
    def test_one(self):
        story()

    def test_two(self):
        story()

class CaseOfMethods(unittest.TestCase):
    @mock_aws
    def test_one(self):
        story()

class CaseInSetUp(unittest.TestCase):
    def setUp(self):
        mock = mock_aws()
        mock.start()
        self.addCleanup(mock.stop)

    def test_one(self):
        story()

class AsyncCase(unittest.IsolatedAsyncioTestCase):
    @mock_aws
    async def test_one(self):
        story()

@mock_aws
def test_actors_in_decorators():
    arrange()

    @as_user("alice")
    def works():
        with expect_denied("s3:DeleteObject"):
            S3.delete_object(Bucket="orders", Key="1")

    @as_user("alice")
    async def works_later():
        works()

    works()
    asyncio.run(works_later())

def test_through_a_server_in_this_process(iamsim):
    from iamsim.server import serve_in_thread
    with serve_in_thread(iamsim) as server:
        story(boto3.client("s3", endpoint_url=server.url, region_name="us-east-1"))
'''
PYTEST = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-o", "asyncio_mode=auto", "-W", "error", "-q")
PYTEST += ("-o", "asyncio_default_fixture_loop_scope=function")


@pytest.mark.parametrize("count", [None, "0", "3"])
def test_with_pytest(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, count: str | None) -> None:
    monkeypatch.delenv("INITIAL_NO_AUTH_ACTION_COUNT", raising=False)
    if count is not None:
        monkeypatch.setenv("INITIAL_NO_AUTH_ACTION_COUNT", count)
    pytester.makepyfile(STORY)
    parallel = ("-n", "2") if count is None else ()
    result = pytester.runpytest_subprocess(*PYTEST, *parallel)
    result.assert_outcomes(passed=21)


def test_with_unittest(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_story=STORY)
    result = pytester.run(sys.executable, "-W", "error", "-m", "unittest", "test_story")
    result.stderr.fnmatch_lines(["Ran 5 tests in *", "OK"])
