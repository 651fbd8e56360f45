"""The pytest plugin, in pytest runs of its own: fixtures, marker, blocked calls, soft mode, policy files."""

from __future__ import annotations

import subprocess
import sys

import botocore.httpsession
import pytest

from tests.testing.runs import Run

pytest_plugins = ["pytester"]


class TestFixtures:
    def test_each_test_has_a_fresh_simulator(self, run: Run) -> None:
        run("""
@pytest.mark.parametrize("time", [1, 2])
def test_one(iamsim, time):
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    make()
    assert iamsim.cloud.account == "123456789012"
    assert len(iamsim.decisions) == 0
""").assert_outcomes(passed=2)

    def test_marker(self, run: Run) -> None:
        run(
            """
@pytest.mark.iamsim(region="eu-west-3", enforce=2)
def test_one():
    s3 = boto3.client("s3")
    assert s3.meta.region_name == "eu-west-3"
    s3.list_buckets()
    s3.list_buckets()
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        s3.list_buckets()

@pytest.mark.iamsim
class TestMarked:
    def test_one(self):
        assert boto3.client("sqs").meta.region_name == "eu-north-1"
        boto3.client("sqs").list_queues()

    @pytest.mark.iamsim(enforce=True)
    def test_two(self):
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            boto3.client("sqs").list_queues()

def test_region_of_the_ini_file(iamsim):
    assert boto3.client("sqs").meta.region_name == "eu-north-1"
""",
            pytest="[pytest]\niamsim_region = eu-north-1\n",
        ).assert_outcomes(passed=4)

    def test_what_the_marker_does_not_take(self, run: Run) -> None:
        result = run("""
@pytest.mark.iamsim(enforced=True)
def test_one(): ...

@pytest.mark.iamsim(True)
def test_two(): ...

@pytest.mark.iamsim(enforce="hard")
def test_three(): ...

@pytest.mark.iamsim(account=12)
def test_four(): ...

@pytest.mark.iamsim(soft="yes")
def test_five(): ...
""")
        result.assert_outcomes(errors=5)
        result.stdout.fnmatch_lines(
            [
                "the marker `iamsim` takes enforce, account, region, soft, block_aws, not `enforced`: did you mean "
                "`enforce`?",
                "the marker `iamsim` takes options by name, such as `enforce=True`",
                "iamsim's `enforce` is `'hard'`: give True, False, 'soft', or a number of calls",
                "iamsim's `account` is `12`: give a text of 12 digits",
                "the marker `iamsim` has `soft='yes'`: give True or False",
            ]
        )
        assert "Traceback" not in result.stdout.str()
        assert "plugin.py" not in result.stdout.str()

    def test_account(self, run: Run) -> None:
        run(
            """
HERE, THERE = "111111111111", "222222222222"

def account():
    return boto3.client("sts").get_caller_identity()["Account"]

def test_of_the_ini_file(iamsim):
    assert account() == HERE
    assert user("alice").arn == f"arn:aws:iam::{HERE}:user/alice"

@pytest.mark.iamsim(account=THERE, region="eu-west-1")
class TestMarked:
    def test_one(self):
        url = boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]
        assert f"/{THERE}/" in url

    @pytest.mark.iamsim(region="eu-west-3")
    def test_a_nearer_marker_adds(self, iamsim_session):
        assert account() == THERE
        assert boto3.client("sqs").meta.region_name == "eu-west-3"

def test_after_it(iamsim_session):
    assert account() == HERE
""",
            pytest="[pytest]\niamsim_account = 111111111111\n",
        ).assert_outcomes(passed=4)

    @pytest.mark.parametrize(("enforce", "unchecked"), [("true", 0), ("2", 2)])
    def test_enforcement_of_the_ini_file(self, run: Run, enforce: str, unchecked: int) -> None:
        run(
            f"""
def test_one(iamsim):
    for _ in range({unchecked}):
        boto3.client("sqs").list_queues()
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        boto3.client("sqs").list_queues()

@pytest.mark.iamsim(enforce=False)
def test_two():
    boto3.client("sqs").list_queues()

@pytest.fixture(scope="session")
def arranged(iamsim_session):
    boto3.client("sqs").list_queues()

def test_three(arranged):
    for _ in range({unchecked}):
        boto3.client("sqs").list_queues()
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        boto3.client("sqs").list_queues()
""",
            pytest=f"[pytest]\niamsim_enforce = {enforce}\n",
        ).assert_outcomes(passed=3)

    def test_session(self, run: Run) -> None:
        result = run("""
from iamsim import decisions, mock_aws

@pytest.fixture(scope="session")
def world(iamsim_session):
    make()
    return user("alice", {"reads": READS})

@pytest.fixture(scope="module")
def more(world):
    boto3.client("s3").put_object(Bucket="orders", Key="2", Body=b"")
    yield
    boto3.client("s3").delete_object(Bucket="orders", Key="2")

@pytest.fixture
def own(iamsim_session):
    boto3.client("s3").put_object(Bucket="orders", Key="3", Body=b"")

def keys():
    return [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="orders").get("Contents", [])]

@pytest.mark.parametrize("time", [1, 2])
def test_changes_are_undone(world, own, time):
    assert keys() == ["1", "3"]
    boto3.client("s3").delete_object(Bucket="orders", Key="1")
    with world, expect_denied():
        boto3.client("s3").delete_object(Bucket="orders", Key="1")
    assert len(decisions()) == 1

def test_others_do_not_see_it():
    with mock_aws():
        assert boto3.client("s3", region_name="us-east-1").list_buckets()["Buckets"] == []

def test_with_wider_fixtures(more):
    assert keys() == ["1", "2"]

@pytest.mark.iamsim(enforce=True)
def test_marked(more, world):
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        keys()
""")
        result.assert_outcomes(passed=5)

    def test_unittest_cases(self, run: Run) -> None:
        run("""
import unittest

@pytest.mark.iamsim
class TestIt(unittest.TestCase):
    def setUp(self):
        make()

    def test_one(self):
        with user("alice"), expect_denied():
            boto3.client("s3").get_object(Bucket="orders", Key="1")
""").assert_outcomes(passed=1)


REACHES = """
def test_reaches(request):
    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
    try:
        s3.get_object(Bucket="orders", Key="1")
    except Exception:
        pass

def test_uses(iamsim): ...
"""


class TestBlocking:
    def test_a_call_to_aws_fails_the_test_with_its_place(self, run: Run) -> None:
        result = run(REACHES)
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(
            [
                "*to real AWS was blocked: GET https://orders.s3.amazonaws.com/1, from test_*.py:* in test_reaches",
                "no mock was on: use the fixture `iamsim` or `mock_aws`, or let it through with "
                "`@pytest.mark.iamsim(block_aws=False)` or --no-iamsim-block-aws",
            ]
        )

    def test_also_where_the_error_is_caught(self, run: Run) -> None:
        result = run(REACHES.replace("except Exception", "except BaseException"))
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(["*blocked: GET https://orders*", "(the error was caught)"])

    def test_other_ways(self, run: Run) -> None:
        result = run(
            """
import urllib.request

def test_reaches():
    urllib.request.urlopen("https://s3.amazonaws.com/")
""",
            "--iamsim-block-aws",
        )
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*blocked: a connection to s3.amazonaws.com, from test_*.py:* in test_reaches"])

    @pytest.mark.parametrize("off", ["--no-iamsim-block-aws", "ini", "nobody uses iamsim", "marker"])
    def test_off(self, run: Run, off: str) -> None:
        send = botocore.httpsession.URLLib3Session.send
        code = """
@pytest.fixture
def network(monkeypatch):
    def getaddrinfo(*args, **options):
        raise OSError("there is no network")
    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)

def test_reaches(network):
    from botocore.config import Config
    once = Config(retries={"max_attempts": 0})
    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y", config=once)
    with pytest.raises(EndpointConnectionError):
        s3.get_object(Bucket="orders", Key="1")
"""
        if off == "marker":
            code = code.replace("def test_reaches", "@pytest.mark.iamsim(block_aws=False)\ndef test_reaches")
        if off != "nobody uses iamsim":
            code += "\ndef test_uses(iamsim): ...\n"
        ini = "[pytest]\niamsim_block_aws = false\n" if off == "ini" else "[pytest]\n"
        result = run(code, *([off] if off.startswith("--") else []), pytest=ini)
        result.assert_outcomes(passed=1 if off == "nobody uses iamsim" else 2)
        assert botocore.httpsession.URLLib3Session.send is send

    def test_a_bad_ini_value(self, run: Run) -> None:
        result = run("def test_one(): ...", pytest="[pytest]\niamsim_block_aws = maybe\n")
        result.stderr.fnmatch_lines(["ERROR: `iamsim_block_aws` is `maybe`: it must be true, false or auto"])


SOFT = """
@pytest.mark.parametrize("time", [1, 2])
@pytest.mark.iamsim(soft=True)
def test_soft(iamsim, time):
    s3 = make()
    with user("alice", {"reads": READS}):
        s3.get_object(Bucket="orders", Key="1")
        s3.delete_object(Bucket="orders", Key="1")
    assert "Contents" not in s3.list_objects_v2(Bucket="orders")
    assert len(iamsim.decisions.denied) == 1
"""


class TestSoftMode:
    def test_is_summed_up(self, run: Run) -> None:
        result = run(SOFT)
        result.assert_outcomes(passed=2, warnings=2)
        result.stdout.fnmatch_lines(
            [
                "*WouldBeDenied: arn:aws:iam::123456789012:user/alice would be denied s3:DeleteObject on *",
                "*= iamsim: would be denied =*",
                "arn:aws:iam::123456789012:user/alice: s3:DeleteObject on arn:aws:s3:::orders/1 (2 times)",
                "    because no identity-based policy allows the s3:DeleteObject action",
                "    test_*.py::test_soft?1? (test_*.py:* in test_soft)",
                "    test_*.py::test_soft?2? (test_*.py:* in test_soft)",
            ]
        )

    def test_across_processes(self, run: Run) -> None:
        result = run(SOFT, "-n", "2")
        result.assert_outcomes(passed=2, warnings=2)
        result.stdout.fnmatch_lines(["*: s3:DeleteObject on arn:aws:s3:::orders/1 (2 times)"])

    def test_for_a_whole_run(self, run: Run) -> None:
        result = run(SOFT.replace("(soft=True)", ""), "--iamsim-soft")
        result.assert_outcomes(passed=2, warnings=2)

    def test_enforce_soft(self, run: Run) -> None:
        result = run("""
@pytest.mark.iamsim(enforce="soft")
def test_one():
    make()
""")
        result.assert_outcomes(passed=1, warnings=2)
        result.stdout.fnmatch_lines(["a caller: InvalidAccessKeyId (2 times)"])


class TestPolicyFiles:
    def test_one_test_for_each_line(self, run: Run, pytester: pytest.Pytester) -> None:
        (pytester.path / "orders.iamtest.yaml").write_text("""
policies:
  reads: {Sid: Reads, Effect: Allow, Action: 's3:Get*', Resource: '*'}
principals:
  alice: [reads]
tests:
  - allow: alice s3:GetObject arn:aws:s3:::orders/1
  - deny: alice s3:GetObject arn:aws:s3:::orders/1
  - deny: alice s3:GetObject arn:aws:s3:::orders/1
""")
        (pytester.path / "bad.iamtest.yaml").write_text("tests:\n- alow: x\n")
        result = run("", "-v", "-rf", "--continue-on-collection-errors")
        result.assert_outcomes(passed=1, failed=2, errors=1)
        result.stdout.fnmatch_lines(
            [
                "orders.iamtest.yaml::allow alice s3:GetObject arn:aws:s3:::orders/1 PASSED*",
                "orders.iamtest.yaml::deny alice s3:GetObject arn:aws:s3:::orders/1 [[]line 8[]] FAILED*",
                "*bad.iamtest.yaml, line 2: unknown field `alow` in the line: did you mean `allow`?",
                "orders.iamtest.yaml, line 8: deny alice s3:GetObject arn:aws:s3:::orders/1",
                "expected to be denied, is allowed: arn:aws:iam::123456789012:user/alice s3:GetObject on *",
            ]
        )


def test_importing_the_plugin_loads_nothing_heavy() -> None:
    code = (
        "import sys, iamsim.testing.plugin; "
        "heavy = {'boto3', 'botocore', 'yaml', 'iamsim.simulator', 'iamsim.policy'}; "
        "sys.exit(', '.join(sys.modules.keys() & heavy) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # its exit code is the text of what was loaded
