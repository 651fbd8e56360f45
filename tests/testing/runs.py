"""pytest runs inside a test: what they need loaded, and the options that keep them quiet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import iamsim.testing.calls_to_aws
import iamsim.testing.fixtures
import iamsim.testing.policy_items
import iamsim.testing.policy_run
import iamsim.testing.record_run
import iamsim.testing.report  # noqa: F401 - what a run inside this one loads anew would be loaded twice
from iamsim.testing import Actor, as_user, assert_denied, expect_denied, fail, role, user  # noqa: F401

# Plugins that the runs do not need; and iamsim is imported before they begin, which pytest would remark upon.
QUIET = ("-p", "no:asyncio", "-p", "no:hypothesispytest", "-W", "ignore::pytest.PytestAssertRewriteWarning")

ARRANGED = """
import boto3, pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from iamsim.testing import as_role, as_user, expect_denied, role, user

READS = {"Sid": "Reads", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}

def make():
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="orders")
    s3.put_object(Bucket="orders", Key="1", Body=b"42")
    return s3
"""

Run = Callable[..., pytest.RunResult]  # (code, *options, **files), the code after what is ARRANGED


class Runs:
    """Runs pytest on test files, in this process; with `-n` in others, too."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path

    def __call__(self, *options: str, **files: str) -> pytest.RunResult:
        """The outcome of the tests in `files`, written now, and in those written before."""
        for name, code in files.items():
            self.pytester.makepyfile(**{name: code})
        return self.pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q", *QUIET, *options)

    def section(self, result: pytest.RunResult, title: str) -> list[str]:
        """The lines of a section of the terminal's summary."""
        lines = result.stdout.lines
        start = next(number for number, line in enumerate(lines) if line.startswith("=") and title in line)
        rest = lines[start + 1 :]
        end = next((number for number, line in enumerate(rest) if line.startswith("=") or " in " in line[-12:]), None)
        return rest[:end]
