"""The log of decisions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from iamsim.policy import Evaluation
from iamsim.request import Call

KEPT = 10_000  # decisions; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one call: what was asked, and the evaluation that answers why."""

    service: str
    operation: str
    evaluation: Evaluation

    @property
    def allowed(self) -> bool:
        """Whether it was allowed."""
        return self.evaluation.allowed

    @property
    def principal(self) -> str:
        """The ARN of who asked."""
        return self.evaluation.access.principal.arn

    @property
    def action(self) -> str:
        """The IAM action, such as `s3:GetObject`."""
        return self.evaluation.access.action

    @property
    def resource(self) -> str:
        """The ARN of the resource, or `*`."""
        return self.evaluation.access.resource

    def explain(self) -> str:
        """Why, in lines for a person."""
        return self.evaluation.explain()

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON data."""
        return {"service": self.service, "operation": self.operation, **self.evaluation.to_dict()}


class DecisionLog:
    """The latest decisions, oldest first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._decisions: deque[Decision] = deque(maxlen=kept)

    def evaluated(self, call: Call, evaluation: Evaluation) -> None:
        """Write down one decision."""
        self._decisions.append(Decision(call.operation.service, call.operation.name, evaluation))

    def __iter__(self) -> Iterator[Decision]:
        return iter(tuple(self._decisions))

    def __len__(self) -> int:
        return len(self._decisions)

    def __getitem__(self, index: int) -> Decision:
        return self._decisions[index]

    @property
    def denied(self) -> list[Decision]:
        """Those that were denied."""
        return [decision for decision in self if not decision.allowed]

    def clear(self) -> None:
        """Forget them all."""
        self._decisions.clear()
