"""What the fixtures and the marker of the pytest plugin do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iamsim.cloud import DEFAULT_REGION
from iamsim.testing.active import ACTIVE
from iamsim.testing.calls_to_aws import BLOCK
from iamsim.testing.marker import Options, options_of
from iamsim.testing.soft import SOFT
from iamsim.testing.switches import SWITCHES

if TYPE_CHECKING:
    from iamsim.simulator import Simulator

REGION_VARIABLES = ("AWS_DEFAULT_REGION", "AWS_REGION")


@contextmanager
def simulated(config: pytest.Config, options: Options) -> Iterator[Simulator]:
    """A new simulator (inside another mock: that one) in the account, region and with the switches that are wanted."""
    with ExitStack() as stack:
        stack.enter_context(region_of(config, options))
        simulator = ACTIVE.start({})
        stack.callback(ACTIVE.stop)
        stack.enter_context(switches(options))
        yield simulator


@contextmanager
def region_of(config: pytest.Config, options: Options) -> Iterator[None]:
    """The region of the marker, else the environment's, else the ini file's."""
    region = options.region
    if region is None and not any(os.environ.get(name) for name in REGION_VARIABLES):
        region = config.getini("iamsim_region") or DEFAULT_REGION
    with pytest.MonkeyPatch.context() as patch:
        if region is not None:
            patch.setenv("AWS_DEFAULT_REGION", region)
            patch.setenv("AWS_REGION", region)
        yield


@contextmanager
def switches(options: Options) -> Iterator[None]:
    """Account, enforcement and soft mode of the simulator that is on."""
    cloud = ACTIVE.simulator.cloud
    before = cloud.account
    with ExitStack() as stack:
        if options.account is not None:
            cloud.account = options.account
            stack.callback(setattr, cloud, "account", before)
        if options.soft:
            stack.enter_context(SOFT.on())
        if options.enforcement is not None:
            stack.enter_context(SWITCHES.set(options.enforcement))
        yield


@contextmanager
def around(config: pytest.Config, options: Options, *, in_session: bool) -> Iterator[None]:
    """What belongs around a test: the state of the session's simulator restored, or that simulator put aside."""
    with ExitStack() as stack:
        if not options.block_aws:
            stack.enter_context(BLOCK.lifted())
        if in_session:
            stack.enter_context(SESSION.restored())
            stack.enter_context(region_of(config, options))
            stack.enter_context(switches(options))
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
            whole_run = options_of(config)
            kept = replace(
                whole_run, enforcement=None, soft=False
            )  # what fixtures of wide scope arrange is not checked
            self._simulator = stack.enter_context(simulated(config, kept))
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
            try:
                ACTIVE.ends()
            finally:
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
