"""`pytest --iamsim-policy-coverage` and `--iamsim-mutate`: hooks, tables, JSON; with xdist of all workers."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iamsim.policy import Evaluation
from iamsim.simulator import Simulator
from iamsim.testing.active import ACTIVE
from iamsim.testing.mutation import Fate, Mutated, Mutation
from iamsim.testing.policies_in_play import attached
from iamsim.testing.policy_coverage import PolicyCoverage, totals, uncovered, used_by_patterns
from iamsim.testing.watching import Watcher
from iamsim.tools.policy_mutants import Mutant, Removed

if TYPE_CHECKING:
    from iamsim.request import Call

SENT = "iamsim_policies"  # where a worker of xdist leaves what it found
SHOWN = 3  # actions that are named for a pattern
NO_POLICY = "no policy of your own was attached"


class PolicyRun(Watcher):
    """Hooks that watch every decision of a run, and report."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.getoption
        self._config = config
        self._json: dict[str, str | None] = {
            "coverage": option("iamsim_policy_coverage_json"),
            "mutants": option("iamsim_mutate_json"),
        }
        self.coverage = PolicyCoverage() if option("iamsim_policy_coverage") or self._json["coverage"] else None
        self.mutation = Mutation() if option("iamsim_mutate") or self._json["mutants"] else None
        self._lock = threading.Lock()
        self._test = ""
        self._problems: list[str] = []

    def evaluated(self, call: Call, evaluation: Evaluation) -> None:
        self.asked(evaluation)

    def asked(self, evaluation: Evaluation) -> None:
        with self._lock:  # calls come from all threads
            for part in (self.coverage, self.mutation):
                if part is not None:
                    part.decided(evaluation, self._test)

    def before_end(self, simulator: Simulator) -> None:
        if type(simulator) is not Simulator:  # but the stand-in for one that runs on a server elsewhere
            return
        for kind, policy in attached(simulator.cloud):
            for part in (self.coverage, self.mutation):
                if part is not None:
                    part.exists(kind, policy)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Remember which test it is."""
        self._test = item.nodeid
        return (yield)

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take in what a worker found; one that crashed leaves nothing."""
        sent = getattr(node, "workeroutput", {}).get(SENT)
        if sent is None:
            self._problems.append(f"worker {node.gateway.id} has crashed: its decisions are missing")
            return
        found = json.loads(sent)
        if self.coverage is not None:
            self.coverage.add(found["coverage"])
        if self.mutation is not None:
            self.mutation.add(found["mutants"])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In a worker send what was found; else write the files."""
        output = getattr(self._config, "workeroutput", None)
        parts = {"coverage": self.coverage, "mutants": self.mutation}
        if output is not None:
            output[SENT] = json.dumps({name: part.sent() for name, part in parts.items() if part is not None})
            return
        for name, part in parts.items():
            file = self._json[name]
            if file and part is not None:
                try:
                    Path(file).write_text(json.dumps(part.to_dict(), indent=2) + "\n", encoding="utf-8")
                except OSError as problem:
                    self._problems.append(f"cannot write `{file}`: {(problem.strerror or str(problem)).lower()}")
                    session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The tables."""
        if self.coverage is not None:
            terminalreporter.section("iamsim: policy coverage")
            _write(terminalreporter, coverage_table(self.coverage))
        if self.mutation is not None:
            counts = self.mutation.counts()
            terminalreporter.section(f"iamsim: policy mutants, {counts[Fate.KILLED]} of {counts.total()} killed")
            _write(terminalreporter, mutant_table(self.mutation))
        _write(terminalreporter, self._problems)

    def pytest_unconfigure(self) -> None:
        """Watch no longer."""
        ACTIVE.watchers.remove(self)


def coverage_table(coverage: PolicyCoverage) -> Iterator[str]:
    """A row for each policy; below it what no test has needed, and what patterns were needed for."""
    rows: list[tuple[str, ...]] = [("policy", "type", "statements", "actions", "conditions")]
    details: list[list[str]] = [[]]
    for key, counted in coverage.in_order():
        counts = totals(counted)
        rows.append((counted.title, key.kind, *(f"{needed}/{every}" for needed, every in counts.values())))
        of_patterns = [(one, f"{pattern} was {_several(found)}") for one, pattern, found in used_by_patterns(counted)]
        details.append(
            [f"    {counted.written.place_of(one)}: {words}" for one, words in (*uncovered(counted), *of_patterns)]
        )
    if len(rows) == 1:
        yield NO_POLICY
        return
    for line, below in zip(_aligned(rows), details, strict=True):
        yield line
        yield from below


def mutant_table(mutation: Mutation) -> Iterator[str]:
    """For each policy a row for each mutant, the survivors first."""
    blocks: list[list[tuple[str, str]]] = []
    titles = []
    for key, mutated in mutation.in_order():
        order = list(Fate)
        found = sorted(mutated.fates(), key=lambda each: (order.index(each[1]), each[0].statement))
        titles.append(f"{mutated.title}, {key.kind},")
        blocks.append([(_without(mutant, mutated), _outcome(fate, tests)) for mutant, fate, tests in found])
    if not blocks:
        yield NO_POLICY
        return
    width = max(len(what) for rows in blocks for what, _ in rows)
    for title, rows in zip(titles, blocks, strict=True):
        yield f"{title} without"
        for what, outcome in rows:
            yield f"    {what.ljust(width)}  {outcome}"


def _without(mutant: Mutant, mutated: Mutated) -> str:
    place = mutated.written.place_of(mutated.policy.statements[mutant.statement])
    return place if mutant.removed is Removed.STATEMENT else f"{place}: {mutant.removed.value} {mutant.what}"


def _outcome(fate: Fate, tests: Collection[str]) -> str:
    if fate is Fate.SURVIVED:
        return "SURVIVED"
    told = "fails" if fate is Fate.KILLED else "denied implicitly in"
    return f"{told} {min(tests)}" + (f" and {len(tests) - 1} more" if len(tests) > 1 else "")


def _several(actions: Sequence[str]) -> str:
    return ", ".join(actions[:SHOWN]) + (f" and {len(actions) - SHOWN} more" if len(actions) > SHOWN else "")


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _write(terminalreporter: Any, lines: Iterable[str]) -> None:
    for line in lines:
        terminalreporter.line(line)


def watch_policies(config: pytest.Config) -> None:
    """Watch the decisions of this run."""
    run = PolicyRun(config)
    ACTIVE.watchers.add(run)
    config.pluginmanager.register(run, "iamsim-policies")
