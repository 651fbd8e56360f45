"""Policy test files as pytest sees them: one test for each line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from iamsim.errors import UsageError
from iamsim.testing.active import ACTIVE
from iamsim.tools.policy_tests import PolicyTest, read_policy_tests
from iamsim.tools.simulate import answer


class PolicyTestFile(pytest.File):
    """One `*.iamtest.yaml`."""

    def collect(self) -> Iterator[PolicyTestItem]:
        """Its tests; tests of one name are told apart by their line."""
        try:
            tests = list(read_policy_tests(self.path))
        except UsageError as problem:
            raise self.CollectError(str(problem)) from None
        names = [test.name for test in tests]
        for test in tests:
            name = test.name if names.count(test.name) == 1 else f"{test.name} [line {test.line}]"
            yield PolicyTestItem.from_parent(self, name=name, test=test)


class PolicyTestItem(pytest.Item):
    """One line."""

    def __init__(self, *, test: PolicyTest, **options: Any) -> None:
        super().__init__(**options)
        self.test = test

    def runtest(self) -> None:
        """Decide, and compare with what is expected."""
        for scenario in self.test.scenarios if ACTIVE.watchers else ():
            ACTIVE.watchers.asked(answer(scenario).evaluation)
        failure = self.test.failure()
        if failure is not None:
            raise AssertionError(failure)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The explanation, without the traceback of our own code."""
        if isinstance(excinfo.value, AssertionError | UsageError):
            return f"{self.path.name}, line {self.test.line}: {self.test.name}\n\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int, str]:
        """Where the line is."""
        return self.path, self.test.line - 1, self.name
