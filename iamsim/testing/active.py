"""The one simulator that is on in this process, started by the outermost mock and shared by those inside it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

import boto3

from iamsim.errors import UsageError
from iamsim.intercept.patches import Patches
from iamsim.testing.switches import SWITCHES
from iamsim.testing.watching import Watchers

if TYPE_CHECKING:
    from iamsim.clock import Clock
    from iamsim.decision_log import DecisionLog, Decisions
    from iamsim.request import Call
    from iamsim.simulator import Simulator

DUMMY_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}
TAKEN_AWAY = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")  # real credentials


class Active:
    """Starts with the first `start` and ends with the last `stop`; fresh state each time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._simulator: Simulator | None = None
        self._patches = Patches()
        self._environment: dict[str, str | None] = {}
        self._session: Any = None
        self.latest: DecisionLog | None = None  # of the simulator that is on, or that was on last
        self.watchers = Watchers()

    @property
    def is_on(self) -> bool:
        """Whether a simulator is on."""
        return self._simulator is not None

    @property
    def simulator(self) -> Simulator:
        """The simulator that is on. Raises UsageError if none is."""
        if self._simulator is None:
            raise UsageError("no simulator is on: use `mock_aws` (decorator, context manager) or the fixture `iamsim`")
        return self._simulator

    def start(
        self, config: Mapping[str, Any], clock: Clock | None = None, simulator: Simulator | None = None
    ) -> Simulator:
        """The simulator: `simulator` or a new one if none is on.

        Raises UsageError for a clock of one's own inside another mock.
        """
        from iamsim.simulator import Simulator  # here, so that to import `mock_aws` is as quick as to import boto3

        with self._lock:
            if self._simulator is not None and clock is not None:
                raise UsageError("`clock` belongs to the outermost mock: inner ones share its state and its time")
            if self._simulator is None:
                SWITCHES.read_environment()
                self._simulator = simulator or Simulator(
                    enforcement=SWITCHES.current, clock=clock, strike=_strike, recorder=self.watchers or None
                )
                self.latest = self._simulator.decisions
                try:
                    self._enter(self._simulator, config)
                except BaseException:
                    self._leave()
                    raise
            self._depth += 1
            return self._simulator

    def stop(self) -> None:
        """Leave one mock; leaving the outermost ends the simulator. Raises UsageError if none is on."""
        with self._lock:
            if self._depth == 0:
                raise UsageError("`stop()` without a `start()`: no simulator is on")
            self._depth -= 1
            if self._depth == 0:
                try:
                    self.ends()
                finally:
                    self._leave()

    def ends(self) -> None:
        """The state of the simulator that is on is about to be lost."""
        if self._simulator is not None:
            self.watchers.before_end(self._simulator)

    def _enter(self, simulator: Simulator, config: Mapping[str, Any]) -> None:
        from iamsim.cloud import DEFAULT_REGION
        from iamsim.intercept import aio_boto, boto, http_client, httpx_transports, raw_http
        from iamsim.testing.noted import note_denials
        from iamsim.testing.origins import ORIGINS
        from iamsim.testing.stage import STAGE

        self._session, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
        handle = ORIGINS.marked(STAGE.checked(simulator.handle))
        for way_in in (boto, aio_boto, raw_http, httpx_transports, http_client):
            way_in.intercept(handle, self._patches)
        STAGE.intercept(simulator, self._patches)
        note_denials(simulator, self._patches)
        if config.get("core", {}).get("mock_credentials", True):
            self._set_environment(DUMMY_ENVIRONMENT | dict.fromkeys(TAKEN_AWAY))
        if not os.environ.keys() & {"AWS_DEFAULT_REGION", "AWS_REGION"}:
            self._set_environment({"AWS_DEFAULT_REGION": DEFAULT_REGION})

    def _leave(self) -> None:
        self._simulator = None
        self._patches.undo()
        boto3.DEFAULT_SESSION = self._session
        self._session = None
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._environment.clear()

    def _set_environment(self, values: Mapping[str, str | None]) -> None:
        for name, value in values.items():
            self._environment[name] = os.environ.get(name)
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


ACTIVE = Active()  # of this process, as the classes of botocore that it patches are


def _strike(call: Call) -> None:
    """Raises the fault that a test wants `call` to run into; without faults their module is not even loaded."""
    faults = sys.modules.get("iamsim.testing.faults")
    if faults is not None:
        faults.FAULTS.strike(call)


@overload
def decisions() -> DecisionLog: ...
@overload
def decisions(
    *, action: str | None = None, resource: str | None = None, principal: str | None = None, denied: bool | None = None
) -> Decisions: ...
def decisions(**filters: Any) -> DecisionLog | Decisions:
    """The log of decisions of the simulator that is on, or those of its decisions that fit (see `Decisions.filter`).

    Raises UsageError if no simulator is on.
    """
    return ACTIVE.simulator.decisions(**filters)
