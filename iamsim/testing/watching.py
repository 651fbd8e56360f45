"""Who watches the simulators of a test run: recorder, policy coverage, mutation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamsim.errors import ApiError
    from iamsim.policy import Evaluation, Principal
    from iamsim.request import Call
    from iamsim.simulator import Simulator


class Watcher:
    """Watches nothing: what is of interest is overridden. As the pipeline's Recorder, and beyond."""

    def evaluated(self, call: Call, evaluation: Evaluation) -> None:
        """A call was decided."""

    def asked(self, evaluation: Evaluation) -> None:
        """An assertion or a policy test was decided, without a call."""

    def recorded_as(self, call: Call) -> Principal | None:
        """In whose name to ask what a call needs that nobody checks; None: it is not asked."""
        return None

    def needed(self, call: Call, evaluations: Sequence[Evaluation]) -> None:
        """A call goes ahead, and this is what it needs."""

    def unsaid(self, call: Call, refusal: ApiError) -> None:
        """A call goes ahead, but nothing that could be allowed would do."""

    def before_end(self, simulator: Simulator) -> None:
        """The simulator's state is about to be lost."""


class Watchers(Watcher):
    """Several of them, as one."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []

    def __bool__(self) -> bool:
        return bool(self._watchers)

    def add(self, watcher: Watcher) -> None:
        """Let it watch the simulators that start from now on."""
        self._watchers.append(watcher)

    def remove(self, watcher: Watcher) -> None:
        """Let it watch no longer."""
        self._watchers.remove(watcher)

    def evaluated(self, call: Call, evaluation: Evaluation) -> None:
        for each in self._watchers:
            each.evaluated(call, evaluation)

    def asked(self, evaluation: Evaluation) -> None:
        for each in self._watchers:
            each.asked(evaluation)

    def recorded_as(self, call: Call) -> Principal | None:
        return next((who for each in self._watchers if (who := each.recorded_as(call)) is not None), None)

    def needed(self, call: Call, evaluations: Sequence[Evaluation]) -> None:
        for each in self._watchers:
            each.needed(call, evaluations)

    def unsaid(self, call: Call, refusal: ApiError) -> None:
        for each in self._watchers:
            each.unsaid(call, refusal)

    def before_end(self, simulator: Simulator) -> None:
        for each in self._watchers:
            each.before_end(simulator)
