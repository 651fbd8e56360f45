"""Faults on purpose: calls that are denied, or fail, as a test wants to see them handled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

import botocore.endpoint

from iamsim.authorization.access import required
from iamsim.authorization.context import request_context
from iamsim.authorization.denied import denied
from iamsim.authorization.gather import HAS_IDENTITY_POLICIES, gather, owner_of
from iamsim.errors import ApiError, UsageError
from iamsim.policy import Policy
from iamsim.policy.glob import glob
from iamsim.request import Call, Required
from iamsim.testing.active import ACTIVE
from iamsim.testing.failure_codes import MESSAGES, check, of_server, throttled
from iamsim.testing.place import Place, place
from iamsim.testing.switches import SWITCHES
from iamsim.tools.action_names import check_action_or_operation

Patterns = str | Sequence[str]
MakeError = Callable[[Call, Required, Place], ApiError | None]


class Fault:
    """One fault, in force inside its `with` block. `count` says how often it struck."""

    def __init__(self, actions: Patterns, resources: Patterns, times: int | None, make: MakeError) -> None:
        patterns = [actions] if isinstance(actions, str) else list(actions)
        if wrong := [each for each in patterns if ":" not in each and each != "*"]:
            raise UsageError(f"`{wrong[0]}` is no pattern of actions: write `service:Action`, such as `dynamodb:*`")
        for each in patterns:
            if "*" not in each and "?" not in each:
                check_action_or_operation(each)  # a misspelt fault would never strike
        if times is not None and times < 1:
            raise UsageError(f"`times` is {times}: give the number of calls that are struck, or leave it out")
        self._actions = [glob(each.lower()) for each in patterns]
        self._resources = [glob(each) for each in ([resources] if isinstance(resources, str) else resources)]
        self._times, self._make, self._place = times, make, place()
        self._lock = threading.Lock()
        self.count = 0

    def error(self, call: Call, needed: Iterable[Required]) -> ApiError | None:
        """What `call`, which needs `needed`, fails with; None if this fault is not about it."""
        operation = f"{call.definition.prefix}:{call.operation.name}".lower()
        for each in needed:
            is_meant = any(fits(each.action.lower()) or fits(operation) for fits in self._actions)
            if is_meant and any(fits(each.resource) for fits in self._resources):
                with self._lock:
                    if self._times is not None and self.count >= self._times:
                        return None
                    error = self._make(call, each, self._place)
                    self.count += error is not None
                return error
        return None

    def __enter__(self) -> Fault:
        if ACTIVE.is_on and not ACTIVE.simulator.is_here:
            raise UsageError("faults work with a simulator in this process, not through `connect`")
        FAULTS.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        FAULTS.remove(self)


class Faults:
    """The faults in force. While there are any, botocore's retries do not wait."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._time: Any = None

    def add(self, fault: Fault) -> None:
        """Put `fault` in force."""
        if not self._faults:
            self._time, botocore.endpoint.time = botocore.endpoint.time, _Hurry()
        self._faults.append(fault)

    def remove(self, fault: Fault) -> None:
        """End `fault`."""
        self._faults.remove(fault)
        if not self._faults:
            botocore.endpoint.time = self._time

    def strike(self, call: Call) -> None:
        """Raises what `call` is to fail with: of several faults the latest says. Arrangements are spared."""
        if not self._faults or SWITCHES.is_arranging:
            return
        needed = _needed(call)
        for fault in reversed(self._faults):
            error = fault.error(call, needed)
            if error is not None:
                raise error


FAULTS = Faults()  # of this process, as the simulator that is on


def deny(actions: Patterns, resources: Patterns = "*", *, times: int | None = None) -> Fault:
    """Inside the block calls that need one of `actions` (patterns) on one of `resources` are denied, at most `times`.

    They are denied whoever calls and whether or not IAM is enforced, by a policy that names this line as its source.
    """
    return Fault(actions, resources, times, _denial)


def throttle(actions: Patterns, resources: Patterns = "*", *, times: int | None = None) -> Fault:
    """Inside the block such calls are throttled, at most `times`, with the error of the service that is called.

    botocore tries throttled calls again by itself, here without waiting: each attempt counts as one of `times`.
    """

    def make(call: Call, needed: Required, at: Place) -> ApiError:
        return _failure(*throttled(call.operation))

    return Fault(actions, resources, times, make)


def fail(
    actions: Patterns,
    resources: Patterns = "*",
    *,
    code: str | None = None,
    status: int | None = None,
    message: str | None = None,
    times: int | None = None,
) -> Fault:
    """Inside the block such calls fail with the error `code`, at most `times`; they change nothing.

    `status` is the HTTP status: without it what botocore's model says of `code`, else 400. Without `code`, `status=500`
    or `503` is a failure of AWS in the words of the service. botocore retries these, too.
    """
    check(code, status)

    def make(call: Call, needed: Required, at: Place) -> ApiError:
        return _failure(*((code, status) if code else of_server(call.operation, status or 500)), message)

    return Fault(actions, resources, times, make)


def _failure(code: str, status: int | None, message: str | None = None) -> ApiError:
    return ApiError(MESSAGES.get(code, "Failed on purpose.") if message is None else message, code=code, status=status)


def _denial(call: Call, needed: Required, at: Place) -> ApiError | None:
    """The refusal that a further Deny brings: of the caller's identity policies, or of the resource's."""
    principal = needed.principal or call.principal
    policies = gather(call, needed, principal, owner_of(call, needed))
    statement = {"Sid": "Injected", "Effect": "Deny", "Action": needed.action, "Resource": "*"}
    if principal.kind in HAS_IDENTITY_POLICIES:
        policies = replace(policies, identity=(*policies.identity, _policy(statement, at)))
    else:
        policies = replace(policies, resource=(*policies.resource, _policy(statement | {"Principal": "*"}, at)))
    evaluation = ACTIVE.simulator.pipeline.evaluate(call, needed, request_context(call), policies)
    return None if evaluation.allowed else denied(evaluation, call.operation)


def _policy(statement: dict[str, str], at: Place) -> Policy:
    return Policy.parse({"Version": "2012-10-17", "Statement": [statement]}, name=f"`deny` at {at}")


def _needed(call: Call) -> list[Required]:
    """What the call needs; where it can never be permitted, its own name."""
    try:
        needed = list(required(call))
    except ApiError:
        needed = []
    return needed or [Required(f"{call.definition.prefix}:{call.operation.name}")]


class _Hurry:
    """Stands for the module `time` in botocore's endpoint: sleeping takes no time but the simulator's."""

    def sleep(self, seconds: float) -> None:
        """Move a simulated clock on."""
        clock = ACTIVE.simulator.cloud.clock
        if clock.is_simulated:
            clock.advance(seconds)
