"""`expect_denied` and `expect_allowed`: what real calls inside a block meet."""

from __future__ import annotations

from collections import deque
from types import TracebackType

from iamsim.decision_log import Decision
from iamsim.policy.glob import glob
from iamsim.testing.active import ACTIVE
from iamsim.testing.denials import denial_behind
from iamsim.tools.expectation import By, Expectation, told

__unittest = True  # unittest leaves frames of such modules out of its tracebacks
NOT_CHECKED = (
    "no call was checked in this block: act as somebody (`with as_user(...)`) or switch IAM on "
    "(`enable_iam_authentication()`)"
)
TAKEN: deque[Decision] = deque(maxlen=1_000)  # denials that tests expected, of which no report need tell


class _Expecting:
    """Watches the decisions made inside the block."""

    def __init__(self, action: str | None, resource: str | None) -> None:
        self._action, self._resource = action, resource
        self._before: Decision | None = None
        self.error: BaseException | None = None  # what the denied call raised, if the block did not catch it
        self.decision: Decision | None = None  # the denial, once the block has ended

    def _enter(self) -> None:
        log = ACTIVE.simulator.decisions
        self._before = log[-1] if len(log) else None

    def _made(self) -> list[Decision]:
        """The decisions made since the block began."""
        made: list[Decision] = []
        for decision in reversed(list(ACTIVE.simulator.decisions)):
            if decision is self._before:
                break
            made.append(decision)
        return made[::-1]

    def _is_meant(self, decision: Decision) -> bool:
        fits_action = self._action is None or glob(self._action.lower())(decision.action.lower())
        return fits_action and (self._resource is None or glob(self._resource)(decision.resource))

    def _wanted(self) -> str:
        return (self._action or "a call") + (f" on {self._resource}" if self._resource else "")


class ExpectDenied(_Expecting):
    """See expect_denied."""

    def __init__(self, expected: Expectation, action: str | None, resource: str | None) -> None:
        super().__init__(action, resource)
        self._expected = expected

    def __enter__(self) -> ExpectDenied:
        self._enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        __tracebackhide__ = True
        made = self._made()
        behind = denial_behind(value, made)
        if value is not None and behind is None:
            return False  # another error than a denial
        if behind is not None and not self._is_meant(behind):
            other = f"expected {self._wanted()} to be denied, this was"
            raise AssertionError(told(behind.evaluation, other)) from value
        self.error = value
        self.decision = behind or next((each for each in made if not each.allowed and self._is_meant(each)), None)
        if self.decision is None:
            raise AssertionError(f"expected {self._wanted()} to be denied: {_happened(made)}")
        problem = self._expected.mismatch(self.decision.evaluation)
        if problem is not None:
            raise AssertionError(told(self.decision.evaluation, problem)) from value
        TAKEN.append(self.decision)
        return True


class ExpectAllowed(_Expecting):
    """See expect_allowed."""

    def __enter__(self) -> ExpectAllowed:
        self._enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        made = self._made()
        taken = {id(each) for each in TAKEN}  # by a block of `expect_denied` inside this one
        refused = [each for each in made if not each.allowed and id(each) not in taken]
        denied = denial_behind(value, made) or next(iter(refused), None)
        if denied is not None:
            self.error, self.decision = value, denied
            problem = "expected every call to be allowed, this one is denied"
            raise AssertionError(told(denied.evaluation, problem)) from value
        if value is None and not any(self._is_meant(each) for each in made):
            raise AssertionError(f"expected {self._wanted()} to be allowed: {_happened(made)}")


def expect_denied(
    action: str | None = None,
    resource: str | None = None,
    *,
    by: By = None,
    statement: str | None = None,
    explicit: bool | None = None,
) -> ExpectDenied:
    """A block in which a call is denied `action` (a pattern) on `resource`; the error that tells so is taken.

    Fails if nothing of the kind is denied, or if something else decides than `by`, `statement` and `explicit` say (as
    in `assert_denied`). The value has `decision`, and `error` unless the block caught it.
    """
    return ExpectDenied(Expectation.of(False, by, statement, explicit), action, resource)


def expect_allowed(action: str | None = None, resource: str | None = None) -> ExpectAllowed:
    """A block in which calls are checked, `action` on `resource` among them, and none is denied."""
    return ExpectAllowed(action, resource)


def _happened(made: list[Decision]) -> str:
    if not made:
        return NOT_CHECKED
    lines = [f"  {'allowed' if each.allowed else 'denied'}: {each.action} on {each.resource}" for each in made[-5:]]
    return "in this block were\n" + "\n".join(lines)
