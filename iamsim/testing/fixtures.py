"""What the fixtures and the marker of the pytest plugin do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from iamsim.cloud import DEFAULT_REGION
from iamsim.enforcement import Enforcement
from iamsim.errors import UsageError
from iamsim.testing.active import ACTIVE
from iamsim.testing.calls_to_aws import BLOCK
from iamsim.testing.soft import SOFT
from iamsim.testing.switches import SWITCHES

if TYPE_CHECKING:
    from iamsim.simulator import Simulator

REGION_VARIABLES = ("AWS_DEFAULT_REGION", "AWS_REGION")


@contextmanager
def simulated(config: pytest.Config, options: Mapping[str, Any]) -> Iterator[Simulator]:
    """A new simulator (inside another mock: that one) in the region and with the switches that are wanted."""
    with ExitStack() as stack:
        stack.enter_context(region_of(config, options))
        simulator = ACTIVE.start({})
        stack.callback(ACTIVE.stop)
        stack.enter_context(switches(config, options))
        yield simulator


@contextmanager
def region_of(config: pytest.Config, options: Mapping[str, Any]) -> Iterator[None]:
    """The region of the marker, else the environment's, else the ini file's."""
    region = options.get("region")
    if region is None and not any(os.environ.get(name) for name in REGION_VARIABLES):
        region = config.getini("iamsim_region") or DEFAULT_REGION
    with pytest.MonkeyPatch.context() as patch:
        if region is not None:
            patch.setenv("AWS_DEFAULT_REGION", region)
            patch.setenv("AWS_REGION", region)
        yield


@contextmanager
def switches(config: pytest.Config, options: Mapping[str, Any]) -> Iterator[None]:
    """Enforcement and soft mode as the marker and the options of the run say."""
    enforce = options.get("enforce")
    soft = enforce == "soft" or options.get("soft", config.getoption("iamsim_soft") or config.getini("iamsim_soft"))
    with ExitStack() as stack:
        if soft:
            stack.enter_context(SOFT.on())
        if enforce is not None:
            stack.enter_context(SWITCHES.set(_enforcement(enforce)))
        yield


def _enforcement(enforce: object) -> Enforcement:
    """What the marker's `enforce` says. Raises UsageError for what it does not take."""
    if enforce is False:
        return Enforcement(None)
    if enforce is True or enforce == "soft":
        return Enforcement(0)
    if isinstance(enforce, int) and enforce >= 0:
        return Enforcement(enforce)
    raise UsageError(f"the marker `iamsim` has `enforce={enforce!r}`: give True, False, 'soft', or a number of calls")


@contextmanager
def around(config: pytest.Config, options: Mapping[str, Any], *, in_session: bool) -> Iterator[None]:
    """What belongs around a test: the state of the session's simulator restored, or that simulator put aside."""
    with ExitStack() as stack:
        if not options.get("block_aws", True):
            stack.enter_context(BLOCK.lifted())
        if in_session:
            stack.enter_context(SESSION.restored())
            stack.enter_context(region_of(config, options))
            stack.enter_context(switches(config, options))
        else:
            stack.enter_context(SESSION.put_aside())
        yield


class SessionSimulator:
    """The simulator of `iamsim_session`: on while fixtures of wide scope arrange and while tests use it."""

    def __init__(self) -> None:
        self._simulator: Simulator | None = None

    @contextmanager
    def running(self, config: pytest.Config) -> Iterator[Simulator]:
        """The simulator, new, until the block ends."""
        with ExitStack() as stack:
            self._simulator = stack.enter_context(simulated(config, {}))
            try:
                yield self._simulator
            finally:
                self._simulator = None

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Afterwards its state is again what it is now; its decisions begin anew."""
        simulator = ACTIVE.simulator
        snapshot = simulator.snapshot()
        simulator.decisions.clear()
        try:
            yield
        finally:
            ACTIVE.ends()
            simulator.restore(snapshot)

    @contextmanager
    def put_aside(self) -> Iterator[None]:
        """For a test that does not use it: no simulator is on, so that a mock there starts empty."""
        simulator = self._simulator
        if simulator is None:
            yield
            return
        ACTIVE.stop()
        try:
            yield
        finally:
            ACTIVE.start({}, simulator=simulator)


SESSION = SessionSimulator()  # of this process, as pytest's session is
