"""What pytest's report says beyond the error: why a call was denied, what reached for AWS, what would be denied."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from iamsim.decision_log import Decision

SHOWN = 5  # denials that are listed without explanation
TITLE = "iamsim: why it was denied"
NOBODY = "iamsim: who called"
NOTED = "iamsim_would_be_denied"  # the attribute that carries notes from xdist's workers


class Reporter:
    """Hooks that report. With xdist they run in the workers, and what they find travels with the reports."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._last: Any = None  # the latest decision that was made before this test

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """Remember which decisions were made before this test."""
        log = _latest_log()
        self._last = log[-1] if log is not None and len(log) else None
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add explanation, blocked calls and notes to the report of each phase."""
        report = yield
        if call.excinfo is not None and report.failed:
            self._explain(report, call.excinfo.value)
        self._add_blocked(report)
        self._add_notes(report)
        return report

    def _explain(self, report: pytest.TestReport, error: BaseException) -> None:
        log = _latest_log()
        if log is None:
            return
        from iamsim.testing.denials import ADVICE, denial_behind, is_by_nobody

        if is_by_nobody(error):
            report.sections.append((NOBODY, ADVICE))
            return
        decisions = list(log)
        before = next((place for place, each in enumerate(decisions) if each is self._last), -1)
        decisions = decisions[before + 1 :]
        behind = denial_behind(error, decisions)
        if behind is not None:
            from iamsim.tools.expectation import explained

            report.sections.append((TITLE, explained(behind.evaluation)))
            return
        expecting = sys.modules.get("iamsim.testing.expecting")
        taken = {id(decision) for decision in expecting.TAKEN} if expecting is not None else set()
        denied = [decision for decision in decisions if not decision.allowed and id(decision) not in taken]
        if denied and not str(error).startswith("expected "):
            shown = [f"{_told(each)}\n    {each.evaluation.reason()}" for each in denied[-SHOWN:]]
            title = f"iamsim: {len(denied)} denied in this test"
            report.sections.append((title if len(denied) <= SHOWN else f"{title}, the latest", "\n".join(shown)))

    def _add_blocked(self, report: pytest.TestReport) -> None:
        module = sys.modules.get("iamsim.testing.calls_to_aws")
        calls = module.BLOCK.taken() if module is not None else []
        if calls and report.passed:
            report.outcome = "failed"
            report.longrepr = "\n".join([*calls, "(the error was caught)", module.ADVICE])  # type: ignore[union-attr]

    def _add_notes(self, report: pytest.TestReport) -> None:
        module = sys.modules.get("iamsim.testing.soft")
        notes = module.SOFT.take_notes() if module is not None else []
        if notes:
            setattr(report, NOTED, [note.to_dict() for note in notes])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """What soft mode noted, the same things counted together."""
        found: Counter[tuple[str, ...]] = Counter()
        tests: dict[tuple[str, ...], dict[str, None]] = {}
        for reports in terminalreporter.stats.values():
            for report in reports:
                for note in getattr(report, NOTED, ()):
                    key = (note["principal"], note["action"], note["resource"], note["reason"])
                    found[key] += 1
                    tests.setdefault(key, {})[f"{report.nodeid} ({note['at']})"] = None
        if not found:
            return
        terminalreporter.section("iamsim: would be denied")
        for (principal, action, resource, reason), count in found.most_common():
            times = f" ({count} times)" if count > 1 else ""
            on = f" on {resource}" if resource else ""
            terminalreporter.line(f"{principal or 'a caller'}: {action}{on}{times}")
            terminalreporter.line(f"    {reason}")
            named = list(tests[principal, action, resource, reason])
            for name in named[:SHOWN]:
                terminalreporter.line(f"    {name}")
            if len(named) > SHOWN:
                terminalreporter.line(f"    and {len(named) - SHOWN} more places")


def _told(decision: Decision) -> str:
    return f"{decision.principal or 'a caller'}: {decision.action} on {decision.resource}"


def _latest_log() -> Any:
    """The log of the simulator that is on, or was on last; None if this process never loaded one."""
    module = sys.modules.get("iamsim.testing.active")
    return module.ACTIVE.latest if module is not None else None
