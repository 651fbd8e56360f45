"""`pytest --iamsim-record DIR`: the recorder for a whole run, with xdist for all workers together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iamsim.errors import UsageError
from iamsim.testing.active import ACTIVE
from iamsim.testing.recording import Recording
from iamsim.tools.least_privilege.files import summary, write_policies

SENT = "iamsim_recording"  # where a worker of xdist leaves what it recorded


class RecordRun:
    """Hooks that record, and at the end write the policies and say what was left out."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.recording = Recording(takes_root=config.getoption("iamsim_record_root"))
        self._told: list[str] = []

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take in what a worker recorded; one that crashed leaves nothing."""
        sent = getattr(node, "workeroutput", {}).get(SENT)
        if sent is not None:
            self.recording.add(json.loads(sent))
        else:
            self._told.append(f"worker {node.gateway.id} has crashed: what it recorded is missing")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In a worker send what was recorded; else write it."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[SENT] = json.dumps(self.recording.to_dict())
            return
        folder = Path(self._config.getoption("iamsim_record"))
        try:
            exact = bool(self._config.getoption("iamsim_record_exact"))
            written = write_policies(folder, self.recording.needs, is_exact=exact)
        except UsageError as problem:
            self._told.append(str(problem))
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
            return
        self._told += summary(written) or ["no user or role acted: no policy was written"]
        self._told += self.recording.notes("--iamsim-record-root")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Which policies were written, and what is not in them."""
        if self._told:
            terminalreporter.section(f"iamsim: policies in {self._config.getoption('iamsim_record')}")
            for line in self._told:
                terminalreporter.line(line)

    def pytest_unconfigure(self) -> None:
        """Record no longer."""
        ACTIVE.watchers.remove(self.recording)


def record(config: pytest.Config) -> None:
    """Record this run. Raises pytest.UsageError for a folder that cannot be had, before a test has run."""
    folder = Path(config.getoption("iamsim_record"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise pytest.UsageError(f"--iamsim-record: `{folder}`: {(problem.strerror or str(problem)).lower()}") from None
    run = RecordRun(config)
    ACTIVE.watchers.add(run.recording)
    config.pluginmanager.register(run, "iamsim-record")
